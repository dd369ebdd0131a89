"""Sound flows for property tests: any content that the database must keep, joined only where that is right."""

from __future__ import annotations

from hypothesis import strategies as st
from msgspec.structs import replace

from engine.model.flow import Flow, Header, Label, Processor, Replicas, Schedule, Subflow
from tests.engine.model import strategies as model


def _without_nul(text: str) -> bool:
    return "\0" not in text


texts = model.texts.filter(_without_nul)  # PostgreSQL keeps no NUL in a text column
# SQLite keeps no sign of zero in a column of numbers.
positions = st.none() | model.positions.map(lambda pair: (pair[0] + 0.0, pair[1] + 0.0))
ports = st.lists(st.sampled_from(["in", "side", "success", "odd"]), max_size=3, unique=True).map(tuple)
schedules = st.one_of(
    st.just(Schedule()),
    st.builds(Schedule, every_s=model.seconds),
    st.builds(Schedule, cron=texts),
    st.just(Schedule(once=True)),
)
replicas = st.tuples(st.integers(0, 5), st.integers(0, 5)).map(lambda pair: Replicas(min(pair), max(pair)))


@st.composite
def processors(draw: st.DrawFn, key: str) -> Processor:
    made = draw(model.processors(key).filter(lambda step: _without_nul(repr_of_text(step))))
    return replace(
        made,
        type=draw(st.sampled_from(["python", "node", "bash"])),
        inputs=draw(st.none() | ports),
        outputs=draw(st.none() | ports),
        concurrency=draw(st.integers(1, 100)),
        schedule=draw(schedules),
        replicas=draw(replicas),
        position=draw(positions),
    )


def repr_of_text(step: Processor | Subflow) -> str:
    """All text of a step that has a column of its own."""
    parts = [step.name, step.notes, step.color or ""]
    if isinstance(step, Processor):
        parts += [step.code or "", step.state or "", step.python or "", step.schedule.cron or ""]
        parts += [step.git.repo, step.git.commit, step.git.module, step.git.requirements or ""] if step.git else []
    return "".join(parts)


def _outputs(step: Processor | Subflow, definitions: dict[str, Flow]) -> tuple[str, ...]:
    if isinstance(step, Subflow):
        return definitions[step.flow].header.outputs
    return (*(("success",) if step.outputs is None else step.outputs), "failure")


def _inputs(step: Processor | Subflow, definitions: dict[str, Flow]) -> tuple[str, ...]:
    if isinstance(step, Subflow):
        return definitions[step.flow].header.inputs
    return ("in",) if step.inputs is None else step.inputs


@st.composite
def flows(draw: st.DrawFn, name: str = "f", visible: dict[str, Flow] | None = None, depth: int = 2) -> Flow:
    """A flow that the database must take, with definitions inside it to a depth."""
    names = draw(st.lists(model.names, max_size=2, unique=True)) if depth else []
    names = [each for each in names if each not in (visible or {})]  # a nearer definition would change what uses of it mean
    definitions = dict(visible or {})
    own: dict[str, Flow] = {}
    for each in names:
        own[each] = draw(flows(each, definitions, depth - 1))
        definitions[each] = own[each]
    header = Header(name=name, inputs=draw(ports), outputs=draw(ports), notes=draw(texts))
    keys = draw(st.lists(model.names, max_size=5, unique=True))
    steps = [
        draw(subflows(key, sorted(definitions))) if definitions and not draw(st.integers(0, 2)) else draw(processors(key))
        for key in keys
    ]
    sources = [f"{step.id}.{port}" for step in steps for port in _outputs(step, definitions)] + list(header.inputs)
    targets = [f"{step.id}.{port}" for step in steps for port in _inputs(step, definitions)] + list(header.outputs)
    joined = draw(connections(sources, targets)) if sources and targets else []
    labels = draw(st.lists(_labels, max_size=2, unique_by=lambda label: label.id))
    return Flow(
        header=header,
        parameters=draw(st.dictionaries(texts.filter(bool), model.values, max_size=3)),
        steps={step.id: step for step in steps},
        connections={connection.id: connection for connection in joined},
        labels={label.id: label for label in labels},
        definitions=own,
    )


_labels = st.builds(
    Label,
    id=model.names,
    text=texts,
    position=positions,
    size=positions,
    color=st.none() | texts,
)


def subflows(key: str, definitions: list[str]) -> st.SearchStrategy[Subflow]:
    """A use of one of the definitions."""
    made = model.subflows(key).filter(lambda step: _without_nul(repr_of_text(step)))
    used = st.sampled_from(definitions)
    return st.builds(lambda step, used, position: replace(step, flow=used, position=position), made, used, positions)


def connections(sources: list[str], targets: list[str]) -> st.SearchStrategy[list]:
    """Connections between given ends, none twice."""
    one = st.builds(
        lambda made, source, target: replace(made, source=source, target=target),
        model.connections(["a"]).filter(lambda made: _without_nul(made.name)),
        st.sampled_from(sources),
        st.sampled_from(targets),
    )
    return st.lists(one, max_size=5, unique_by=lambda connection: connection.id)
