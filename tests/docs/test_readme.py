"""The README tells the truth: its commands and its Python run, in the order in which they stand."""

import re
import subprocess

from docs.running import ROOT, blocks, run

README = ROOT / "README.md"


def test_every_example_runs(folder):
    found = blocks(README)
    assert [block.kind for block in found] == ["sh", "sh", "sh", "sh", "sh", "python", "sh", "sh"]
    for block in found:
        run(block, folder)


def test_the_shortest_record_can_be_injected(folder, tmp_path):
    import json

    import gfv_sei
    from vtm_bridge.ffmpeg import encode, read_video

    (line,) = re.findall(r"```json\n(.*?)\n```", README.read_text())
    base = tmp_path / "base.264"
    _, pictures = read_video(folder / "face.mp4", pictures=1)
    encode(pictures, base, "avc")
    gfv_sei.inject(base, [json.loads(line)], tmp_path / "out.264")
    (record,) = gfv_sei.read_messages(tmp_path / "out.264")
    assert record["values"]["coordinates"] == [[0.1484375, -0.12890625], [0.3984375, 0.19921875]]


def test_commands_are_all_listed():
    """Every command that gfv --help lists has a help text of its own, and the README's commands exist."""
    listed = subprocess.run(["gfv", "--help"], capture_output=True, text=True, check=True).stdout
    names = re.findall(r"^  ([a-z][\w-]*)  ", listed.split("Show this message and exit.")[1], re.M)
    assert len(names) > 15
    for used in set(re.findall(r"^gfv (\w[\w-]*)", README.read_text(), re.M)):
        assert used in names
    for name in names:
        text = subprocess.run(["gfv", name, "--help"], capture_output=True, text=True, check=True).stdout
        assert text.startswith(f"Usage: gfv {name} ")


def test_its_numbers_are_those_of_the_code():
    from conformance.case import cases
    from gfv_sei.validation.rules import DEMANDED

    text = README.read_text()
    assert set(re.findall(r"(\d+) rules", text)) == {str(len(DEMANDED))}
    positive = [case for case in cases().values() if not case.negative]
    negative = [case for case in cases().values() if case.negative]
    streams, broken = (sum(len(case.codecs) for case in some) for some in (positive, negative))
    assert f"{len(positive)} cases, {streams} streams, {broken} negative ones" in text
