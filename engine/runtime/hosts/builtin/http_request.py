"""http_request: asks a web server, once for every message."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple
from urllib.parse import quote

import httpx

from .. import body
from ..errors import Failure, describe
from ..rows import Attributes, Rows
from ..stage import Delivery
from ..watch import CallTimeout
from . import web_content
from .expression import evaluator
from .identity import fail_named, opened
from .template import templates

_SENDING = frozenset({"POST", "PUT", "PATCH"})
_SAFE = frozenset({"GET", "HEAD"})
_PASSING = frozenset({408, 425, 429})
"""Statuses below 500 that may be another at the next try."""
_EXCERPT = 300
_STACK_BYTES = 1 << 20
_LONGEST_S = 3600
"""How long a server may have a message wait by `Retry-After`."""


class _Refused(Exception):
    """An answer that is no success: what to do with the message."""

    def __init__(self, failure: Failure, attributes: Attributes, due_s: float | None = None) -> None:
        super().__init__(failure.message)
        self.failure = failure
        self.attributes = attributes
        self.due_s = due_s


class _Request(NamedTuple):
    url: str
    headers: dict[str, str]
    query: dict[str, str]
    body: bytes | None


class Body(body.Body):
    """Requests of a batch are under way together; their answers leave in the order of the messages."""

    def __init__(self, config: Mapping[str, Any], ctx: body.BodyContext) -> None:
        super().__init__(config, ctx)
        self._url = templates([config["url"]], ctx, lambda text: quote(text, safe=""))
        self._headers = templates(list(config["headers"].values()), ctx)
        self._query = templates(list(config["query"].values()), ctx)
        self._sends = config["body"] is not None or config["method"] in _SENDING
        self._body = evaluator(config["body"] or "content", ctx)
        self._client = httpx.Client(
            timeout=config["timeout"],
            follow_redirects=config["redirects"],
            verify=config["verify"],
            limits=httpx.Limits(max_connections=config["concurrency"], max_keepalive_connections=config["concurrency"]),
            headers={"User-Agent": "pyfi"},
        )
        threading.stack_size(_STACK_BYTES)
        self._pool = ThreadPoolExecutor(config["concurrency"], "request")

    def process(self, port: str, rows: Rows, out: Delivery) -> None:
        """Send all requests, then take the answers in order."""
        names, contents = opened(rows, self.ctx)
        requests, failures = self._requests(rows, names, contents)
        futures = {row: self._pool.submit(self._exchange, request) for row, request in requests.items()}
        answers: list[Any] = []
        index: list[int] = []
        attributes: list[Attributes | None] = []
        done: list[None] = []
        self.ctx.progress(done)
        for row, future in futures.items():
            try:
                content, about = future.result()
            except _Refused as refused:
                fail_named(row, names[row], refused.failure, rows, out, due_s=refused.due_s, attributes=refused.attributes)
            except (Exception, CallTimeout) as error:
                failures[row] = describe(error)
            else:
                answers.append(content)
                index.append(row)
                attributes.append({**rows.attributes_of(row), **about})
            done.append(None)
        out.send("success", answers, index, attributes)
        for row in sorted(failures):
            fail_named(row, names[row], failures[row], rows, out)

    def close(self) -> None:
        """Let the connections go."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._client.close()

    def _requests(self, rows: Rows, names: list[str], contents: list[Any]) -> tuple[dict[int, _Request], dict[int, Failure]]:
        """Every row's request, except of those for which an expression raised."""
        urls, failures = self._url(rows, contents)
        headers, more = self._headers(rows, contents)
        failures.update(more)
        queries, more = self._query(rows, contents)
        failures.update(more)
        bodies: list[Any] = [None] * len(rows)
        if self._sends:
            bodies, more = self._body(rows, contents)
            failures.update(more)
        made: dict[int, _Request] = {}
        for row, name in enumerate(names):
            if row not in failures:
                data, kind = web_content.to_body(bodies[row]) if self._sends else (None, "")
                given = dict(zip(self.config["headers"], headers[row], strict=True))
                own = {"Content-Type": kind} if kind else {}
                if self.config["method"] not in _SAFE:
                    own["Idempotency-Key"] = name
                own = {key: text for key, text in own.items() if key.lower() not in {each.lower() for each in given}}
                made[row] = _Request(
                    urls[row][0], {**own, **given}, dict(zip(self.config["query"], queries[row], strict=True)), data
                )
        return made, failures

    def _exchange(self, request: _Request) -> tuple[Any, Attributes]:
        """One request and its answer; runs in a thread of the pool."""
        deadline = time.monotonic() + self.config["timeout"]
        what = f"{self.config['method']} {request.url.partition('?')[0]}"
        try:
            with self._client.stream(
                self.config["method"],
                request.url,
                headers=request.headers,
                params=request.query or None,
                content=request.body,
            ) as response:
                data = self._read(response, deadline)
        except httpx.TimeoutException:
            raise Failure("Timeout", f"{what} took longer than {self.config['timeout']:g} s") from None
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            raise Failure("InvalidURL", f"{what} is not possible: {error}", retry=False) from None
        except httpx.HTTPError as error:
            raise Failure(type(error).__name__, f"{what} failed: {error or type(error).__name__}") from None
        about = {"http.status": str(response.status_code), "http.url": str(response.url)}
        if "content-type" in response.headers:
            about["http.content_type"] = response.headers["content-type"]
        if not response.is_success and response.status_code not in self.config["accept"]:
            raise _refused(what, response, data, about)
        return self._content(what, response, data), about

    def _read(self, response: httpx.Response, deadline: float) -> bytes:
        """The answer's body; raises when it is too long in coming, or too large."""
        pieces: list[bytes] = []
        size = 0
        for piece in response.iter_bytes():
            pieces.append(piece)
            size += len(piece)
            if size > self.config["max_size"]:
                raise Failure(
                    "TooLarge", f"the answer has more than {self.config['max_size']} bytes; raise `max_size`", retry=False
                )
            if time.monotonic() > deadline:
                raise httpx.ReadTimeout("deadline")
        return b"".join(pieces)

    def _content(self, what: str, response: httpx.Response, data: bytes) -> Any:
        kind = response.headers.get("content-type", "")
        wanted = self.config["response"]
        try:
            if wanted == "bytes":
                return data
            if wanted == "text":
                return web_content.decode(data, kind.partition(";")[2])
            return json.loads(data) if wanted == "json" else web_content.from_body(data, kind)
        except ValueError as error:
            raise Failure("ValueError", f"the answer to {what} is not JSON ({error})") from None


def _refused(what: str, response: httpx.Response, data: bytes, about: Attributes) -> _Refused:
    status = response.status_code
    excerpt = data[:_EXCERPT].decode("utf-8", "replace").strip()
    sentence = f"{what} was answered with {status} {response.reason_phrase}".rstrip()
    failure = Failure(
        f"HTTP{status}", f"{sentence}: {excerpt}" if excerpt else sentence, retry=status >= 500 or status in _PASSING
    )
    after = response.headers.get("retry-after", "")
    return _Refused(failure, about, time.time() + min(int(after), _LONGEST_S) if after.isdecimal() else None)
