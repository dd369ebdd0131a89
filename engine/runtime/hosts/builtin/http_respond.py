"""http_respond: answers the HTTP request that a message came from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import body
from ..errors import Failure
from ..rows import Rows
from ..stage import Delivery
from .expression import evaluator
from .template import templates
from .web_content import to_body


class Body(body.Body):
    """The answer is handed to the listener's host once this task is committed."""

    def __init__(self, config: Mapping[str, Any], ctx: body.BodyContext) -> None:
        super().__init__(config, ctx)
        self._listener = _absolute(config["listener"], ctx.step)
        self._status = evaluator(str(config["status"]), ctx)
        self._headers = templates(list(config["headers"].values()), ctx)
        self._body = evaluator(config["body"], ctx)

    def process(self, port: str, rows: Rows, out: Delivery) -> None:
        """Answer every row's request, and let the message go on."""
        statuses, failures = self._status(rows)
        headers, more = self._headers(rows)
        failures.update(more)
        contents, more = self._body(rows)
        failures.update(more)
        answered: list[int] = []
        for row in range(len(rows)):
            if row not in failures:
                try:
                    self.ctx.signal(self._listener, self._answer(rows, row, statuses[row], headers[row], contents[row]))
                    answered.append(row)
                except Failure as failure:
                    failures[row] = failure
        out.send("success", [rows.contents[row] for row in answered], answered)
        for row in sorted(failures):
            out.fail(row, failures[row])

    def _answer(self, rows: Rows, row: int, status: Any, headers: tuple[str, ...], content: Any) -> dict[str, Any]:
        request_id = rows.attributes_of(row).get("http.request_id")
        if request_id is None:
            raise Failure(
                "ValueError", "the message has no attribute http.request_id: it did not come from an http_listen", retry=False
            )
        if type(status) is not int or not 200 <= status <= 599:
            raise Failure("ValueError", f"a status must be a number from 200 to 599, not {status!r}", retry=False)
        data, kind = to_body(content)
        given = dict(zip(self.config["headers"], headers, strict=True))
        if any("\r" in text or "\n" in text for text in given.values()):
            raise Failure("ValueError", "a header may not hold a line end", retry=False)
        if not any(name.lower() == "content-type" for name in given):
            given["Content-Type"] = kind
        return {"request_id": request_id, "status": status, "headers": given, "body": data}


def _absolute(listener: str, step: str) -> str:
    """The listener's id in the flattened flow: beside this step, or from the top."""
    return listener[1:] if listener.startswith("/") else step[: step.rfind("/") + 1] + listener
