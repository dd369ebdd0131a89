"""Flows of any shape for property tests: sound in form, nasty in content, not necessarily able to run."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

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

NASTY = (
    "",
    " ",
    "yes",
    "NO",
    "null",
    "~",
    "1",
    "0x1F",
    "0o7",
    "1e3",
    "1_000",
    "12:30:00",
    "2024-01-31",
    ".nan",
    "-.inf",
    "<<",
    "=",
    "- a",
    "a: b",
    "a #b",
    "#",
    "{a}",
    "[a, b]",
    "*a",
    "&a",
    "!a",
    "|",
    ">",
    "%x",
    "@x",
    "`x`",
    "'",
    '"',
    "\\",
    "---",
    "...",
    "? a",
    ": a",
    "a:",
    "a b ",
    " a",
    "\t",
    "\ta\n",
    "a\tb",
    "\r\n",
    "a\r\nb\r\n",
    "\n",
    "\n\n",
    "\na",
    " \n a\n",
    "a\n\n\n",
    "a \nb  \n",
    "a\n  ",
    "a\n\t\n",
    "\x00",
    "\x1b[0m",
    "\x7f",
    "\x85",
    "a\u2028b",
    "\ufeffa",
    "\ufffe",
    "\U0001f680 naïve 日本",
    "x" * 2000,
    "key with spaces " * 100,
)

texts = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters(exclude_categories=("Cs",)), max_size=30),
    st.text(alphabet=" \t\n\r#:-'\"\\ab{}[],|>&*!%@`?~", max_size=20),
    st.lists(st.text(alphabet=" \tabc:#", max_size=8), max_size=6).map("\n".join),
)
names = st.one_of(
    st.sampled_from(["yes", "no", "on", "null", "true", "1", "0x1", "1e3", "a", "b-c", "_", "-", "08", "in", "flow"]),
    st.text(alphabet="abzAZ09_-", min_size=1, max_size=4),
)
numbers = st.one_of(st.integers(-(2**70), 2**70), st.floats(allow_nan=False))
values: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, texts, st.binary(max_size=20)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(texts, inner, max_size=4)),
    max_leaves=10,
)
layers = st.integers(-3, 3) | st.sampled_from([-1_000_000, 1_000_000])
positions = st.tuples(*[st.floats(-1e6, 1e6)] * 2)
seconds = st.one_of(st.just(0.0), st.floats(0, 1e9), st.integers(0, 10**6).map(float))
sizes = st.one_of(st.integers(0, 2**60), st.integers(0, 4096).map(lambda n: n * 10**6))
ports = st.lists(names, max_size=3, unique=True).map(tuple)
word_lists = st.lists(texts.filter(bool), max_size=2).map(tuple)
optional_texts = st.none() | texts


@st.composite
def processors(draw: st.DrawFn, name: str) -> Processor:
    """A processor with a few fields off their defaults."""
    fields: dict[str, st.SearchStrategy[Any]] = {
        "name": texts,
        "config": st.dictionaries(texts, values, max_size=3),
        "code": texts,
        "git": st.builds(Git, *[texts.filter(bool)] * 3, optional_texts),
        "function": names,
        "inputs": ports,
        "outputs": ports,
        "auto_terminate": ports,
        "concurrency": st.integers(-2, 100),
        "schedule": st.builds(Schedule, st.none() | seconds, optional_texts, st.booleans()),
        "retry": st.builds(Retry, st.integers(0, 10), seconds),
        "timeout_s": seconds,
        "batch": st.booleans(),
        "mode": st.sampled_from(["message", "lines"]),
        "memory_bytes": sizes,
        "replicas": st.builds(Replicas, st.integers(0, 5), st.integers(0, 5)),
        "requires": word_lists,
        "requirements": word_lists,
        "python": optional_texts,
        "secrets": word_lists,
        "state": optional_texts,
        "enabled": st.booleans(),
        "notes": texts,
        "color": optional_texts,
        "tests": st.lists(
            st.builds(
                Sample,
                values,
                st.dictionaries(texts, texts, max_size=2),
                texts,
                st.none() | st.dictionaries(texts, st.lists(values, max_size=2), max_size=2),
                texts,
            ),
            max_size=2,
        ).map(tuple),
        "position": st.none() | positions,
        "layer": layers,
    }
    chosen = draw(st.lists(st.sampled_from(sorted(fields)), max_size=5, unique=True))
    return Processor(
        id=name,
        type=draw(st.sampled_from(["python", "node", "bash", "route", "no such type"])),
        **{key: draw(fields[key]) for key in chosen},
    )


def subflows(name: str) -> st.SearchStrategy[Subflow]:
    """A use of some definition."""
    return st.builds(
        Subflow,
        id=st.just(name),
        flow=names,
        name=texts,
        parameters=st.dictionaries(texts, values, max_size=2),
        auto_terminate=ports,
        enabled=st.booleans(),
        notes=texts,
        color=optional_texts,
        position=st.none() | positions,
        expanded=st.booleans(),
        layer=layers,
    )


def connections(ends: list[str]) -> st.SearchStrategy[Connection]:
    """A connection between given ends."""
    return st.builds(
        Connection,
        source=st.sampled_from(ends),
        target=st.sampled_from(ends),
        name=texts,
        limit=st.builds(Limit, st.integers(0, 10**6), sizes),
        expire_s=seconds,
        priority=st.sampled_from(["fifo", "lifo", "oldest", "attribute:urgency"]),
        breakpoint=st.booleans(),
        fuse=st.booleans(),
        bends=st.lists(positions, max_size=2).map(tuple),
        layer=layers,
        color=st.none() | st.sampled_from(["#ff0000", "blue"]),
        label_at=st.none() | st.floats(0.0, 1.0),
    )


@st.composite
def flows(draw: st.DrawFn, depth: int = 2, name: str | None = None) -> Flow:
    """A flow with every kind of part, in any order, with definitions inside it to a depth."""
    ids = draw(st.lists(names, max_size=5, unique=True))
    steps = [draw(processors(key) if draw(st.integers(0, 4)) else subflows(key)) for key in ids]
    ends = [f"{key}.{port}" for key in ids for port in ("in", "success", "failure")] + ["in", "success"]
    joined = draw(st.lists(connections(ends), max_size=4, unique_by=lambda connection: connection.id))
    label = st.builds(
        Label, id=names, text=texts, position=st.none() | positions, size=st.none() | positions, color=optional_texts
    )
    labels = draw(st.lists(label, max_size=2, unique_by=lambda each: each.id))
    inner = draw(st.lists(names, max_size=2, unique=True)) if depth else []
    return Flow(
        header=Header(
            name=name or draw(texts.filter(bool)),
            inputs=draw(ports),
            outputs=draw(ports),
            notes=draw(texts),
        ),
        parameters=draw(st.dictionaries(texts, values, max_size=3)),
        steps={step.id: step for step in steps},
        connections={connection.id: connection for connection in joined},
        labels={label.id: label for label in labels},
        definitions={key: draw(flows(depth - 1, key)) for key in inner},
    )


# Flows that can be unfolded: every end exists, every definition is there.

limits = st.builds(Limit, st.sampled_from([0, 1, 500, 10_000, 50_000]), st.sampled_from([0, 10**6, 10**9, 5 * 10**9]))
policies: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "limit": limits,
        "expire_s": st.sampled_from([0.0, 5.0, 60.0]),
        "priority": st.sampled_from(["fifo", "lifo", "oldest"]),
        "breakpoint": st.booleans(),
        "fuse": st.booleans(),
        "name": st.sampled_from(["", "urgent"]),
    },
)
references = st.sampled_from(["plain", "${a}", "x${b}y", "$${a}", 5])


@st.composite
def sound_flows(
    draw: st.DrawFn, depth: int = 2, name: str = "sound", visible: tuple[tuple[str, Header], ...] = (), top: bool = True
) -> Flow:
    """A flow whose connections join existing ports and whose subflows have definitions; `visible` are those around it."""
    inner = [f"d{depth}{letter}" for letter in draw(st.sampled_from(["", "a", "ab"]))] if depth else []
    definitions: dict[str, Flow] = {}
    for key in inner:
        definitions[key] = draw(sound_flows(depth - 1, key, visible, top=False))
        visible = (*visible, (key, definitions[key].header))
    parameters = {key: draw(st.sampled_from([1, "one", None])) for key in "ab"}
    header = Header(name=name) if top else Header(name=name, inputs=("in", "other"), outputs=("success", "failure"))
    steps: dict[str, Processor | Subflow] = {}
    sources = list(header.inputs)
    targets = list(header.outputs)
    for key in draw(st.lists(st.sampled_from("pqrst"), min_size=1, max_size=4, unique=True)):
        position = draw(st.none() | st.tuples(st.integers(0, 9).map(float), st.integers(0, 9).map(float)))
        dropped = draw(st.sampled_from([(), (), ("failure",), ("success",)]))
        if visible and draw(st.booleans()):
            used, ports = draw(st.sampled_from(visible))
            given = draw(st.dictionaries(st.sampled_from("ab"), references))
            shown = {"position": position, "expanded": draw(st.booleans())}
            steps[key] = Subflow(id=key, flow=used, parameters=given, auto_terminate=dropped, **shown)
            inputs = ports.inputs
        else:
            config = {"setting": draw(references)}
            steps[key] = Processor(id=key, type="python", config=config, auto_terminate=dropped, position=position)
            inputs = ("in",)
        targets += [f"{key}.{port}" for port in inputs]
        sources += [f"{key}.{port}" for port in ("success", "failure") if port not in dropped]
    ends = (
        draw(st.lists(st.tuples(st.sampled_from(sources), st.sampled_from(targets)), max_size=8, unique=True))
        if sources
        else []
    )
    joined = [Connection(source=source, target=target, **draw(policies)) for source, target in ends]
    return Flow(
        header=header,
        parameters=parameters,
        steps=steps,
        connections={connection.id: connection for connection in joined},
        definitions=definitions,
    )
