from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import NotFound, UsageError
from engine.model import edits
from engine.model.apply import apply
from engine.model.change import Change, invert
from engine.model.flow import Connection, Flow, Git, Header, Label, Limit, Parameter, Processor, Subflow
from engine.model.ports import split_end
from tests.engine.model.strategies import sound_flows


def processor(key: str, **fields: object) -> Processor:
    return Processor(id=key, type="python", **fields)  # pyright: ignore[reportArgumentType]


def flow_of(*ends: str, steps: str = "abc", **fields: object) -> Flow:
    """A flow of steps `a`, `b`, `c` with connections such as `a.success->b.in`."""
    joined = [Connection(source=end.split("->")[0], target=end.split("->")[1]) for end in ends]
    return Flow(
        header=Header(name="x"),
        steps={key: processor(key) for key in steps},
        connections={connection.id: connection for connection in joined},
        **fields,  # pyright: ignore[reportArgumentType]
    )


def after(flow: Flow, changes: list[Change]) -> Flow:
    """The changed flow; taking the changes back must give the old one."""
    changed = apply(flow, changes)
    assert apply(changed, invert(changes)) == flow
    return changed


def test_adding_a_step_and_a_label():
    flow = flow_of()
    assert after(flow, edits.add(flow, processor("d"))).steps["d"] == processor("d")
    assert after(flow, edits.add(flow, Subflow(id="s", flow="f"))).steps["s"] == Subflow(id="s", flow="f")
    assert after(flow, edits.add(flow, Label(id="a"))).labels == {"a": Label(id="a")}


@pytest.mark.parametrize("key", ["a", "", "a b", "a/b", "a.b", "é", "x" * 201])
def test_adding_under_a_taken_or_malformed_id_is_refused(key):
    with pytest.raises(UsageError, match=r"choose another name|use letters, digits"):
        edits.add(flow_of(), processor(key))


def test_edits_work_inside_definitions():
    flow = Flow(
        header=Header(name="x"), definitions={"o": Flow(header=Header(name="o"), definitions={"i": flow_of(steps="a")})}
    )
    changes = edits.rename(flow, "a", "Parse", within="o/i")
    assert [change.id for change in changes] == ["o/i/a"]
    assert after(flow, changes).definitions["o"].definitions["i"].steps["a"].name == "Parse"
    with pytest.raises(NotFound, match=r"flow 'o' has no definition 'ii'; did you mean 'i'?"):
        edits.rename(flow, "a", "Parse", within="o/ii")


def test_moving_steps_and_labels():
    flow = flow_of(labels={"l": Label(id="l")})
    moved = after(flow, edits.move(flow, {"a": (1.0, 2.0), "label:l": (3.0, 4.0)}))
    assert moved.steps["a"].position == (1.0, 2.0)
    assert moved.labels["l"].position == (3.0, 4.0)
    assert edits.move(moved, {"a": (1.0, 2.0)}) == []
    with pytest.raises(NotFound, match="no processor or subflow 'z'"):
        edits.move(flow, {"z": (0.0, 0.0)})
    with pytest.raises(UsageError, match="has no position"):
        edits.move(flow, {"flow:": (0.0, 0.0)})


def layers(flow: Flow) -> dict[str, int]:
    return {key: part.layer for key, part in {**flow.steps, **flow.connections}.items() if part.layer}


def test_what_is_brought_to_the_front_lies_over_all_of_its_kind_and_sent_to_the_back_below():
    flow = flow_of("a.success->b.in", "b.success->c.in")
    flow = after(flow, edits.bring_to_front(flow, ["a", "a.success->b.in"]))
    assert layers(flow) == {"a": 1, "a.success->b.in": 1}
    assert edits.bring_to_front(flow, ["a", "a.success->b.in"]) == []  # they lie there already
    flow = after(flow, edits.bring_to_front(flow, ["b"]))
    assert layers(flow) == {"a": 1, "b": 2, "a.success->b.in": 1}
    flow = after(flow, edits.send_to_back(flow, ["b", "a.success->b.in"]))
    assert layers(flow) == {"a": 1, "b": -1, "a.success->b.in": -1}


def test_several_keep_their_order_among_each_other():
    flow = flow_of()
    flow = after(flow, edits.bring_to_front(flow, ["b"]))
    flow = after(flow, edits.bring_to_front(flow, ["c"]))
    flow = after(flow, edits.bring_to_front(flow, ["a", "b"]))
    assert layers(flow) == {"a": 3, "b": 4, "c": 2}
    flow = after(flow, edits.send_to_back(flow, ["c", "b"]))
    assert layers(flow) == {"a": 3, "b": 2, "c": 1}
    assert edits.bring_to_front(flow, ["a", "b", "c"]) == []  # nothing else is there


def test_renaming_never_changes_the_id():
    flow = flow_of()
    renamed = after(flow, edits.rename(flow, "a", "Parse the log"))
    assert renamed.steps["a"].name == "Parse the log"
    assert renamed.steps["a"].id == "a"


def test_configuring_parts():
    flow = flow_of("a.success->b.in", labels={"l": Label(id="l")})
    configured = after(flow, edits.configure(flow, "a", concurrency=3, config={"x": 1}))
    assert configured.steps["a"] == processor("a", concurrency=3, config={"x": 1})
    key = "a.success->b.in"
    assert after(flow, edits.configure(flow, key, limit=Limit(5, 6))).connections[key].limit == Limit(5, 6)
    assert after(flow, edits.configure(flow, "label:l", text="x")).labels["l"].text == "x"
    assert after(flow, edits.configure(flow, "flow:", name="y")).name == "y"
    assert edits.configure(flow, "a", concurrency=1) == []


@pytest.mark.parametrize(
    ("key", "fields", "message"),
    [
        ("a", {"concurency": 2}, "'a' has no field 'concurency'; did you mean 'concurrency'?"),
        ("a", {"id": "z"}, "'a' keeps its `id` as long as it lives"),
        ("a.success->b.in", {"target": "c.in"}, "keeps its `target`"),
    ],
)
def test_configuring_what_a_part_has_not_is_refused(key, fields, message):
    with pytest.raises(UsageError, match=message):
        edits.configure(flow_of("a.success->b.in"), key, **fields)


def test_editing_code_replaces_code_from_git():
    flow = Flow(header=Header(name="x"), steps={"a": processor("a", git=Git("r", "c", "m")), "s": Subflow(id="s", flow="f")})
    assert after(flow, edits.edit_code(flow, "a", "def f(x): return x")).steps["a"] == processor("a", code="def f(x): return x")
    with pytest.raises(UsageError, match="is a subflow and has no code"):
        edits.edit_code(flow, "s", "x")


def test_parameters_are_made_and_changed():
    flow = flow_of(parameters={"p": 1})
    assert edits.set_parameter(flow, "p", 2) == [Change("parameter:p", Parameter("p", 1), Parameter("p", 2))]
    assert edits.set_parameter(flow, "p", 1) == []
    assert after(flow, edits.set_parameter(flow, "q", None)).parameters == {"p": 1, "q": None}
    assert after(flow, edits.delete(flow, ["parameter:p"])).parameters == {}
    with pytest.raises(NotFound, match="no parameter 'q'"):
        edits.delete(flow, ["parameter:q"])


def test_connecting_opens_an_output_that_was_dropped():
    flow = flow_of()
    dropped = after(flow, edits.set_auto_terminate(flow, "a", ["success", "failure", "success"]))
    assert dropped.steps["a"].auto_terminate == ("success", "failure")
    connected = after(dropped, edits.connect(dropped, "a.success", "b.in", priority="lifo"))
    assert connected.steps["a"].auto_terminate == ("failure",)
    assert connected.connections["a.success->b.in"].priority == "lifo"


@pytest.mark.parametrize(
    ("source", "target", "error", "message"),
    [
        ("a.success", "b.in", UsageError, "are connected already; change that connection"),
        ("a.success", "z.in", NotFound, "no processor or subflow 'z'"),
        ("z.success", "a.in", NotFound, "no processor or subflow 'z'"),
        ("a.", "b.in", UsageError, "names no port"),
    ],
)
def test_impossible_connections_are_refused(source, target, error, message):
    with pytest.raises(error, match=message):
        edits.connect(flow_of("a.success->b.in"), source, target)


def test_disconnecting_and_reconnecting():
    flow = flow_of("a.success->b.in", "a.success->c.in")
    assert list(after(flow, edits.disconnect(flow, "a.success->b.in")).connections) == ["a.success->c.in"]
    with pytest.raises(NotFound, match=r"did you mean 'a.success->b.in'?"):
        edits.disconnect(flow, "a.succes->b.in")
    flow = after(flow, edits.configure(flow, "a.success->b.in", limit=Limit(1, 2)))
    moved = after(flow, edits.reconnect(flow, "a.success->b.in", source="c.failure"))
    assert moved.connections["c.failure->b.in"].limit == Limit(1, 2)
    assert "a.success->b.in" not in moved.connections
    assert edits.reconnect(flow, "a.success->b.in", target="b.in") == []
    with pytest.raises(UsageError, match="connected already"):
        edits.reconnect(flow, "a.success->b.in", target="c.in")


def test_deleting_takes_connections_along():
    flow = flow_of("a.success->b.in", "b.success->c.in", "b.failure->b.in", "a.failure->c.in", labels={"l": Label(id="l")})
    left = after(flow, edits.delete(flow, ["b", "label:l", "a.success->b.in", "b"]))
    assert list(left.steps) == ["a", "c"]
    assert list(left.connections) == ["a.failure->c.in"]
    assert left.labels == {}
    with pytest.raises(UsageError, match="header cannot be deleted"):
        edits.delete(flow, ["flow:"])


@pytest.mark.parametrize(
    ("ends", "deleted", "left"),
    [
        (["a.success->b.in", "b.success->c.in"], "b", {"a.success->c.in"}),
        (["a.success->b.in", "b.success->c.in", "c.success->d.in"], "bc", {"a.success->d.in"}),
        (["a.success->b.in", "b.success->c.in", "c.success->d.in"], "cb", {"a.success->d.in"}),
        (
            ["a.success->b.in", "a.failure->b.in", "b.success->c.in", "b.other->d.in"],
            "b",
            {f"a.{p}->{t}.in" for p in ("success", "failure") for t in "cd"},
        ),
        (["a.success->b.in", "b.failure->c.in"], "b", set()),
        (["a.success->b.in", "b.success->b.in", "b.success->c.in"], "b", {"a.success->c.in"}),
        (["a.success->b.in", "b.success->c.in", "a.success->c.in"], "b", {"a.success->c.in"}),
        (["a.success->b.in", "b.success->a.in"], "b", {"a.success->a.in"}),
        (["a.success->b.in", "b.success->c.in"], "abc", set()),
    ],
)
def test_healing_leads_past_what_is_deleted(ends, deleted, left):
    flow = flow_of(*ends, steps="abcd")
    assert set(after(flow, edits.delete(flow, list(deleted), heal=True)).connections) == left


def test_a_healed_connection_keeps_the_policy_of_the_way_in():
    flow = flow_of("a.success->b.in", "b.success->c.in")
    flow = after(flow, edits.configure(flow, "a.success->b.in", priority="lifo", bends=((1.0, 2.0),)))
    healed = after(flow, edits.delete(flow, ["b"], heal=True)).connections["a.success->c.in"]
    assert healed == Connection(source="a.success", target="c.in", priority="lifo")


def test_definitions_are_added_and_removed_when_unused():
    inner = flow_of("a.success->b.in", steps="ab")
    flow = flow_of(steps="a")
    flow = after(flow, edits.add_definition(flow, inner))
    assert flow.definitions == {"x": inner}
    with pytest.raises(UsageError, match="there is a definition 'x' already"):
        edits.add_definition(flow, inner)
    used = after(flow, edits.add(flow, Subflow(id="s", flow="x")))
    with pytest.raises(UsageError, match="definition 'x' is used by 's'; delete these first"):
        edits.remove_definition(used, "x")
    assert after(flow, edits.remove_definition(flow, "x")).definitions == {}
    with pytest.raises(NotFound, match="no definition 'z'"):
        edits.remove_definition(flow, "z")


@settings(max_examples=40, deadline=None)
@given(sound_flows(), st.data())
def test_any_edit_taken_back_leaves_the_flow_as_it_was(flow, data):
    keys = data.draw(st.lists(st.sampled_from(sorted(flow.steps)), unique=True, min_size=1))
    position = st.tuples(st.floats(-9, 9), st.floats(-9, 9))
    choices = [
        edits.move(flow, {key: data.draw(position) for key in keys}),
        edits.rename(flow, keys[0], data.draw(st.text(max_size=5))),
        edits.set_auto_terminate(flow, keys[0], data.draw(st.lists(st.sampled_from(["success", "failure"])))),
        edits.delete(flow, keys, heal=data.draw(st.booleans())),
        edits.duplicate(flow, keys),
        edits.wrap(flow, keys, "wrapped"),
    ]
    for changes in choices:
        changed = after(flow, changes)
        for scope_steps in (changed.steps,):
            for connection in changed.connections.values():
                for end in (connection.source, connection.target):
                    assert split_end(end)[0] in scope_steps
