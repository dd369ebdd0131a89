"""Flows made by hypothesis for the property that fusing changes nothing, and running them to compare."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from msgspec import Struct

from engine.ledger.base import DEAD, Claimed, Ledger
from engine.model.codec import load_flow
from engine.model.flatten import flatten
from engine.model.validation import validate
from engine.processors.registry import catalog
from engine.runtime.command import runtimes
from engine.runtime.deployment import Deployment
from engine.runtime.engine import Engine
from engine.runtime.hosts import wire
from engine.runtime.lineage import Lineage
from engine.runtime.plan import plan

SOURCE = """
def source():
    for number in range({count}):
        yield {{"id": number, "path": []}}
"""

# A merged message is a list: what it holds is made one message of.
WHOLE = """
def whole(message):
    if type(message) is not list:
        return message
    return {"id": message[0]["id"], "path": [name for one in message for name in whole(one)["path"]]}
"""

# Every step marks the message in place before anything else, so that a message that fails must come out as it came in.
STEP = """
def step(message, ctx):
    message = whole(message)
    message["path"].append("{id}")
    number = message["id"] + len(message["path"])
    if number % {fails} == 0 and ctx.attempt < {until}:
        raise ValueError(f"{{number}}")
    if number % {drops} == 0:
        return None
    if number % {rounds} == 0 and len(message["path"]) < {longest}:
        ctx.emit("again", message)
        return None
    if number % {branches} == 0:
        ctx.emit("other", message, {{"branch": "{id}"}})
        return None
    if number % {doubles} == 0:
        return (dict(message, copy=n) for n in range(2))
    return message
"""

# No `ctx`: the loop of plain calls.
PLAIN = """
def step(message):
    message = whole(message)
    message["path"].append("{id}")
    number = message["id"] + len(message["path"])
    if number % {fails} == 0:
        raise KeyError(number)
    return None if number % {drops} == 0 else message
"""

JOIN = """
def step(left, right):
    left, right = whole(left), whole(right)
    if (left["id"] + right["id"]) % {fails} == 0:
        raise ValueError("pair")
    return {{"id": left["id"], "path": left["path"] + right["path"] + ["{id}"]}}
"""

LONGEST = 6
"""A message with so long a path goes round no more."""

POLICIES = ("", ", priority: oldest", ", limit: {messages: 7}", ", fuse: false")
"""What connections that lead back ask for; of the others, more ask for nothing."""

KEY = "len(str(content)) % 3"


class Shape(Struct, frozen=True):
    """A generated flow."""

    text: str


@st.composite
def shapes(draw: st.DrawFn, *, rings: bool = False) -> Shape:
    """A source and up to six steps behind it, each fed by free outputs of the ones before; some stopped, some with policies.

    With `rings`, steps send messages back to themselves or to earlier ones, and nothing is there that minds their order.
    """
    count = draw(st.integers(1, 120))
    with_join = not rings and draw(st.booleans())
    code = json.dumps(SOURCE.format(count=count))
    processors = [f"  - id: source\n    type: python\n    inputs: []\n    outputs: [success]\n    code: {code}"]
    free: list[str] = ["source.success"]
    ends: list[str] = []
    connections: list[str] = []
    dropped: list[str] = []
    for number in range(draw(st.integers(1, 6))):
        if not free:
            break
        id = f"s{number}"
        joins = with_join and len(free) > 1 and draw(st.booleans())
        feeds = [free.pop(draw(st.integers(0, len(free) - 1))) for _ in range(2 if joins else 1)]
        kinds = ["pair", "join"] if joins else ["step", "plain", "step", "merge" if with_join else "plain"]
        kind = draw(st.sampled_from(kinds))
        back = f"s{draw(st.integers(0, number))}.in" if rings and kind == "step" else None
        processors.append(draw(_processor(id, kind, retries=not with_join, rounds=back is not None)))
        if back is not None:
            connections.append(draw(_connection(f"{id}.again", back, POLICIES)))
        ports = ["left", "right"] if joins else ["in"]
        connections.extend(draw(_connection(feed, f"{id}.{port}")) for feed, port in zip(feeds, ports, strict=True))
        if not joins and draw(st.integers(0, 4)) == 0 and feeds[0] != "source.success":
            free.append(feeds[0])  # the same output to a second step: messages are cloned
        if kind == "join":
            # In which order pairs of different keys come out depends on the time: nothing that minds the order may follow.
            ends += [f"{id}.success", f"{id}.unmatched"]
        else:
            free.append(f"{id}.success")
        if kind == "step":
            free.append(f"{id}.other")
        if draw(st.booleans()):
            (ends if kind == "join" else free).append(f"{id}.failure")
    for end in dict.fromkeys(free + ends):
        if end.endswith(".failure") or any(connection.startswith(f"  - {{from: {end},") for connection in connections):
            continue
        if draw(st.booleans()):
            dropped.append(end)
        else:
            # Kept in the queue of a step that is switched off, where the test looks at it.
            stop = f"stop-{len(processors)}"
            processors.append(_python(stop, PLAIN.format(id=stop, fails=2, drops=2), "enabled: false"))
            connections.append(f"  - {{from: {end}, to: {stop}.in}}")
    text = "pyfi: 1\nname: generated\nprocessors:\n" + "\n".join(processors) + "\nconnections:\n" + "\n".join(connections)
    return Shape(text + f"\nauto_terminate: [{', '.join(dropped)}]\n")


@st.composite
def _processor(draw: st.DrawFn, id: str, kind: str, *, retries: bool, rounds: bool) -> str:
    number = st.sampled_from([2, 3, 5, 7, 11, 10_000])
    if kind == "merge":
        return _built_in(id, kind, count=draw(number), key=draw(st.sampled_from([None, KEY])))
    if kind == "join":
        return _built_in(id, kind, key=KEY, into="merged")
    attempts = draw(st.integers(0, 2)) if retries else 0
    text = {"step": STEP, "plain": PLAIN, "pair": JOIN}[kind]
    code = text.format(
        id=id,
        fails=draw(number),
        drops=draw(number),
        rounds=draw(number) if rounds else 1,
        longest=LONGEST if rounds else 0,
        branches=draw(number),
        doubles=draw(number),
        until=draw(st.sampled_from([1, 100])),
    )
    outputs = "success, other, again, failure" if rounds else "success, other, failure"
    ports = {"pair": "inputs: [left, right], ", "step": f"outputs: [{outputs}], "}.get(kind, "")
    return _python(id, code, f"{ports}retry: {{attempts: {attempts}, penalty: 0.01s}}")


def _python(id: str, code: str, settings: str) -> str:
    return f"  - {{id: {id}, type: python, function: step, {settings}, code: {json.dumps(WHOLE + code)}}}"


def _built_in(id: str, type: str, **config: Any) -> str:
    return f"  - {{id: {id}, type: {type}, config: {json.dumps(config)}}}"


@st.composite
def _connection(draw: st.DrawFn, source: str, target: str, policies: tuple[str, ...] = ("", "", *POLICIES)) -> str:
    return f"  - {{from: {source}, to: {target}{draw(st.sampled_from(policies))}}}"


class Observed(Struct):
    """What can be seen after a run: messages left in queues with where they began, and all counts."""

    messages: Counter[str]
    counts: dict[str, Any]


def observe(shape: Shape, *, fuse: bool) -> Observed:
    """Run a flow until nothing more can fire, and look."""
    return asyncio.run(_observe(shape, fuse=fuse))


async def _observe(shape: Shape, *, fuse: bool) -> Observed:
    flow = load_flow(shape.text)
    with tempfile.TemporaryDirectory() as folder:
        problems = validate(flow, catalog(), Path(folder), runtimes())
        assert not problems, "\n".join(map(str, problems))
        planned = plan(flatten(flow), catalog(), fuse=fuse)
        async with Engine(Path(folder) / "workspace") as engine:
            deployment = await engine.deploy("generated", planned, revision="1", run_id="run", folder=Path(folder))
            await deployment.start()
            await asyncio.wait_for(deployment.ending.finished(), 120)
            await deployment.stop()
            return await deployment.ledger.call(lambda ledger: _look(ledger, deployment))


def _look(ledger: Ledger, deployment: Deployment) -> Observed:
    """What is in the queues."""
    number = deployment.registration.deployment
    lineage = Lineage(entry for _, entry in ledger.lineage(number, limit=1_000_000))
    messages: Counter[str] = Counter()
    for key, queue in deployment.registration.queues.items():
        for batch in ledger.peek(queue, 100_000):
            messages.update(f"{key}: {shown}" for shown in _messages(batch, lineage))
    counts = {
        "steps": {
            id: (counter.received, counter.failed, {port: n for port, n in counter.out.items() if n})
            for id, counter in deployment.totals.steps.items()
            if counter.received or any(counter.out.values())
        },
        "links": {key: passage.messages for key, passage in deployment.totals.links.items() if passage.messages},
        "dead": {key: deployment.depths.messages(key) for key in deployment.registration.queues if key.startswith(DEAD)},
        "unpaired": {step: ports for step, ports in deployment.ending.unpaired.items() if ports},
    }
    return Observed(messages, counts)


def _messages(batch: Claimed, lineage: Lineage) -> list[str]:
    """Every message with what it carries and all source messages it descends from."""
    contents, attributes = wire.messages(batch.body)
    shown: list[str] = []
    for index in range(batch.lo, batch.hi):
        began = sorted(f"{each.step}[{each.index}]" for each in lineage.beginnings(batch.id, index))
        extra = (
            {name: value for name, value in ((attributes or [])[index] or {}).items() if name != "error.traceback"}
            if attributes
            else {}
        )
        shown.append(f"{contents[index]} {sorted(extra.items())} from {' '.join(began)}")
    return shown
