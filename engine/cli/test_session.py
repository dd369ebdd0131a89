"""One `pyfi test`: a line for every sample, a readable difference for each that failed, a sum at the end."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from typing import Any

from msgspec import structs

from engine.cli.terminal import count, print_json, say
from engine.client.flow import open_flow
from engine.client.sample import Result, run_samples, subjects
from engine.model.parameters import override
from engine.runtime.readable import as_json as readable

_COLOURS = {"+": "\x1b[32m", "-": "\x1b[31m", "ok": "\x1b[32m", "FAIL": "\x1b[31m"}
_PLAIN = "\x1b[0m"
_MOST_LINES = 60
"""Of one difference; the rest is counted."""


class TestSession:
    """Runs samples for the person or the CI at the other end."""

    __test__ = False
    """It is no test, whatever pytest takes from its name."""

    def __init__(self, flow: str, only: Sequence[str], overrides: Mapping[str, Any], *, as_json: bool) -> None:
        opened = open_flow(flow)
        self._opened = structs.replace(opened, flow=override(opened.flow, overrides))
        self._only = only
        self._as_json = as_json
        self._colours = _COLOURS if sys.stdout.isatty() else {}

    async def run(self) -> int:
        """Run them all; returns the exit status."""
        results: list[Result] = []
        for subject in subjects(self._opened, self._only):
            async with aclosing(run_samples(self._opened, subject)) as made:
                async for result in made:
                    results.append(result)
                    if not self._as_json:
                        self._show(result)
        failed = sum(not result.passed for result in results)
        if self._as_json:
            print_json({"flow": self._opened.flow.name, "failed": failed, "tests": [_tree(each) for each in results]})
        else:
            say(f"{count(len(results), 'test')}, {failed} failed" if failed else f"{count(len(results), 'test')} passed")
        return 1 if failed else 0

    def _show(self, result: Result) -> None:
        word = "ok" if result.passed else "FAIL"
        name = f" {result.name}" if result.name else ""
        print(f"{self._coloured(word)}{'' if word == 'FAIL' else '  '} {result.processor}[{result.number}]{name}", flush=True)
        if result.error:
            for line in (result.traceback.rstrip() or result.error).split("\n"):
                print(f"    {line}")
            if result.traceback and result.error not in result.traceback:
                print(f"    {result.error}")
        for each in result.differing:
            print(f"  {each.port}: {count(len(each.made), 'message')}, expected {count(len(each.expected), 'message')}")
            lines = each.lines()
            for line in lines[:_MOST_LINES]:
                print(f"    {self._coloured(line, line[:1])}")
            if len(lines) > _MOST_LINES:
                print(f"    ... and {count(len(lines) - _MOST_LINES, 'more line')}")
        if not result.passed:
            for level, text in result.logged:
                print(f"  {level}: {text}")

    def _coloured(self, text: str, role: str = "") -> str:
        colour = self._colours.get(role or text, "")
        return f"{colour}{text}{_PLAIN if colour else ''}"


def _tree(result: Result) -> dict[str, Any]:
    made: dict[str, Any] = {"processor": result.processor, "number": result.number, "name": result.name}
    made |= {"passed": result.passed, "seconds": round(result.seconds, 6), "error": result.error or None}
    made["differences"] = [
        {"port": each.port, "expected": readable(each.expected), "made": readable(each.made)} for each in result.differing
    ]
    return made
