"""tmp"""
from gfv_sei.errors import GfvError
from gfv_sei.meaning.state import DecodingState
from gfv_sei.message import Message, message_from_dict, parse_payload, write_payload
