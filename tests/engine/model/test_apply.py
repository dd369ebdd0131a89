from __future__ import annotations

import pytest
from hypothesis import given, settings

from engine.errors import ConflictError, UsageError
from engine.model.apply import apply, diff, key_of, split_key
from engine.model.change import Change, invert
from engine.model.flow import Connection, Flow, Header, Label, Parameter, Processor, Subflow
from tests.engine.model.strategies import flows

A = Processor(id="a", type="python", code="def f(x): return x")
B = Processor(id="b", type="merge")
AB = Connection(source="a.success", target="b.in")
INNER = Flow(
    header=Header(name="inner"), steps={"a": A}, definitions={"deep": Flow(header=Header(name="deep"), steps={"b": B})}
)
FLOW = Flow(
    header=Header(name="x"),
    parameters={"p": 1},
    steps={"a": A, "b": B},
    connections={AB.id: AB},
    labels={"l": Label(id="l", text="hi")},
    definitions={"inner": INNER},
)
NEW = Processor(id="n", type="python")


@pytest.mark.parametrize(
    ("part", "key"),
    [
        (A, "a"),
        (Subflow(id="s", flow="f"), "s"),
        (AB, "a.success->b.in"),
        (Label(id="l"), "label:l"),
        (Parameter("p"), "parameter:p"),
        (Header(name="x"), "flow:"),
    ],
)
def test_keys(part, key):
    assert key_of(part) == key
    assert split_key(key) == ((), key)
    assert split_key(f"outer/inner/{key}") == (("outer", "inner"), key)


def test_a_parameter_may_be_called_anything():
    assert split_key("d/parameter:a/b->c") == (("d",), "parameter:a/b->c")


def test_parts_are_added_changed_and_removed():
    changed = apply(
        FLOW,
        [
            Change("n", None, NEW),
            Change("b", B, None),
            Change(AB.id, AB, None),
            Change("label:l", FLOW.labels["l"], Label(id="l", text="ho")),
            Change("parameter:p", Parameter("p", 1), Parameter("p", 2)),
            Change("parameter:q", None, Parameter("q", None)),
            Change("flow:", Header(name="x"), Header(name="y", notes="new")),
        ],
    )
    assert changed == Flow(
        header=Header(name="y", notes="new"),
        parameters={"p": 2, "q": None},
        steps={"a": A, "n": NEW},
        labels={"l": Label(id="l", text="ho")},
        definitions={"inner": INNER},
    )
    assert list(FLOW.steps) == ["a", "b"]


def test_parts_of_definitions_are_changed():
    changed = apply(FLOW, [Change("inner/n", None, NEW), Change("inner/deep/b", B, None), Change("inner/deep/n", None, NEW)])
    assert list(changed.definitions["inner"].steps) == ["a", "n"]
    assert list(changed.definitions["inner"].definitions["deep"].steps) == ["n"]
    assert changed.steps is FLOW.steps


def test_a_definition_appears_with_its_header_and_goes_with_it():
    header = Header(name="fresh", inputs=("in",))
    made = apply(FLOW, [Change("inner/fresh/flow:", None, header), Change("inner/fresh/n", None, NEW)])
    assert made.definitions["inner"].definitions["fresh"] == Flow(header=header, steps={"n": NEW})
    gone = apply(made, [Change("inner/fresh/n", NEW, None), Change("inner/fresh/flow:", header, None)])
    assert gone == FLOW
    renoted = apply(FLOW, [Change("inner/flow:", Header(name="inner"), Header(name="inner", outputs=("success",)))])
    assert renoted.definitions["inner"].header.outputs == ("success",)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (Change("a", None, A), "'a' is there already, added meanwhile; load the flow again"),
        (Change("a", NEW, None), "'a' was changed meanwhile"),
        (Change("n", NEW, None), "'n' was removed meanwhile"),
        (Change("parameter:p", Parameter("p", 2), None), "'parameter:p' was changed meanwhile"),
        (Change("parameter:z", Parameter("z", None), None), "'parameter:z' was removed meanwhile"),
        (Change("flow:", Header(name="z"), Header(name="y")), "'flow:' was changed meanwhile"),
        (Change("gone/a", None, A), "the definition that holds 'gone/a' was removed meanwhile"),
        (Change("gone/flow:", Header(name="gone"), None), "'gone/flow:' was removed meanwhile|definition that holds"),
        (Change("inner/flow:", None, Header(name="inner")), "'inner/flow:' is there already"),
        (Change("inner/flow:", Header(name="inner"), None), "definition 'inner' still has parts"),
    ],
)
def test_a_part_that_is_not_as_expected_is_a_conflict(change, message):
    with pytest.raises(ConflictError, match=message):
        apply(FLOW, [change])


@pytest.mark.parametrize(
    "change",
    [
        Change("b", None, A),
        Change("label:a", None, A),
        Change("flow:", Header(name="x"), None),
        Change("other/flow:", None, Header(name="another")),
    ],
)
def test_a_change_that_contradicts_itself_is_refused(change):
    with pytest.raises(UsageError):
        apply(FLOW, [change])


def test_nothing_changes_when_one_change_fails():
    with pytest.raises(ConflictError):
        apply(FLOW, [Change("n", None, NEW), Change("n", None, NEW)])
    assert "n" not in FLOW.steps


def test_no_change_is_the_same_flow():
    assert apply(FLOW, []) is FLOW
    assert diff(FLOW, FLOW) == []


def test_many_changes_of_a_large_flow():
    steps: dict[str, Processor | Subflow] = {f"p{n}": Processor(id=f"p{n}", type="python") for n in range(10_000)}
    flow = Flow(header=Header(name="x"), steps=steps)
    changes = [Change(key, step, Processor(id=key, type="python", position=(1.0, 2.0))) for key, step in steps.items()]
    moved = apply(flow, changes)
    assert all(step.position == (1.0, 2.0) for step in moved.steps.values())
    assert apply(moved, invert(changes)) == flow
    assert len(diff(flow, moved)) == 10_000


@settings(max_examples=40, deadline=None)
@given(flows(), flows())
def test_the_difference_of_two_flows_makes_one_of_the_other_and_back(old, new):
    changes = diff(old, new)
    assert apply(old, changes) == new
    assert apply(new, invert(changes)) == old
    assert apply(new, diff(new, old)) == old


@settings(max_examples=25, deadline=None)
@given(flows(), flows())
def test_no_connection_of_a_difference_ever_lacks_an_end(old, new):
    changes = diff(old, new)
    seen_step_removed = False
    for change in changes:
        _, key = split_key(change.id)
        if isinstance(change.before, Processor | Subflow) and change.after is None and "/" not in change.id:
            seen_step_removed = True
        if isinstance(change.before, Connection) and change.after is None and "/" not in change.id:
            assert not seen_step_removed, f"{key} goes after a step"
    added = [change for change in changes if change.before is None and "/" not in change.id]
    kinds = [
        isinstance(change.after, Connection) for change in added if isinstance(change.after, Processor | Subflow | Connection)
    ]
    assert kinds == sorted(kinds)
