"""The suite in the form that fluster runs: test suites as JSON, and a decoder class for messages.

fluster compares one MD5 for each stream. There are two suites for each codec: one with the MD5 of the decoded base
pictures, for any video decoder, which shows that the messages disturb none; and one with the MD5 of the file of
elements, for readers of messages. fluster has no such readers, so a module with one for each codec comes along, to be
put into its folder ``fluster/decoders``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from conformance import package
from gfv_sei.errors import GfvError

CODEC_NAMES = {"vvc": "H.266", "hevc": "H.265", "avc": "H.264"}
"""What fluster calls codecs."""

PIXELS = {8: "yuv420p", 10: "yuv420p10le"}

DECODER = '''"""Readers of GFV messages: the result is the MD5 of the elements, as gfv extract writes them."""

from fluster.codec import Codec
from fluster.decoder import Decoder, register_decoder
from fluster.utils import file_checksum, run_command


class GfvMessages(Decoder):
    """gfv extract"""

    binary = "gfv"

    def decode(self, input_filepath, output_filepath, output_format, timeout, verbose, *further):
        """Write the elements of the messages, return the MD5 of them."""
        options = ["--elements", "--order", "--syntax", "vsei4", "-o", output_filepath]
        run_command([self.binary, "extract", input_filepath, *options], timeout=timeout, verbose=verbose)
        return file_checksum(output_filepath)

'''

_CLASS = '''
@register_decoder
class GfvMessages{codec}(GfvMessages):
    """gfv extract on {name}"""

    name = "GFV-messages-{name}"
    description = "GFV and GFVE messages of {name} streams, read by gfv extract"
    codec = Codec.{codec}

'''


def export(folder: Path, target: Path) -> list[Path]:
    """Write the test suites of the suite in ``folder``, and the module of decoders; the paths of all files.

    Sources are ``file:`` addresses of the packages where they are now.
    """
    streams = [one for one in package.read_index(folder)["streams"] if "findings" not in one]
    if not streams:
        raise GfvError(f"{folder} has no stream that fluster could run")
    written = []
    for codec, name in CODEC_NAMES.items():
        mine = [one for one in streams if one["codec"] == codec]
        for kind, result in (("pictures", "pictures_md5"), ("messages", "elements_md5")):
            if mine:
                path = target / f"GFV-{kind}-{name}.json"
                package.write(path, _suite(folder, mine, f"GFV-{kind}-{name}", name, result).encode())
                written.append(path)
    module = target / "decoders" / "gfv_messages.py"
    classes = [_CLASS.format(codec=name.replace(".", ""), name=name) for name in CODEC_NAMES.values()]
    package.write(module, (DECODER + "".join(classes).rstrip("\n") + "\n").encode())
    return [*written, module]


def _suite(folder: Path, streams: list[dict[str, Any]], title: str, codec: str, result: str) -> str:
    vectors = []
    for one in streams:
        path = (folder / one["package"]).resolve()
        package.require_plain(path)
        if one["bit_depth"] not in PIXELS:
            depths = ", ".join(map(str, PIXELS))
            raise GfvError(
                f"no output format for {one['name']}", element="bit_depth", value=one["bit_depth"], allowed=depths
            )
        vectors.append(
            {
                "name": one["name"],
                "source": path.as_uri(),
                "source_checksum": package.digest(path.read_bytes()),
                "input_file": one["name"] + package.BITSTREAM,
                "output_format": PIXELS[one["bit_depth"]],
                "result": one[result],
            }
        )
    what = "decoded base pictures" if result == "pictures_md5" else "elements of GFV and GFVE messages"
    suite = {"name": title, "codec": codec, "description": f"GFV conformance: {what}", "test_vectors": vectors}
    return json.dumps(suite, indent=4) + "\n"
