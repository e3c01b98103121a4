"""gfv inspect --format html"""

from __future__ import annotations

import pytest


@pytest.fixture
def source(faces, tmp_path):
    path = tmp_path / "faces.avc"
    path.write_bytes(faces("avc"))
    return path


def test_a_page_in_a_file_and_on_standard_output(gfv, source, tmp_path) -> None:
    done = gfv("inspect", source, "--format", "html", "-o", tmp_path / "page.html")
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "page.html").read_bytes()
    assert page.startswith(b"<!doctype html>")
    assert page.rstrip().endswith(b"</html>")
    assert page.count(b'data-block="picture"') == 1
    piped = gfv("inspect", "-", "--format", "html", "-o", "-", "--pictures", "0", stdin=source.read_bytes())
    assert piped.returncode == 0, piped.stderr
    assert b"<title>standard input" in piped.stdout
    assert b'data-block="picture"' not in piped.stdout


@pytest.mark.parametrize(
    "words",
    [
        ("--format", "html"),
        ("--format", "html", "-o", "-", "--open"),
        ("--format", "text", "-o", "page.html"),
        ("--open",),
        ("--format", "html", "-o", "page.html", "--decoder", "no-such-decoder"),
    ],
)
def test_wrong_usage_leaves_no_page(gfv, source, tmp_path, words) -> None:
    done = gfv("inspect", source, *words, cwd=tmp_path)
    assert done.returncode == 2
    assert not (tmp_path / "page.html").exists()


def test_what_is_no_stream_leaves_no_page(gfv, tmp_path) -> None:
    (tmp_path / "words").write_text("no stream at all, only words that go on for a while")
    done = gfv("inspect", tmp_path / "words", "--format", "html", "-o", tmp_path / "page.html")
    assert done.returncode == 1
    assert not (tmp_path / "page.html").exists()
    assert done.stderr.count(b"\n") < 6


def test_messages_that_cannot_be_read_end_with_status_1(gfv, faces, tmp_path) -> None:
    stream = bytearray(faces("avc"))
    at = stream.rfind(b"\0\0\1\x06")
    del stream[at + 7 : at + 9]
    path = tmp_path / "broken.avc"
    path.write_bytes(stream)
    done = gfv("inspect", path, "--format", "html", "-o", tmp_path / "page.html", "--pictures", "0")
    assert done.returncode == 1
    assert b"could not be read" in done.stderr
    assert (tmp_path / "page.html").exists()
