"""A real web server on the loopback, for tests of what asks one."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit


class WebServer(ThreadingHTTPServer):
    """Answers by path: `/status/N` with N, `/slow` and `/drip` not before `release` is set, else with what it was asked.

    `seen` holds (method, path, headers, body) of every request, in the order in which they came.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.seen: list[tuple[str, str, dict[str, str], bytes]] = []
        self.release = threading.Event()
        self.url = f"http://127.0.0.1:{self.server_port}"
        self._thread = threading.Thread(target=self.serve_forever, args=(0.01,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.release.set()
        self.shutdown()
        self.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: WebServer  # pyright: ignore[reportIncompatibleVariableOverride] - only this one makes such handlers

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        self.server.seen.append((self.command, self.path, {name.lower(): text for name, text in self.headers.items()}, body))
        path = urlsplit(self.path)
        answers = {
            "slow": self._slow,
            "drip": self._drip,
            "status": self._status,
            "type": self._type,
            "redirect": self._redirect,
        }
        answers.get(path.path.split("/")[1], self._echo)(path.path, path.query, body)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = answer  # noqa: N815 - names that the library calls

    def _echo(self, path: str, query: str, body: bytes) -> None:
        told = {"method": self.command, "path": self.path, "body": body.decode("latin-1")}
        self._send(200, json.dumps(told).encode(), "application/json; charset=utf-8")

    def _status(self, path: str, query: str, body: bytes) -> None:
        self._send(int(path.split("/")[2]), b"told so", "text/plain", **({"Retry-After": "50"} if query == "wait" else {}))

    def _type(self, path: str, query: str, body: bytes) -> None:
        self._send(200, b'{"a": "\xc3\xa9"}', parse_qs(query)["kind"][0])

    def _redirect(self, path: str, query: str, body: bytes) -> None:
        self._send(302, b"", "text/plain", Location="/echo")

    def _slow(self, path: str, query: str, body: bytes) -> None:
        self.server.release.wait(60)
        self._send(200, b"", "text/plain")

    def _drip(self, path: str, query: str, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "100000")
        self.end_headers()
        self.close_connection = True
        with contextlib.suppress(OSError):
            while not self.server.release.is_set():
                self.wfile.write(b"x")
                time.sleep(0.01)

    def _send(self, status: int, body: bytes, kind: str, **headers: str) -> None:
        with contextlib.suppress(OSError):
            self.send_response(status)
            for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)
