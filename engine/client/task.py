"""Runs one processor on given data in a real host: no ledger, no other processor, nothing kept."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from msgspec import Struct, structs

from engine.client.flow import Opened
from engine.client.place import SECRET_PREFIX, secrets
from engine.errors import HostError, InvalidFlow, NotFound, UsageError
from engine.ledger.base import Claimed
from engine.model.config_check import check_config
from engine.model.flatten import FlatFlow, FlatLink, FlatStep, flatten
from engine.model.flow import CODE_TYPES, Connection, Processor, Retry
from engine.model.ports import FAILURE
from engine.model.problem import Problem, did_you_mean
from engine.model.processor_check import check_built_in, check_processor
from engine.processors.registry import catalog
from engine.runtime.command import checkouts, command, runtimes
from engine.runtime.debugging import Debugging, address, check_debuggable, code_file, debug_head
from engine.runtime.host import Host, HostDied
from engine.runtime.hosts import claims, values, wire
from engine.runtime.plan import Plan, PlannedStep, Stage, plan
from engine.runtime.spec import StageSpec
from engine.runtime.task import batch_head

_BEFORE, _BEHIND = "<before>", "<behind>"
_REFUSALS = 5
_CREDIT = 2
Log = Callable[[str, str], None]
"""Hears the level and the text of every line that the processor logs."""


class Message(Struct, frozen=True):
    """What left the processor: by which output, with what."""

    port: str
    content: Any
    attributes: dict[str, str]

    @property
    def failed(self) -> bool:
        """Whether it left because something went wrong with it."""
        return self.port == FAILURE and "error.type" in self.attributes


class StepRun:
    """One processor of a flow, alone in a host. Use as an async context manager.

    A failed call is not tried again, so that its error shows at once; everything else is as in a run.

    Raises:
        NotFound: the flow has no such processor.
        InvalidFlow: the processor cannot run; carries its problems.
        UsageError: a secret is missing, or the processor cannot be debugged.
    """

    def __init__(self, opened: Opened, processor: str, log: Log, debugging: Debugging | None = None) -> None:
        self._folder = opened.folder
        self._debugging = debugging
        self._plan = _alone(opened, processor, is_timed=debugging is None)
        self._step: PlannedStep = self._plan.steps[processor]
        self._stage: Stage = self._plan.stages[processor]
        self.log = log
        self._secrets = secrets()
        self._state: dict[str, tuple[bytes, int]] = {}
        self._task = 0
        if debugging is not None:
            check_debuggable(self._step.processor)
        self.is_gone = False
        """Whether its host has ended: what is called from now on fails."""
        self._made: asyncio.Queue[tuple[dict[str, Any], bytes] | HostDied] = asyncio.Queue()
        for name in self._step.processor.secrets:
            if name not in self._secrets:
                raise UsageError(f"processor '{processor}' needs the secret '{name}'; set the variable {SECRET_PREFIX}{name}")

    @property
    def inputs(self) -> tuple[str, ...]:
        """The processor's inputs; a source has none."""
        return self._step.inputs

    @property
    def outputs(self) -> tuple[str, ...]:
        """The processor's outputs."""
        return self._step.outputs

    async def __aenter__(self) -> Self:
        self._scratch = tempfile.TemporaryDirectory(prefix="pyfi-task-")
        try:
            folder = Path(self._scratch.name)
            found = await checkouts(self._plan, folder)
            self._store = claims.Store(folder)
            self._spec = StageSpec(
                self._plan, self._stage, folder=self._folder, claims=folder, secrets=self._secrets, checkouts=found
            )
            started = await command(self._plan.name, self._stage, found, self._folder, self._say)
            on_debug = None if self._debugging is None else self._debugged(self._debugging, folder)
            self._host = await Host.start(started, self._spec.head, self, self._spec.timeout_s, on_debug)
        except BaseException:
            self._scratch.cleanup()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None and issubclass(kind, asyncio.CancelledError):
            self._host.kill()  # nobody waits for the call any more, which may never end
            await self._host.wait()
        else:
            await self._host.stop()
        self._scratch.cleanup()

    def _debugged(self, debugging: Debugging, folder: Path) -> Callable[[int], None]:
        """Have the host wait for a debugger; returns what is to hear of its port."""
        step = self._spec.head["steps"][0]
        file = code_file(step, folder)
        step["file"] = str(file)
        self._spec.head["debug"] = debug_head(debugging.port)
        return lambda port: debugging.listening(address(port, file))

    def _say(self, level: str, text: str) -> None:
        """How its environment is being made."""
        self.on_log(0, level, text)

    # -- what the host says of its own accord

    def on_log(self, step: int, level: str, text: str) -> None:
        """A line that the processor logged."""
        self.log(level, text)

    async def on_get(self, step: int, keys: list[str] | None, most: int) -> tuple[list[tuple[str, bytes, int]], bool]:
        """The processor asks for its state; there is no more of it than what is kept here."""
        return [(key, *row) for key, row in self._state.items()], True

    def on_source(self, head: dict[str, Any], body: memoryview) -> None:
        """A source made a batch, or failed."""
        self._made.put_nowait((head, bytes(body)))

    def on_exit(self, error: HostDied) -> None:
        """The host ended."""
        self.is_gone = True
        self._made.put_nowait(error)

    # -- messages in, messages out

    async def call(self, contents: Sequence[Any], port: str = "", attributes: Mapping[str, str] | None = None) -> list[Message]:
        """What the processor makes of some messages, which have the same attributes.

        One that waits for its time (delay, throttle) is waited for.
        """
        port = port or self.inputs[0]
        if port not in self.inputs:
            cure = did_you_mean(port, self.inputs) or f"; it has {', '.join(self.inputs)}"
            raise UsageError(f"processor '{self._step.id}' has no input '{port}'{cure}")
        entry = next(key for key in self._stage.entries if self._plan.links[key].target_port == port)
        named = [dict(attributes)] * len(contents) if attributes else None
        body = wire.batch(values.pack(list(contents)), len(contents), named)
        return await self._run(_Waiting(self._spec.entry_index[entry], body, len(contents)))

    async def flush(self) -> list[Message]:
        """What the processor has held back until now, there being no more messages to come."""
        self._task += 1
        head, body = await self._ask({"k": "task", "id": self._task, "mode": "flush", "step": 0})
        made, waiting = self._take(head, bytes(body))
        for each in waiting:
            made += await self._run(each)
        return made

    def forget(self) -> None:
        """Have the processor begin with an empty state again; what its modules hold stays."""
        self._state.clear()
        self._host.tell({"k": "forget", "step": 0})

    async def source(self) -> AsyncGenerator[Message]:
        """What a source makes, until it ends or nobody asks any more."""
        self._task += 1
        self._host.tell({"k": "source", "id": self._task, "step": 0, "yielded": 0, "credit": _CREDIT})
        while True:
            made = await self._made.get()
            if isinstance(made, HostDied):
                raise HostError(f"source '{self._step.id}' failed: its host {made.reason}")
            head, body = made
            if head["k"] == "source_failed":
                raise HostError(f"source '{self._step.id}' failed: {head['type']}: {head['message']}")
            for message in self._take(head, body)[0]:
                yield message
            if head["end"]:
                return
            self._host.tell({"k": "done", "step": 0, "id": head["source"][1], "ok": True})
            self._host.tell({"k": "credit", "n": 1})

    async def _run(self, first: _Waiting) -> list[Message]:
        made: list[Message] = []
        pending = [first]
        while pending:
            each = pending.pop(0)
            await asyncio.sleep(max(0.0, each.due_ms / 1000 - time.time()))
            self._task += 1
            size = len(each.body)
            claimed = Claimed(
                0, 0, 0, self._task.to_bytes(16, "big"), each.lo, each.n, size, 0, each.attempt, 0, each.kind, each.body
            )
            head, body = await self._ask(batch_head(self._task, each.link, [claimed], rests=self._task), each.body)
            done = each.lo + head.get("rows", each.n - each.lo)
            if done < each.n:
                pending.insert(0, structs.replace(each, lo=done))
            messages, waiting = self._take(head, bytes(body))
            made += messages
            pending += waiting
        return made

    async def _ask(self, head: dict[str, Any], *bodies: bytes) -> tuple[dict[str, Any], memoryview]:
        refusals = 0
        while True:
            try:
                result, body = await self._host.run(head, bodies)
            except HostDied as error:
                raise HostError(f"processor '{self._step.id}' failed: its host {error.reason}") from None
            if result["k"] != "refused":
                return result, body
            refusals += 1
            if refusals == _REFUSALS:
                raise HostError(f"processor '{self._step.id}' cannot work now: {result['reason']}")
            await asyncio.sleep(result["delay"])

    def _take(self, head: Mapping[str, Any], body: bytes) -> tuple[list[Message], list[_Waiting]]:
        """The messages of a result, and what it put back to wait. State is kept for the next call."""
        for _, key, value, _, version in head["state"]:
            if value is None:
                self._state.pop(key, None)
            else:
                self._state[key] = (value, version)
        made: list[Message] = []
        waiting: list[_Waiting] = []
        offset = 0
        for link, _, n, size, due_ms, _, attempt, kind, *_ in head["outputs"]:
            part = body[offset : offset + size]
            offset += size
            if 0 <= link < len(self._stage.entries):
                waiting.append(_Waiting(link, part, n, due_ms, attempt, kind))
                continue
            port = self._plan.links[self._spec.links[link]].source_port if link >= 0 else FAILURE
            contents, attributes = wire.messages(part)
            whole = self._store.resolve(contents)
            made += [Message(port, each, (attributes[row] if attributes else None) or {}) for row, each in enumerate(whole)]
        return made, waiting


class _Waiting(Struct, frozen=True):
    """A batch on its way to the processor."""

    link: int
    body: bytes
    n: int
    due_ms: int = 0
    attempt: int = 0
    kind: int = 0
    lo: int = 0
    """How many of its messages are done."""


def _alone(opened: Opened, processor: str, *, is_timed: bool) -> Plan:
    """A plan of nothing but the processor, with a link for each of its inputs and outputs.

    If not `is_timed`, its calls may last for ever.
    """
    flat = flatten(opened.flow)
    if processor not in flat.steps:
        cure = did_you_mean(processor, flat.steps) or f"; it has {', '.join(list(flat.steps)[:20]) or 'none'}"
        raise NotFound(f"flow '{opened.flow.name}' has no processor '{processor}'{cure}")
    step = flat.steps[processor]
    reasons = _reasons(step, opened.folder)
    if reasons:
        raise InvalidFlow([Problem(f"processor '{processor}'", reason, opened.shown, processor) for reason in reasons])
    limit_s = step.processor.timeout_s if is_timed else 0.0
    processor_alone = structs.replace(step.processor, enabled=True, retry=Retry(), timeout_s=limit_s)
    alone = structs.replace(step, processor=processor_alone)
    ports = plan(_flow_of(opened.flow.name, alone, ()), catalog()).steps[processor]
    links = [
        *(_link(_BEFORE, port, processor, port) for port in ports.inputs),
        *(_link(processor, port, _BEHIND, port) for port in ports.outputs),
    ]
    return plan(_flow_of(opened.flow.name, alone, links), catalog())


def _reasons(step: FlatStep, folder: Path) -> list[str]:
    """Why the processor cannot run, whatever is wrong with the flow around it."""
    processor = step.processor
    reasons = check_processor(processor, runtimes())
    if processor.type in CODE_TYPES:
        return reasons
    if processor.type not in catalog():
        return [*reasons, f"there is no processor type '{processor.type}'{did_you_mean(processor.type, catalog())}"]
    return [
        *reasons,
        *check_built_in(processor),
        *check_config(processor, catalog()[processor.type], step.parameters, folder)[1],
    ]


def _flow_of(name: str, step: FlatStep, links: Sequence[FlatLink]) -> FlatFlow:
    """The step between two others that are switched off, so that nothing runs but it."""
    others = [FlatStep(Processor(id=each, type="python", enabled=False), {}) for each in (_BEFORE, _BEHIND)]
    steps = {each.id: each for each in (step, *others)}
    return FlatFlow(name, step.parameters, steps, {link.key: link for link in links}, {}, {})


def _link(source: str, source_port: str, target: str, target_port: str) -> FlatLink:
    policy = Connection(source=f"{source}.{source_port}", target=f"{target}.{target_port}")
    return FlatLink(source, source_port, target, target_port, policy)
