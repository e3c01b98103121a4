"""gfv play: a page for this machine alone, that shows what is played, and ends as it should."""

from __future__ import annotations

import errno
import http.client
import json
import re
import select
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest
from processes import family, gone
from streams.records import face_records, injected, read
from terminal.playing import Playing, frames

pytest.importorskip("onnxruntime", reason="the extra networks is not installed")

Run = Callable[..., subprocess.CompletedProcess[bytes]]


def test_it_shows_the_stream(faces: Callable[..., Path], play: Callable[..., Playing]) -> None:
    playing = play(faces("avc"), "--fps", "20")
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/[\w-]{32}/", playing.url)
    status, page = playing.get()
    assert (status, b"<canvas" in page) == (200, True)
    for name in re.findall(rb'(?:src|href)="(page\.\w+)"', page):
        assert playing.get(name.decode())[0] == 200
    assert json.loads(playing.get("about")[1]) == {"title": faces("avc").name}
    records = {(r["au"], r["message"]["gfv_cnt"]): r for r in read(faces("avc")) if r["payload_type"] == 223}
    found = frames(playing, 12)  # 9 coded pictures, and behind 4 of them a generated one; the base picture is coded
    assert found[0]["kind"] == "base"
    numbers = [info["number"] for info in found]
    assert numbers == sorted(set(numbers))
    for info in found:
        assert info["base"] == 0
        if info["kind"] != "coded":
            record = records[info["au"], info["gfv_cnt"]]
            assert info["points"] == record["values"]["coordinates"]
            assert info["payload_size"] == record["payload_size"]
        for kind in ("base/0", f"picture/{info['number']}"):
            status, data = playing.get(f"{kind}.jpg")
            assert (status, data[:3]) == (200, b"\xff\xd8\xff")
    assert {info["kind"] for info in found} >= {"base", "coded"}
    assert playing.end(signal.SIGINT).splitlines()[-1] == "gfv: closed"
    assert playing.process.returncode == 0


def test_it_waits_for_somebody_to_look(faces: Callable[..., Path], play: Callable[..., Playing]) -> None:
    playing = play(faces("hevc"), "--fps", "5")
    time.sleep(1)
    status, body = playing.get("next?after=-1")
    assert (status, json.loads(body)["number"]) == (200, 0)


def test_once(faces: Callable[..., Path], play: Callable[..., Playing]) -> None:
    """It ends by itself when the last client has gone, and not before the first one came."""
    playing = play(faces("avc"), "--once", "--loop")
    playing.get()
    time.sleep(1)
    assert playing.process.poll() is None
    assert frames(playing, 0)
    playing.end()
    assert playing.process.returncode == 0
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", playing.port), 5).close()


def test_the_page_is_told_of_the_end(faces: Callable[..., Path], play: Callable[..., Playing]) -> None:
    playing = play(faces("avc"), "--fps", "500")
    last = frames(playing, 12)[-1]["number"]
    end = time.monotonic() + 60
    while (answer := playing.get(f"next?after={last}"))[0] == 204:  # nothing yet
        assert time.monotonic() < end
    assert answer == (200, b'{"ended": true}')
    assert json.loads(playing.get(f"next?after={last - 1}")[1])["number"] == last
    assert playing.process.poll() is None


def test_loop(faces: Callable[..., Path], play: Callable[..., Playing]) -> None:
    playing = play(faces("avc"), "--loop", "--fps", "500")
    end = time.monotonic() + 60
    number = -1
    while number < 40:
        assert time.monotonic() < end
        status, body = playing.get(f"next?after={number}")
        number = json.loads(body)["number"] if status == 200 else number


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_leave_nothing_behind(
    number: signal.Signals, faces: Callable[..., Path], play: Callable[..., Playing]
) -> None:
    """While a client waits, and the decoder is at work."""
    playing = play(faces("hevc"), "--loop")
    assert frames(playing, 0)
    with socket.create_connection(("127.0.0.1", playing.port), 60):
        children = family(playing.process.pid)
        playing.end(number)
        assert playing.process.returncode == (0 if number == signal.SIGINT else 128 + signal.SIGTERM)
        assert gone(children)


def test_who_gets_nothing(faces: Callable[..., Path], play: Callable[..., Playing]) -> None:
    playing = play(faces("avc"), "--loop")
    port = playing.port
    assert playing.get(Host=f"localhost:{port}")[0] == 200
    for host in (
        "evil.example",
        f"evil.example:{port}",
        "127.0.0.1",
        f"127.0.0.1:{port + 1}",
        f"127.0.0.1:{port}.evil",
        "",
    ):
        assert playing.get(Host=host)[0] == 421
    assert playing.get(Origin="http://evil.example")[0] == 403
    assert playing.get(Origin="null")[0] == 403
    assert playing.get(Origin=f"http://127.0.0.1:{port}")[0] == 200
    token = playing.path.strip("/")
    wrong = ("/", "/page.js", f"/{token}", f"/{token[:-1]}/", f"/{token[:-1]}%41/", "/../etc/passwd")
    for path in wrong:
        assert playing.get(path=path)[0] == 404, path
    for name in (
        "page.py",
        "../feed.py",
        "%2e%2e/feed.py",
        "picture/",
        "picture/x.jpg",
        "picture/-1.jpg",
        "picture/99.jpg",
        "picture/" + "9" * 400,
        "base/1.jpg",
        "other/0.jpg",
    ):
        assert playing.get(name)[0] == 404, name
    for query in ("next", "next?after=", "next?after=x", "next?after=-5", "next?after=1e9", "next?after=" + "9" * 30):
        assert playing.get(query)[0] in (200, 204)
    for method in ("POST", "PUT", "DELETE", "OPTIONS", "TRACE"):
        assert playing.get(method=method)[0] == 501
    assert playing.get(method="HEAD") == (200, b"")
    assert "default-src 'none'" in playing.headers["Content-Security-Policy"]
    assert playing.headers["Referrer-Policy"] == "no-referrer"
    assert "Access-Control-Allow-Origin" not in playing.headers
    for rubbish in (b"\0" * 100, b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"A" * 100000 + b"\r\n\r\n", b""):
        with socket.create_connection(("127.0.0.1", port), 60) as connection, refused():
            connection.sendall(rubbish)
            connection.shutdown(socket.SHUT_WR)
            assert b" 200 " not in connection.recv(4096)
    assert playing.get()[0] == 200
    assert "Traceback" not in playing.end(signal.SIGINT)


@contextmanager
def refused() -> Iterator[None]:
    """A server may close the connection on rubbish before it has read all of it."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ECONNRESET, errno.EPIPE, errno.ENOTCONN):
            raise


def test_it_listens_on_loopback_only(faces: Callable[..., Path], play: Callable[..., Playing]) -> None:
    playing = play(faces("avc"))
    listening = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    mine = [words[1] for words in listening if int(words[1].split(":")[1], 16) == playing.port and words[3] == "0A"]
    assert mine == [f"0100007F:{playing.port:04X}"]


def test_connections_are_bounded(faces: Callable[..., Path], play: Callable[..., Playing]) -> None:
    playing = play(faces("avc"))
    with ExitStack() as stack:
        many = [stack.enter_context(socket.create_connection(("127.0.0.1", playing.port), 60)) for _ in range(40)]
        closed: set[socket.socket] = set()
        end = time.monotonic() + 60
        while len(closed) < 8:
            assert time.monotonic() < end
            # Nobody has asked anything, so what can be read is the end of a connection.
            readable, _, _ = select.select([one for one in many if one not in closed], [], [], 1)
            for connection in readable:
                with refused():
                    assert connection.recv(1) == b""
                closed.add(connection)
        assert len(closed) == 8
    end = time.monotonic() + 60
    while True:
        with refused():
            try:
                assert playing.get()[0] == 200
                break
            except http.client.RemoteDisconnected:
                assert time.monotonic() < end


def test_a_port_that_is_taken(faces: Callable[..., Path], gfv: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = gfv("play", faces("avc"), "--port", str(port))
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.startswith(f"gfv: cannot listen on port {port}: ".encode())


def test_bad_input(base: Callable[[str], bytes], gfv: Run, play: Callable[..., Playing], tmp_path: Path) -> None:
    for name, content in (("empty", b""), ("text", b"no stream" * 50)):
        (tmp_path / name).write_bytes(content)
        done = gfv("play", tmp_path / name)
        assert (done.returncode, done.stdout, done.stderr.count(b"\n")) == (1, b"", 1)
    assert gfv("play", tmp_path / "missing").returncode == 1
    done = gfv("play", tmp_path / "text", "--generator", tmp_path / "missing.onnx")
    assert (done.returncode, done.stdout, done.stderr.count(b"\n")) == (1, b"", 1)
    driving = [{**face_records(1)[1], "gfv_id": 5, "gfv_cnt": 0, "gfv_base_picture_flag": 0, "gfv_kps_pred_flag": 0}]
    (tmp_path / "late").write_bytes(injected(base("avc"), [{**driving[0], "au": 3}]))
    playing = play(tmp_path / "late")
    with suppress(http.client.RemoteDisconnected, ConnectionError):
        frames(playing, 8)
    said = playing.end()
    assert playing.process.returncode == 1
    assert "no base message" in said.splitlines()[-1]


@pytest.mark.parametrize("words", [["--fps", "0"], ["--port", "70000"], ["--id", "-1"], []], ids=str)
def test_wrong_usage(words: list[str], faces: Callable[..., Path], gfv: Run) -> None:
    done = gfv("play", *([faces("avc"), *words] if words else []))
    assert (done.returncode, done.stdout) == (2, b"")
