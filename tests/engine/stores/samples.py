"""Flows that the tests of the stores begin with."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from engine.model.change import Change
from engine.model.flow import (
    Connection,
    Flow,
    Git,
    Header,
    Label,
    Limit,
    Processor,
    Replicas,
    Retry,
    Sample,
    Schedule,
    Subflow,
)

CODE = "def process(line):\n    return line\n"


def processor(key: str, **fields: Any) -> Processor:
    return Processor(**{"id": key, "type": "python", "code": CODE, **fields})


def join(source: str, target: str, **fields: Any) -> Connection:
    return Connection(source=source, target=target, **fields)


def flow(
    name: str,
    steps: Iterable[Processor | Subflow] = (),
    connections: Iterable[Connection] = (),
    *,
    header: dict[str, Any] | None = None,
    **fields: Any,
) -> Flow:
    return Flow(
        header=Header(name=name, **(header or {})),
        steps={step.id: step for step in steps},
        connections={connection.id: connection for connection in connections},
        **fields,
    )


def chain(name: str = "chain", count: int = 3) -> Flow:
    """`a` to `b` to `c` ..."""
    keys = [chr(ord("a") + number) if count <= 26 else f"p{number}" for number in range(count)]
    return flow(name, [processor(key) for key in keys], [join(f"{one}.success", f"{two}.in") for one, two in pairwise(keys)])


def inner(name: str = "clean") -> Flow:
    """A definition: `in` to `strip` to `success`."""
    return flow(
        name,
        [processor("strip")],
        [join("in", "strip.in"), join("strip.success", "success")],
        header={"inputs": ("in",), "outputs": ("success",)},
    )


def nested(name: str = "nested") -> Flow:
    """`read` to the subflow `tidy`, which uses `clean`, to `write`."""
    return flow(
        name,
        [processor("read", inputs=()), Subflow(id="tidy", flow="clean", parameters={"n": 1}), processor("write")],
        [join("read.success", "tidy.in"), join("tidy.success", "write.in")],
        definitions={"clean": inner()},
    )


def _full() -> Processor:
    """A processor with every field off its default."""
    return Processor(
        id="zeta",
        type="python",
        name="The last letter",
        config={
            "bytes": b"\x00\xff",
            "big": 2**70,
            "infinite": float("-inf"),
            "$": {"v": [1, 1.0, True, None]},
            "z": 0,
            "a": -0.0,
        },
        code="# für später\ndef f(x):\n    return x\n",
        git=Git("https://example.org/r.git", "955e44e", "ext.sample", "requirements.txt"),
        function="f",
        inputs=("in", "side"),
        outputs=("success", "odd", "failure"),
        auto_terminate=("odd",),
        concurrency=3,
        schedule=Schedule(cron="*/5 * * * *"),
        retry=Retry(2, 1.5),
        timeout_s=7.25,
        batch=True,
        mode="lines",
        memory_bytes=2**40,
        replicas=Replicas(0, 9),
        requires=("gpu", "big"),
        requirements=("pandas>=2",),
        secrets=("token",),
        state="kept",
        enabled=False,
        notes="line\nline",
        color="#ff0000",
        tests=(Sample({"a": [b"x"]}, {"k": "v"}, "side", {"odd": [1, {"b": 2.0}]}, "first"), Sample(None)),
        position=(-1.5, 1e6),
        layer=-2,
    )


def everything() -> Flow:
    """Every kind of part with every field off its default, values that JSON lacks, and orders that sorting would change."""
    policy = {
        "name": "to alpha",
        "limit": Limit(5, 2**33),
        "expire_s": 3.5,
        "priority": "attribute:urgency",
        "breakpoint": True,
        "fuse": False,
        "bends": ((1.0, 2.0), (3.5, -4.0)),
        "layer": 7,
        "color": "#00ff00",
        "label_at": 0.25,
    }
    deep = flow("deep", [processor("only")], header={"inputs": ("x",), "notes": "deep inside"})
    middle = Flow(header=inner().header, steps=inner().steps, connections=inner().connections, definitions={"deep": deep})
    return flow(
        "everything",
        [
            _full(),
            processor("alpha", schedule=Schedule(every_s=0.0)),
            Subflow(
                id="mid",
                flow="clean",
                name="Middle",
                parameters={"p": [b"", 1.5]},
                auto_terminate=("success",),
                enabled=False,
                notes="n",
                color="blue",
                position=(0.0, 0.5),
                expanded=True,
                layer=3,
            ),
            processor("once", schedule=Schedule(once=True), inputs=(), type="node"),
        ],
        [join("zeta.odd", "alpha.in", **policy), join("alpha.failure", "mid.in"), join("once.success", "zeta.side")],
        header={"inputs": ("b", "a"), "outputs": ("out",), "notes": "all of it"},
        parameters={"z": {"nested": [2**65]}, "a": None, "m": 1.0},
        labels={
            "l2": Label(id="l2", text="# Title", position=(1.0, 2.0), size=(30.0, 40.0), color="green"),
            "l1": Label(id="l1"),
        },
        definitions={"unused": flow("unused"), "clean": middle},
    )


def exactly(made: Flow) -> str:
    """A flow to the last type and in order, which equality of flows does not look at."""
    return repr(made)


def adding(part: Processor | Subflow | Connection) -> Change:
    """The change that adds a part to the flow itself."""
    return Change(part.id, None, part)
