"""A running ``gfv play``, and what its page is told."""

from __future__ import annotations

import http.client
import json
import signal
import subprocess
import time
from contextlib import closing
from urllib.parse import urlsplit


class Playing:
    """A running player and its page."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        assert process.stdout is not None
        self.url = process.stdout.readline().strip()
        assert self.url, process.communicate(timeout=60)
        self.port = urlsplit(self.url).port or 0
        self.path = urlsplit(self.url).path

    def get(self, name: str = "", *, path: str | None = None, method: str = "GET", **headers: str) -> tuple[int, bytes]:
        """Status and body of an answer; ``path`` instead of a name below the token."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
            connection.putrequest(method, self.path + name if path is None else path, skip_host=True)
            for header, value in {"Host": f"127.0.0.1:{self.port}", **headers}.items():
                connection.putheader(header, value)
            connection.endheaders()
            answer = connection.getresponse()
            self.headers = dict(answer.getheaders())
            body = answer.read()
        return answer.status, body

    def end(self, number: signal.Signals | None = None) -> str:
        """Wait for the end, after a signal; what it said on standard error."""
        if number is not None:
            self.process.send_signal(number)
        _, said = self.process.communicate(timeout=60)
        return said


def frames(playing: Playing, last: int) -> list[dict[str, object]]:
    """What the page is told until a certain picture."""
    found: list[dict[str, object]] = []
    end = time.monotonic() + 60
    while not found or found[-1]["number"] != last:
        assert time.monotonic() < end
        status, body = playing.get(f"next?after={found[-1]['number'] if found else -1}")
        if status == 200:
            found.append(json.loads(body))
            assert "number" in found[-1], found
    return found
