"""A debugger attached to a real host by our own client: it stops, shows, steps, goes on, and leaves."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from engine.client.debugger import Debugger
from engine.client.flow import Opened
from engine.client.task import Message, StepRun
from engine.errors import UsageError
from engine.model.flow import Flow, Header, Processor
from engine.runtime.debugging import DebugAddress, Debugging

CODE = """\
BASE = 40

def add(x, y):
    total = x + y
    return total

def process(content):
    pair = {"a": content, "b": [1, 2]}
    made = add(BASE, content)
    return made / content
"""
Script = Callable[[Debugger, DebugAddress], Awaitable[None]]


def opened(code: str, folder: Path, type: str = "python") -> Opened:
    step = Processor(id="p/1" if type == "python" else "n", type=type, code=code, timeout_s=0.2)
    return Opened(Flow(header=Header(name="f"), steps={step.id: step}), folder, "f")


def debug(folder: Path, content: object, lines: list[int], script: Script) -> list[Message]:
    """What the processor makes of a content while a script is at the debugger."""

    async def run() -> list[Message]:
        here: asyncio.Future[DebugAddress] = asyncio.get_running_loop().create_future()
        step = StepRun(opened(CODE, folder), "p/1", lambda level, text: None, Debugging(here.set_result))

        async def drive() -> None:
            address = await here
            debugger = await Debugger.attach(address, lines)
            try:
                await script(debugger, address)
            finally:
                await debugger.detach()

        driving = asyncio.ensure_future(drive())
        async with step:
            made = await step.call([content])
            await driving
        return made

    return asyncio.run(asyncio.wait_for(run(), 60))


def test_code_stops_at_a_breakpoint_shows_its_variables_and_goes_on(tmp_path: Path) -> None:
    seen: dict[str, str] = {}

    async def script(debugger: Debugger, address: DebugAddress) -> None:
        stop = await debugger.stopped()
        assert stop is not None
        assert [(frame.name, frame.line, frame.file) for frame in stop.frames] == [("process", 9, str(address.file))]
        found = await debugger.locals(stop.frames[0])
        seen.update({each.name: each.value for each in found})
        inside = await debugger.variables(next(each for each in found if each.name == "pair").reference)
        seen.update({f"pair.{each.name}": each.value for each in inside})
        # Longer than the processor allows for a call: who stands at a breakpoint is not late.
        await asyncio.sleep(0.4)
        await debugger.go_on(stop)

    made = debug(tmp_path, 2, [9], script)
    assert [(message.port, message.content) for message in made] == [("success", 21.0)]
    assert (seen["content"], seen["pair.'a'"], seen["pair.'b'"]) == ("2", "2", "[1, 2]")


def test_steps_go_over_into_and_out_of_calls_and_never_into_the_host(tmp_path: Path) -> None:
    places: list[tuple[str, int]] = []

    async def script(debugger: Debugger, address: DebugAddress) -> None:
        for step in ("next", "stepIn", "next", "stepOut", "next", "next", "continue"):
            stop = await debugger.stopped()
            if stop is None:
                return
            places.append((stop.frames[0].name, stop.frames[0].line))
            assert stop.frames[0].file == str(address.file)
            await debugger.go_on(stop, step)
            if places[-1][1] == 10:
                return

    made = debug(tmp_path, 2, [8], script)
    assert places == [("process", 8), ("process", 9), ("add", 4), ("add", 5), ("process", 9), ("process", 10)]
    assert made[0].content == 21.0


def test_code_can_be_stopped_while_it_is_loaded_and_a_failure_names_its_lines_as_ever(tmp_path: Path) -> None:
    async def script(debugger: Debugger, address: DebugAddress) -> None:
        stop = await debugger.stopped()
        assert stop is not None
        assert (stop.frames[0].name, stop.frames[0].line) == ("<module>", 1)
        await debugger.go_on(stop)

    made = debug(tmp_path, 0, [1], script)
    assert made[0].attributes["error.type"] == "ZeroDivisionError"
    assert 'File "<p/1>", line 10, in process\n    return made / content' in made[0].attributes["error.traceback"]


def test_a_debugger_that_leaves_while_code_stands_lets_it_go_on(tmp_path: Path) -> None:
    async def script(debugger: Debugger, address: DebugAddress) -> None:
        assert await debugger.stopped() is not None

    assert debug(tmp_path, 2, [9, 10], script)[0].content == 21.0


def test_one_that_is_lost_without_a_word_does_so_too(tmp_path: Path) -> None:
    async def script(debugger: Debugger, address: DebugAddress) -> None:
        stop = await debugger.stopped()
        assert stop is not None
        await debugger.go_on(stop, "stepIn")
        assert await debugger.stopped() is not None
        debugger.drop()
        assert await debugger.stopped() is None

    assert debug(tmp_path, 2, [9, 10], script)[0].content == 21.0


def test_only_python_can_be_debugged(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="'n' is of the type bash; a debugger attaches to Python code only"):
        StepRun(opened("cat", tmp_path, "bash"), "n", lambda level, text: None, Debugging(lambda address: None))
