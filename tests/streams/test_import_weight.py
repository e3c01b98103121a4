"""Starting is light: neither the package nor the list of commands loads what only some commands need."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = {
    "numpy",
    "torch",
    "onnxruntime",
    "onnx",
    "cv2",
    "bitstring",
    "skimage",
    "imageio_ffmpeg",
    "scipy",
    "matplotlib",
}

PROGRAMS = {
    "the package": "import gfv_sei",
    "reading a payload": "import gfv_sei; gfv_sei.parse_payload(223, bytes.fromhex('e6221108d1')).elements",
    "gfv --help": "run(['--help'])",
    "gfv extract --help": "run(['extract', '--help'])",
    "gfv payload decode": "run(['payload', 'decode', 'e6221108d1'])",
}

RUN = """
import sys, json, io, contextlib
def run(words):
    from gfv_sei.cli import main
    sys.argv = ['gfv', *words]
    try:
        main()
    except SystemExit as end:
        assert not end.code, end.code
"""


@pytest.mark.parametrize("what", PROGRAMS)
def test_nothing_heavy_is_loaded(what: str) -> None:
    program = f"{RUN}\n{PROGRAMS[what]}\nsys.stdout.flush(); print(); print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, timeout=60)
    loaded = {name.partition(".")[0] for name in json.loads(done.stdout.splitlines()[-1])}
    assert "gfv_sei" in loaded
    assert not loaded & HEAVY


def test_the_package_loads_its_parts_when_they_are_used() -> None:
    program = "import sys, gfv_sei; print(sorted(name for name in sys.modules if name.startswith('gfv_sei')))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, timeout=60, text=True)
    assert done.stdout.strip() == "['gfv_sei', 'gfv_sei._version', 'gfv_sei.lazily']"


def test_public_names_are_all_there() -> None:
    import gfv_sei

    assert all(getattr(gfv_sei, name) is not None for name in gfv_sei.__all__)
    with pytest.raises(AttributeError, match="no_such_name"):
        gfv_sei.no_such_name  # noqa: B018
