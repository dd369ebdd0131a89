"""What the store refuses, and the sentence with which it does."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from sqlalchemy import update

from engine.database.connect import Database
from engine.database.tables import FlowRow
from engine.errors import IntegrityError
from engine.model import edits
from engine.model.apply import diff
from engine.model.change import Change
from engine.model.flow import Flow, Header
from engine.processors.registry import catalog
from engine.stores.flows import FlowStore
from tests.engine.stores.samples import adding, chain, exactly, flow, inner, join, nested, processor


def deep() -> list:
    value: list = []
    for _ in range(100_000):
        value = [value]
    return value


def refusal(store: FlowStore, made: Flow, *changes: Change) -> str:
    """The sentence with which the store refuses changes of a flow."""
    store.create(made, "ann")
    with pytest.raises(IntegrityError) as caught:
        store.apply(made.name, 1, changes, "ann")
    assert exactly(store.export(made.name)) == exactly(made)
    return str(caught.value)


def test_a_connection_needs_its_ports(store: FlowStore) -> None:
    said = refusal(store, chain("one"), adding(join("a.sucess", "c.in")))
    assert said == (
        "connection 'a.sucess->c.in': step 'a' has no output 'sucess' (it has 'failure', 'success'); did you mean 'success'?"
    )
    said = refusal(store, chain("two"), adding(join("ghost.success", "c.in")))
    assert said == "connection 'ghost.success->c.in': there is no step 'ghost'; add it first or correct the connection"


def test_a_connection_leads_from_an_output_to_an_input(store: FlowStore) -> None:
    said = refusal(store, chain(), adding(join("a.in", "b.in")))
    assert said == "connection 'a.in->b.in': 'in' of step 'a' is no output; a connection leads from an output to an input"


def test_inside_a_definition_its_inputs_give_and_its_outputs_take(store: FlowStore) -> None:
    store.create(nested(), "ann")
    wrong = join("success", "in")
    with pytest.raises(IntegrityError, match="'success' of the definition is no input"):
        store.apply("nested", 1, [Change(f"clean/{wrong.id}", None, wrong)], "ann")
    right = join("in", "success")
    assert store.apply("nested", 1, [Change(f"clean/{right.id}", None, right)], "ann") == 2


def test_a_port_in_use_cannot_go(store: FlowStore) -> None:
    made = chain()
    before = made.steps["a"]
    said = refusal(store, made, Change("a", before, replace(before, outputs=("other",))))
    assert (
        said
        == "step 'a' would lose its output 'success', which 'a.success->b.in' uses; delete that connection in the same edit"
    )


def test_a_port_may_go_with_its_connection_in_any_order(store: FlowStore) -> None:
    made = chain()
    store.create(made, "ann")
    step, gone = made.steps["a"], made.connections["a.success->b.in"]
    new = join("a.other", "b.in")
    changes = [adding(new), Change("a", step, replace(step, outputs=("other",))), Change(gone.id, gone, None)]

    store.apply("chain", 1, changes, "ann")

    assert list(store.export("chain").connections) == ["b.success->c.in", "a.other->b.in"]


def test_a_joined_step_cannot_go_alone(store: FlowStore) -> None:
    made = chain()
    said = refusal(store, made, Change("b", made.steps["b"], None))
    assert said == "processor 'b': the connection 'b.success->c.in' still uses it; delete it in the same edit"


def test_ids_are_unique(store: FlowStore) -> None:
    assert refusal(store, chain("one"), adding(processor("b"))) == (
        "processor 'b': there already is one of that id or name; choose another"
    )
    assert "there already is one" in refusal(store, chain("two"), adding(join("a.success", "b.in")))


def test_a_part_that_is_gone_cannot_change(store: FlowStore) -> None:
    ghost = processor("ghost")
    for number, change in enumerate((Change("ghost", ghost, replace(ghost, name="x")), Change("ghost", ghost, None))):
        said = refusal(store, chain(str(number)), change)
        assert said.endswith("'ghost': it is not there any more, or never was; reload the flow")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"concurrency": 0}, "a processor's concurrency is at least 1"),
        ({"mode": "words"}, "a processor's mode is 'message' or 'lines'"),
        ({"timeout_s": -1.0}, "a timeout is not negative"),
        ({"timeout_s": -1.0, "concurrency": 2**70}, "a value does not fit its column"),
        ({"config": {"deep": deep()}}, "a value is nested too deeply to be stored; flatten it"),
        ({"config": {"x": object()}}, "a value of type object cannot be stored exactly; use text, numbers, lists or mappings"),
    ],
)
def test_a_rule_that_is_broken_is_told_with_the_part_among_many(store: FlowStore, fields, said) -> None:
    made = chain("many", 200)
    made = replace(made, steps={**made.steps, "p77": processor("p77", **fields)})

    with pytest.raises(IntegrityError) as caught:
        store.create(made, "ann")

    assert str(caught.value).startswith(f"processor 'p77': {said}")
    assert store.list() == []


def test_a_definition_in_use_stays_and_a_missing_one_is_told(store: FlowStore) -> None:
    made = nested()
    emptied = replace(made, definitions={})
    said = refusal(store, made, *diff(made, emptied))
    assert said.startswith("subflow 'tidy': there is no definition 'clean' here; add the definition in the same edit")
    with pytest.raises(IntegrityError, match="subflow 'tidy': there is no definition 'clean' here"):
        store.create(replace(emptied, header=Header(name="other")), "ann")


def test_a_definition_with_parts_cannot_go(store: FlowStore) -> None:
    made = flow("holder", definitions={"clean": inner()})
    said = refusal(store, made, Change("clean/flow:", made.definitions["clean"].header, None))
    assert said == "step 'strip': its definition cannot be removed before it; delete it in the same edit"


def test_a_nearer_definition_takes_over(store: FlowStore) -> None:
    """A subflow means the nearest definition of a name; when one with other ports comes between, connections must fit it."""
    middle = flow("middle", [replace(nested().steps["tidy"], id="use")], [join("use.success", "use.in")])
    made = flow("outer", definitions={"clean": inner(), "middle": middle})
    store.create(made, "ann")
    other = flow("clean", header={"inputs": ("in",), "outputs": ("result",)})

    with pytest.raises(IntegrityError, match="step 'use' would lose its output 'success'"):
        store.apply("outer", 1, edits.add_definition(made, other, "middle"), "ann")

    same = flow("clean", header={"inputs": ("in", "more"), "outputs": ("success",)})
    store.apply("outer", 1, edits.add_definition(made, same, "middle"), "ann")
    new = join("use.success", "use.more")
    assert store.apply("outer", 2, [Change(f"middle/{new.id}", None, new)], "ann") == 3


def test_a_definition_takes_new_ports_to_its_uses(store: FlowStore) -> None:
    made = nested()
    store.create(made, "ann")
    header = made.definitions["clean"].header
    wider = replace(header, outputs=("success", "rest"))
    new = join("tidy.rest", "write.in")

    store.apply("nested", 1, [Change("clean/flow:", header, wider), adding(new)], "ann")
    with pytest.raises(IntegrityError, match="step 'tidy' would lose its output 'rest'"):
        store.apply("nested", 2, [Change("clean/flow:", wider, header)], "ann")


def test_a_type_that_is_not_installed_can_be_kept_and_joined(store: FlowStore) -> None:
    """Its ports are whatever its connections use; a use in both directions is a question for whoever has the type."""
    made = flow(
        "foreign", [processor("a", type="acme", code=None), processor("b")], [join("a.left", "b.in"), join("b.success", "a.x")]
    )
    store.create(made, "ann")
    new = join("a.right", "b.in")

    store.apply("foreign", 1, [adding(new)], "ann")

    assert list(store.export("foreign").connections) == [*made.connections, new.id]
    # When the type becomes known, its real ports are asked for.
    before = made.steps["a"]
    with pytest.raises(IntegrityError, match=r"step 'a' would lose its .*put '(left|right|x)'"):
        store.apply("foreign", 2, [Change("a", before, replace(before, type="python"))], "ann")


def test_a_built_in_type_has_the_ports_of_its_config(store: FlowStore) -> None:
    assert "route" in catalog()
    rules = {"slow": "content > 5"}
    route = processor("r", type="route", code=None, config={"rules": rules, "otherwise": "rest"})
    made = flow("routed", [route, processor("b")], [join("r.slow", "b.in"), join("r.rest", "b.in"), join("r.failure", "b.in")])
    store.create(made, "ann")
    with pytest.raises(IntegrityError, match="step 'r' has no output 'quick'"):
        store.apply("routed", 1, [adding(join("r.quick", "b.in"))], "ann")
    without = replace(route, config={"rules": {"fast": "content < 5"}, "otherwise": "rest"})
    with pytest.raises(IntegrityError, match="step 'r' would lose its output 'slow'"):
        store.apply("routed", 1, [Change("r", route, without)], "ann")


def test_queued_messages_keep_a_processor(store: FlowStore) -> None:
    made = chain()
    store.create(made, "ann")
    gone = edits.delete(made, ["b"])

    with pytest.raises(IntegrityError) as caught:
        store.apply("chain", 1, gone, "ann", queued={"a.success->b.in": 12})

    assert str(caught.value) == (
        "step 'b' cannot be deleted: 12 messages wait in the queue 'a.success->b.in';"
        " let the flow work them off, purge the queue, or force the deletion"
    )
    assert store.load("chain")[1] == 1
    assert store.apply("chain", 1, gone, "ann", queued={"a.success->b.in": 12}, force=True) == 2


def test_dead_letters_and_bare_connections_count_too(store: FlowStore) -> None:
    made = chain()
    store.create(made, "ann")

    with pytest.raises(IntegrityError, match="step 'c' cannot be deleted: 1 message waits in its dead letters"):
        store.apply("chain", 1, edits.delete(made, ["c"]), "ann", queued=lambda key: int(key == "dead:c"))
    with pytest.raises(IntegrityError, match="the connection cannot be deleted: 3 messages wait in the queue"):
        store.apply("chain", 1, edits.disconnect(made, "b.success->c.in"), "ann", queued={"b.success->c.in": 3})
    with pytest.raises(IntegrityError, match="2 messages wait"):
        store.delete("chain", "ann", queued={"b.success->c.in": 2})
    assert store.apply("chain", 1, edits.delete(made, ["c"]), "ann", queued={"a.success->b.in": 5}) == 2


def test_queues_inside_definitions_go_by_the_names_that_lead_there(store: FlowStore) -> None:
    made = nested()
    store.create(made, "ann")

    with pytest.raises(IntegrityError, match="step 'clean/strip' cannot be deleted: 4 messages wait in the queue"):
        store.apply("nested", 1, edits.delete(made, ["strip"], "clean"), "ann", queued={"clean/in->strip.in": 4})


def test_changes_that_contradict_each_other_are_refused(store: FlowStore) -> None:
    new = processor("new")
    assert "contradict each other: 'new' is there" in refusal(store, chain("one"), adding(new), adding(new))
    assert "contradict each other: 'a' is gone" in refusal(
        store, chain("two"), Change("a", processor("a"), None), Change("a", processor("a"), processor("a", name="x"))
    )
    assert "ids never change" in refusal(store, chain("three"), Change("a", processor("a"), processor("z")))
    assert "delete the flow itself" in refusal(store, chain("four"), Change("flow:", Header(name="four"), None))
    assert "there is no definition 'ghost'" in refusal(store, chain("five"), Change("ghost/a", None, processor("a")))


def test_the_row_itself_cannot_go_below_revision_one(store: FlowStore, database: Database) -> None:
    store.create(chain(), "ann")
    with pytest.raises(IntegrityError, match="revisions count from 1"), database.write() as transaction:
        transaction.execute(update(FlowRow).values(revision=0))
