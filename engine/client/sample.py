"""The samples of a flow: a processor's stored tests, run on this machine without servers, queues or the rest of the flow."""

from __future__ import annotations

import difflib
import json
import time
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import aclosing
from typing import Any, cast

from msgspec import Struct

from engine.client.flow import Opened
from engine.client.task import Message, StepRun
from engine.errors import HostError, NotFound, UsageError
from engine.model.flatten import flatten
from engine.model.flow import Processor, Sample
from engine.model.ports import FAILURE
from engine.model.problem import did_you_mean, listed
from engine.runtime.readable import as_json

EVERY = "*"
"""The port of a sample for a join: its content is a mapping with a value for every input."""
_FIRST = "in"


class Differing(Struct, frozen=True):
    """An output whose messages are not those that were expected: the contents of both."""

    port: str
    expected: list[Any]
    made: list[Any]

    def lines(self) -> list[str]:
        """What is missing (`-`) and what came instead (`+`), with the lines around it."""
        return _difference(self.expected, self.made)


class Result(Struct, frozen=True):
    """What came of one sample. `number` counts a processor's samples from 1; `error` is why it failed or could not be run."""

    processor: str
    number: int
    name: str
    seconds: float
    differing: tuple[Differing, ...] = ()
    error: str = ""
    traceback: str = ""
    logged: tuple[tuple[str, str], ...] = ()

    @property
    def passed(self) -> bool:
        """Whether everything is as it should be."""
        return not self.differing and not self.error


class Subject(Struct, frozen=True):
    """A processor with its samples, by its id behind those of the subflows that hold it."""

    id: str
    processor: Processor


def subjects(opened: Opened, only: Sequence[str]) -> list[Subject]:
    """The processors of a flow that have samples, those inside subflows wherever these are used; or of `only`, those.

    Raises:
        NotFound: there is no processor of that name.
        UsageError: there are no samples.
    """
    steps = flatten(opened.flow).steps
    for name in only:
        if name not in steps:
            raise NotFound(f"flow '{opened.flow.name}' has no processor '{name}'{did_you_mean(name, steps)}")
    found = [Subject(id, steps[id].processor) for id in only or steps if steps[id].processor.tests]
    if not found:
        whose = f"processor {listed(only)}" if only else f"flow '{opened.flow.name}'"
        cure = "keep one in the desktop, below the code, or write `tests: [{content: ..., expect: {...}}]`"
        raise UsageError(f"{whose} has no tests; {cure}")
    return found


async def run_samples(opened: Opened, subject: Subject) -> AsyncGenerator[Result]:
    """Run a processor's samples one after the other in one host, each with an empty state.

    Raises:
        InvalidFlow, UsageError: the processor cannot run.
    """
    waiting = list(enumerate(subject.processor.tests, 1))
    while waiting:
        logged: list[tuple[str, str]] = []
        step = StepRun(opened, subject.id, lambda level, text, logged=logged: logged.append((level, text)))
        try:
            async with step:
                while waiting:
                    number, sample = waiting.pop(0)
                    logged.clear()
                    result = await _result(step, sample, subject.id, number, logged)
                    yield result
                    if step.is_gone or not step.inputs:
                        break  # the next one gets a host of its own
                    step.forget()
        except HostError as error:  # it does not even start
            for number, sample in waiting:
                yield Result(subject.id, number, sample.name, 0.0, error=str(error))
            return


async def _result(step: StepRun, sample: Sample, id: str, number: int, logged: list[tuple[str, str]]) -> Result:
    started = time.perf_counter()
    error, traceback = "", ""
    made: list[Message] = []
    try:
        made = await _made(step, sample)
    except (HostError, UsageError) as failed:
        error = str(failed)
    seconds = time.perf_counter() - started
    failed_one = next((message for message in made if message.failed), None)
    is_expected = sample.expect is not None and FAILURE in sample.expect
    if failed_one is not None and not is_expected:
        error = f"{failed_one.attributes['error.type']}: {failed_one.attributes['error.message']}"
        traceback = failed_one.attributes.get("error.traceback", "")
    differing = () if error or sample.expect is None else tuple(compare(sample.expect, made))
    return Result(id, number, sample.name, seconds, differing, error, traceback, tuple(logged))


async def _made(step: StepRun, sample: Sample) -> list[Message]:
    if not step.inputs:
        return await _first(step, sample)
    made: list[Message] = []
    for port, content in inputs_of(sample, step.inputs):
        made += await step.call([content], port, sample.attributes)
    return made + await step.flush()


async def _first(step: StepRun, sample: Sample) -> list[Message]:
    """Of a source, which may go on for ever, as many messages as are expected."""
    most = sum(map(len, (sample.expect or {}).values())) or 1
    made: list[Message] = []
    async with aclosing(step.source()) as messages:
        async for message in messages:
            made.append(message)
            if len(made) == most:
                break
    return made


def inputs_of(sample: Sample, ports: Sequence[str]) -> list[tuple[str, Any]]:
    """What goes in by which input. A sample that names no input goes into the first.

    Raises:
        UsageError: a sample for every input is no mapping of them.
    """
    if sample.port != EVERY:
        is_first = sample.port == _FIRST and _FIRST not in ports
        return [(ports[0] if is_first else sample.port, sample.content)]
    content: Any = sample.content
    if not isinstance(content, dict):
        raise UsageError(f"a sample with `port: '{EVERY}'` must map every input ({listed(ports)}) to a value")
    content = cast("dict[str, Any]", content)
    return [(port, content.get(port)) for port in ports]


def compare(expect: Mapping[str, Sequence[Any]], made: Sequence[Message]) -> Iterator[Differing]:
    """The outputs whose messages are not those expected; an output that is not named is expected to stay empty."""
    by_port: dict[str, list[Any]] = {port: [] for port in expect}
    for message in made:
        by_port.setdefault(message.port, []).append(message.content)
    for port, contents in by_port.items():
        expected = list(expect.get(port, ()))
        if not same(expected, contents):
            yield Differing(port, expected, contents)


def same(one: Any, other: Any) -> bool:
    """Whether two contents are equal: numbers by value, but no number is a truth value; a list is what a tuple is."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        left, right = cast("dict[Any, Any]", one), cast("dict[Any, Any]", other)
        return left.keys() == right.keys() and all(same(value, right[key]) for key, value in left.items())
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        ours, theirs = cast("Sequence[Any]", one), cast("Sequence[Any]", other)
        return len(ours) == len(theirs) and all(map(same, ours, theirs))
    return bool(one == other) or (one != one and other != other)  # noqa: PLR0124 - so is what is no number


def _difference(expected: Sequence[Any], made: Sequence[Any]) -> list[str]:
    before = [line for content in expected for line in _lines(content)]
    after = [line for content in made for line in _lines(content)]
    found = list(difflib.unified_diff(before, after, lineterm="", n=3))[2:]
    return [line for line in found if not line.startswith("@@")] or [
        *(f"-{line}" for line in before),
        *(f"+{line}" for line in after),
    ]


def _lines(content: Any) -> list[str]:
    return json.dumps(as_json(content), ensure_ascii=False, indent=2, sort_keys=True).split("\n")
