"""The payload types of the messages that this package knows the syntax of, and the names that go with each."""

from __future__ import annotations

from typing import NamedTuple

GFV = 223
"""payloadType of generative_face_video( )."""

GFVE = 224
"""payloadType of generative_face_video_enhancement( )."""


class MessageType(NamedTuple):
    """What one of the messages calls the elements that both have, under names of its own.

    structure       name of the syntax structure
    prefix          how the names of its elements begin
    identifiers     the elements that say which messages predict from each other; the last is the gfv_id of the face
    cnt             gfv_cnt of the GFV message that it is, or that it is for
    always_coded    an element that each message of the type codes, so a record that has it has a whole message
    """

    structure: str
    prefix: str
    identifiers: tuple[str, ...]
    cnt: str
    always_coded: str

    @property
    def identifying(self) -> tuple[str, ...]:
        """Identifiers and count, in coding order."""
        return (*self.identifiers, self.cnt)

    def element(self, name: str) -> str:
        """The element that is called gfv_NAME here and gfve_NAME there, or the other way round."""
        return f"{self.prefix}_{name}"


MESSAGE_TYPES = {
    GFV: MessageType("generative_face_video", "gfv", ("gfv_id",), "gfv_cnt", "gfv_coordinate_present_flag"),
    GFVE: MessageType(
        "generative_face_video_enhancement",
        "gfve",
        ("gfve_id", "gfve_gfv_id"),
        "gfve_gfv_cnt",
        "gfve_matrix_present_flag",
    ),
}
"""Both by payloadType."""

KNOWN_TYPES = ", ".join(map(str, MESSAGE_TYPES))
"""Their payload types in words, for errors and help texts."""
