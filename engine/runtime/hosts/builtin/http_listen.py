"""http_listen: makes a message of every HTTP request that comes in."""

from __future__ import annotations

import errno
import json
import queue
import threading
import time
from collections.abc import Iterator, Mapping
from typing import Any

from .. import body
from ..body import Chunk
from ..errors import Failure
from .web_content import JSON
from .web_request import WebRequest, WebServer

_WAIT_S = 0.05
_MOST = 1000
_FAREWELL_S = 2.0


class Body(body.Body):
    """A caller is answered when its message is committed, or, with `respond`, when an http_respond has answered it."""

    def __init__(self, config: Mapping[str, Any], ctx: body.BodyContext) -> None:
        super().__init__(config, ctx)
        self._inbox: queue.Queue[WebRequest] = queue.Queue(config["waiting"])
        self._open: dict[str, WebRequest] = {}
        self._server: WebServer | None = None
        self._closing = False

    def produce(self) -> Iterator[Chunk | None]:
        """Open the port at once, so that callers can wait for room in the flow; then hand over what has come in."""
        # Having state tells the host that what was made before a restart is not made again.
        self.ctx.state["listening"] = True
        error: Failure | None = None
        try:
            self._server = self._listen()
        except Failure as failure:
            error = failure
        return self._chunks(error)

    def _chunks(self, error: Failure | None) -> Iterator[Chunk | None]:
        """What came in since the last time, together; nobody waits for more to come."""
        if error is not None:
            raise error
        while True:
            try:
                requests = [self._inbox.get(timeout=_WAIT_S)]
            except queue.Empty:
                yield None
                continue
            while len(requests) < _MOST and not self._inbox.empty():
                requests.append(self._inbox.get_nowait())
            # Who was told in the meantime that it took too long is not heard any more.
            taken = [request for request in requests if request.take()]
            if taken:
                contents = [request.content for request in taken]
                yield Chunk(contents, [request.attributes for request in taken], token=taken)

    def committed(self, token: list[WebRequest], done: bool) -> None:
        """The messages are stored, so the callers may know; or they are not, and the callers should come again."""
        for request in token:
            if not done:
                self._answer(request.id, 503, b"", {"Retry-After": "1"})
            elif not self.config["respond"]:
                self._answer(request.id, 202, json.dumps({"id": request.id}).encode(), {"Content-Type": JSON})

    def signalled(self, payload: Mapping[str, Any]) -> None:
        """An http_respond has an answer."""
        self._answer(payload["request_id"], payload["status"], payload["body"], payload["headers"])

    def close(self) -> None:
        """Take nothing more, and give what is on its way a moment to be answered."""
        self._closing = True
        if self._server is None:
            return
        self._server.shutdown()
        self._server.server_close()
        while not self._inbox.empty():
            self._inbox.get_nowait().answer(503, b"", {"Retry-After": "1"})
        self._wait_for_callers()
        for request in list(self._open.values()):
            request.answer(503, b"", {"Retry-After": "1"})
        self._wait_for_callers()

    def _wait_for_callers(self) -> None:
        """Until every caller has its answer, or for as long as an ending may take."""
        deadline = time.monotonic() + _FAREWELL_S
        while self._open and time.monotonic() < deadline:
            time.sleep(0.01)

    def _listen(self) -> WebServer:
        host, port = self.config["host"], self.config["port"]
        try:
            server = WebServer(self.config, self._offer, self._leave)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise Failure(
                    "PortInUse", f"port {port} of {host} is in use by another program; choose another `port`"
                ) from None
            reason = error.strerror or str(error)
            raise Failure(
                "CannotListen", f"port {port} of {host} cannot be opened ({reason}); correct `host` or `port`"
            ) from None
        threading.Thread(target=server.serve_forever, args=(_WAIT_S,), name="web server", daemon=True).start()
        self.ctx.log(f"listening on http://{host}:{port}{self.config['path']}")
        return server

    def _offer(self, request: WebRequest) -> bool:
        if self._closing:
            return False
        self._open[request.id] = request
        try:
            self._inbox.put_nowait(request)
        except queue.Full:
            del self._open[request.id]
            return False
        return True

    def _leave(self, request: WebRequest) -> None:
        self._open.pop(request.id, None)

    def _answer(self, request_id: str, status: int, content: bytes, headers: Mapping[str, str]) -> None:
        request = self._open.get(request_id)
        if request is not None:
            request.answer(status, content, headers)
