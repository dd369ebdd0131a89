"""A web server that hands its requests over and has them wait for their answers."""

from __future__ import annotations

import contextlib
import socket
import threading
import uuid
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple, cast
from urllib.parse import parse_qsl, unquote, urlsplit

from .. import values
from ..rows import Attributes
from . import web_content

_IDLE_S = 60
_MAX_CHUNK_LINE = 1000
_BUSY = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Answer(NamedTuple):
    """What a caller is told."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class WebRequest:
    """A request on its way: made by a connection's thread, which waits for the answer."""

    def __init__(self, content: Any, attributes: Attributes) -> None:
        self.id = uuid.uuid4().hex
        self.content = content
        self.attributes = {**attributes, "http.request_id": self.id}
        self._answer: Answer | None = None
        self._answered = threading.Event()
        self._lock = threading.Lock()
        self._state = "waiting"

    def take(self) -> bool:
        """Make a message of it; False when its caller has been told already that it took too long."""
        with self._lock:
            if self._state == "waiting":
                self._state = "taken"
            return self._state == "taken"

    def answer(self, status: int, body: bytes = b"", headers: Mapping[str, str] | None = None) -> None:
        """Tell the caller; only the first answer counts."""
        with self._lock:
            if self._answer is None and self._state != "over":
                self._answer = Answer(status, headers or {}, body)
                self._answered.set()

    def wait(self, timeout_s: float) -> Answer | None:
        """The answer; None when there is none in time, and then there will be none."""
        self._answered.wait(timeout_s)
        with self._lock:
            self._state = "over"
            return self._answer


class WebServer(ThreadingHTTPServer):
    """Every connection has a thread. `offer` takes a request, or says that there is no room; `leave` hears when it is over."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(
        self, config: Mapping[str, Any], offer: Callable[[WebRequest], bool], leave: Callable[[WebRequest], None]
    ) -> None:
        self.config = config
        self.offer = offer
        self.leave = leave
        self._room = threading.BoundedSemaphore(config["connections"])
        super().__init__((config["host"], config["port"]), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Serve a connection in a thread of its own, if there is one to spare."""
        if self._room.acquire(blocking=False):
            super().process_request(request, client_address)
            return
        with contextlib.suppress(OSError):
            cast("socket.socket", request).sendall(_BUSY)
        self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """The thread."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._room.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that hangs up is nothing to write about."""


class _TooLarge(Exception):
    pass


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "pyfi"
    sys_version = ""
    timeout = _IDLE_S
    wbufsize = -1
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: Any) -> None:
        """Requests are messages; their log is the flow."""

    def serve(self) -> None:
        """One request."""
        web = cast("WebServer", self.server)
        url = urlsplit(self.path)
        base = web.config["path"].rstrip("/")
        if url.path != web.config["path"] and url.path != base and not url.path.startswith(base + "/"):
            self._refuse(404, "there is nothing here")
        elif self.command not in web.config["methods"]:
            self._refuse(405, "not by this method", {"Allow": ", ".join(web.config["methods"])})
        else:
            try:
                content = web_content.from_body(self._body(web.config["max_body"]), self.headers.get("content-type", ""))
                values.pack(content)
            except _TooLarge:
                self._refuse(413, f"no more than {web.config['max_body']} bytes are taken")
            except (ValueError, RecursionError, values.UnsupportedValue) as error:
                self._refuse(400, f"the body cannot be read ({error})")
            else:
                self._hand_over(web, WebRequest(content, self._attributes(url.path, url.query)))

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = serve  # noqa: N815 - names that the library calls

    def _hand_over(self, web: WebServer, request: WebRequest) -> None:
        if not web.offer(request):
            self._send(Answer(503, {"Retry-After": "1"}, b""))
            return
        try:
            answer = request.wait(web.config["timeout"])
            self._send(answer or Answer(504, {}, b""))
            self.wfile.flush()
        finally:
            web.leave(request)

    def _attributes(self, path: str, query: str) -> Attributes:
        found: Attributes = {
            "http.method": self.command,
            "http.path": unquote(path),
            "http.remote": str(self.client_address[0]),
        }
        for prefix, pairs in (("query", parse_qsl(query, keep_blank_values=True)), ("header", self.headers.items())):
            for name, value in pairs:
                key = f"http.{prefix}.{name.lower() if prefix == 'header' else name}"
                found[key] = f"{found[key]},{value}" if key in found else value
        return found

    def _body(self, most: int) -> bytes:
        if "chunked" in self.headers.get("transfer-encoding", "").lower():
            return self._chunks(most)
        size = int(self.headers.get("content-length") or 0)
        if size < 0:
            raise ValueError("its length is less than nothing")
        if size > most:
            raise _TooLarge
        body = self.rfile.read(size)
        if len(body) < size:
            raise ValueError("it ends too early")
        return body

    def _chunks(self, most: int) -> bytes:
        pieces: list[bytes] = []
        total = 0
        while True:
            size = int(self.rfile.readline(_MAX_CHUNK_LINE).partition(b";")[0], 16)
            total += size
            if size < 0 or total > most:
                raise _TooLarge
            if size == 0:
                break
            pieces.append(self.rfile.read(size))
            self.rfile.readline(_MAX_CHUNK_LINE)
        while self.rfile.readline(_MAX_CHUNK_LINE).strip():
            pass
        return b"".join(pieces)

    def _refuse(self, status: int, reason: str, headers: Mapping[str, str] | None = None) -> None:
        # What is left of the request is not read: the connection cannot be used again.
        self.close_connection = True
        told = {"Content-Type": "text/plain; charset=utf-8", "Connection": "close", **(headers or {})}
        self._send(Answer(status, told, reason.encode() + b"\n"))

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            if name.lower() != "content-length":
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)
