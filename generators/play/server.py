"""The server of the page: what it answers, and to whom."""

from __future__ import annotations

import hmac
import json
import secrets
import threading
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qs, urlsplit

from generators.play.feed import Feed

LOOPBACK = "127.0.0.1"

_MOST_CONNECTIONS = 32
_TIMEOUT = 20.0  # seconds that a connection may be silent
_WAIT = 1.0  # seconds that a client waits for the next frame before it asks again

_FILES = {
    "": ("page.html", "text/html; charset=utf-8"),
    "page.js": ("page.js", "text/javascript; charset=utf-8"),
    "page.css": ("page.css", "text/css; charset=utf-8"),
    "page.svg": ("page.svg", "image/svg+xml"),
}

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Server(ThreadingHTTPServer):
    """Serves a feed on 127.0.0.1; ``url`` is the address of its page, token included.

    Port 0 is any that is free. Raises OSError where the port is taken.
    """

    daemon_threads = True
    block_on_close = False
    allow_reuse_address = False

    def __init__(self, feed: Feed, title: str, port: int = 0) -> None:
        self.feed, self.title = feed, title
        self.token = secrets.token_urlsafe(24)
        self._room = threading.BoundedSemaphore(_MOST_CONNECTIONS)
        super().__init__((LOOPBACK, port), Handler)
        self.hosts = {f"{name}:{self.server_port}" for name in (LOOPBACK, "localhost")}
        self.url = f"http://{LOOPBACK}:{self.server_port}/{self.token}/"

    def verify_request(self, request: Any, client_address: Any) -> bool:
        return client_address[0] == LOOPBACK and self._room.acquire(blocking=False)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """As of the class above; afterwards there is room for another connection."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._room.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no event; what else goes wrong in a request ends that request."""


class Handler(BaseHTTPRequestHandler):
    """Answers one connection."""

    server: Server
    protocol_version = "HTTP/1.1"
    server_version = "gfv"
    sys_version = ""
    timeout = _TIMEOUT

    def do_GET(self) -> None:
        """The page and what belongs to it."""
        origin = self.headers.get("Origin")
        if self.headers.get("Host") not in self.server.hosts:
            self._answer(421, b"this server goes by another name\n")
        elif origin is not None and origin.removeprefix("http://") not in self.server.hosts:
            self._answer(403, b"not for other pages\n")
        else:
            self._route()

    def do_HEAD(self) -> None:
        """As GET, without a body."""
        self.do_GET()

    def _route(self) -> None:
        address = urlsplit(self.path)
        token, slash, rest = address.path.removeprefix("/").partition("/")
        if not slash or not hmac.compare_digest(token.encode(), self.server.token.encode()):
            self._answer(404, b"not found\n")
        elif rest in _FILES:
            name, kind = _FILES[rest]
            self._answer(200, _file(name), kind)
        elif rest == "about":
            self._answer(200, json.dumps({"title": self.server.title}).encode(), "application/json")
        elif rest == "next":
            self._next(_number(parse_qs(address.query).get("after", ["-1"])[0], -1))
        else:
            self._picture(rest)

    def _next(self, after: int) -> None:
        """The newest frame, 204 where there is none yet, or that there will be none."""
        feed = self.server.feed
        frame = feed.newest(after, _WAIT)
        if frame is not None:
            self._answer(200, json.dumps(frame.info).encode(), "application/json")
        elif feed.ended(after):
            self._answer(200, b'{"ended": true}', "application/json")
        else:
            self._answer(204, b"")

    def _picture(self, rest: str) -> None:
        kind, _, name = rest.partition("/")
        number = _number(name.removesuffix(".jpg"), -1)
        find = {"picture": self.server.feed.picture, "base": self.server.feed.base}.get(kind)
        data = find(number) if find is not None else None
        if data is None:
            self._answer(404, b"not found\n")
        else:
            self._answer(200, data, "image/jpeg")

    def _answer(self, status: int, body: bytes, kind: str = "text/plain; charset=utf-8") -> None:
        self.send_response(status)
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD" and status != 204:
            self.wfile.write(body)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Nothing: standard error is for the user."""


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else otherwise


@cache
def _file(name: str) -> bytes:
    return files("generators.play").joinpath(name).read_bytes()
