"""route: sends each message to the output whose rule it meets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import body, values
from ..rows import Rows
from ..stage import Delivery
from .expression import Evaluator, choice, leaves_alone, parse, together, truth


class Body(body.Body):
    """`rules` maps outputs to tests; what meets none goes to `otherwise`."""

    def __init__(self, config: Mapping[str, Any], ctx: body.BodyContext) -> None:
        super().__init__(config, ctx)
        tests = [parse(text) for text in config["rules"].values()]
        self._ports = [*config["rules"], config["otherwise"]]
        self._to_all = config["match"] == "all"
        self.fresh = not self._to_all
        tree = together(map(truth, tests)) if self._to_all else choice(tests, range(len(tests) + 1))
        self._decide = Evaluator(tree, ctx)
        self._harmless = leaves_alone(*tests)

    def process(self, port: str, rows: Rows, out: Delivery) -> None:
        """Send the rows of each output together, in order."""
        decisions, failures = self._decide(rows)
        if self._to_all:
            self._send_to_all(decisions, rows, out)
        else:
            self._send_to_first(decisions, rows, out)
        for row, failure in failures.items():
            out.fail(row, failure)

    def _send_to_first(self, decisions: list[int | None], rows: Rows, out: Delivery) -> None:
        contents = rows.contents
        for number, port in enumerate(self._ports):
            count = decisions.count(number)
            if count == len(decisions):
                packed = bytes(rows.packed) if self._harmless and rows.packed is not None else None
                out.send(port, contents, packed=packed)
            elif count:
                members = [row for row, decision in enumerate(decisions) if decision == number]
                out.send(port, [contents[row] for row in members], members)

    def _send_to_all(self, decisions: list[tuple[bool, ...] | None], rows: Rows, out: Delivery) -> None:
        last = len(self._ports) - 1
        sent: set[int] = set()
        for number, port in enumerate(self._ports):
            if number == last:
                members = [row for row, met in enumerate(decisions) if met is not None and not any(met)]
            else:
                members = [row for row, met in enumerate(decisions) if met is not None and met[number]]
            contents = [rows.contents[row] for row in members]
            if not sent.isdisjoint(members) and not values.is_shareable(contents):
                contents = values.unpack(values.pack(contents))
            out.send(port, contents, members)
            sent.update(members)
