"""Whether there is a newer version, asked of a real server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from engine.client.updates import Newest, newer
from tests.servers import free_port

PAGE = "https://example.org/pyfi"


@pytest.fixture
def answers() -> Iterator[dict[str, bytes]]:
    """What the server answers with, by path; `url` is where it is."""
    made: dict[str, bytes] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = made.get(self.path)
            self.send_response(404 if body is None else 200)
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, format: str, *args: object) -> None:
            made["asked"] = self.path.encode()

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        made["url"] = f"http://127.0.0.1:{server.server_port}".encode()
        yield made
        server.shutdown()
        thread.join()


def ask(answers: dict[str, bytes], version: object, page: str = PAGE) -> Newest | None:
    answers["/newest"] = json.dumps({"version": version, "page": page, "more": 1}).encode()
    return newer(f"{answers['url'].decode()}/newest", "0.9.2")


@pytest.mark.parametrize("version", ["0.10.0", "0.9.2.1", "1"])
def test_a_newer_version_is_found(answers: dict[str, bytes], version: str) -> None:
    assert ask(answers, version) == Newest(version, PAGE)


@pytest.mark.parametrize("version", ["0.9.2", "0.9.2.0", "0.9", "0.9.1.9"])
def test_the_same_or_an_older_one_is_not_newer(answers: dict[str, bytes], version: str) -> None:
    assert ask(answers, version) is None


def test_only_a_page_of_the_web_is_passed_on(answers: dict[str, bytes]) -> None:
    assert ask(answers, "2.0", "file:///etc/passwd") == Newest("2.0", "")


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"version": 3}', b'{"version": "new"}'])
def test_an_answer_without_sense_is_none(answers: dict[str, bytes], body: bytes) -> None:
    answers["/newest"] = body
    assert newer(f"{answers['url'].decode()}/newest") is None
    assert answers["asked"] == b"/newest"
    assert newer(f"{answers['url'].decode()}/elsewhere") is None


def test_no_network_is_no_trouble() -> None:
    assert newer(f"http://127.0.0.1:{free_port()}/newest") is None
    assert newer("http://no-such-host.invalid/newest") is None
    assert newer("file:///etc/hostname") is None
