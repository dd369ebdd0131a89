from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from msgspec.structs import replace
from sqlalchemy import event, func, select

from engine.database.connect import Database
from engine.database.tables import AuditRow, Base, FlowRow
from engine.errors import ConflictError, IntegrityError, NotFound
from engine.model import edits
from engine.model.apply import apply, diff
from engine.model.change import Change, invert
from engine.model.flow import Flow, Header
from engine.processors.registry import catalog
from engine.stores.flows import FlowStore
from tests.engine.stores.samples import CODE, chain, everything, flow, inner, join, nested, processor
from tests.engine.stores.strategies import flows


@pytest.fixture
def on_one_database(long_form: bool) -> settings:
    """All examples of a property share the test's database, under names of their own."""
    return settings(max_examples=500 if long_form else 20, suppress_health_check=list(HealthCheck))


@pytest.fixture
def store(database: Database) -> FlowStore:
    return FlowStore(database)


def deep() -> list:
    value: list = []
    for _ in range(100_000):
        value = [value]
    return value


def exactly(made: Flow) -> str:
    """A flow to the last type and in order, which equality of flows does not look at."""
    return repr(made)


def test_a_stored_flow_comes_back_to_the_last_field_type_and_order(store: FlowStore) -> None:
    made = everything()

    stored = store.create(made, "ann")

    assert stored.revision == 1
    for key in (stored.id, "everything"):
        loaded, revision = store.load(key)
        assert exactly(loaded) == exactly(made)
        assert revision == 1
    assert exactly(store.export("everything")) == exactly(made)


def test_any_sound_flow_comes_back_equal(store: FlowStore, on_one_database: settings) -> None:
    @on_one_database
    @given(flows())
    def check(made: Flow) -> None:
        name = uuid4().hex
        made = replace(made, header=replace(made.header, name=name))
        store.create(made, "ann")
        assert exactly(store.export(name)) == exactly(made)
        store.delete(name, "ann")

    check()


def test_any_sound_edit_gives_what_the_model_gives(store: FlowStore, on_one_database: settings) -> None:
    @on_one_database
    @given(flows(), flows())
    def check(before: Flow, after: Flow) -> None:
        name = uuid4().hex
        before, after = (replace(each, header=replace(each.header, name=name)) for each in (before, after))
        store.create(before, "ann")
        changes = diff(before, after)
        assert store.apply(name, 1, changes, "ann") == 2
        assert exactly(store.export(name)) == exactly(apply(before, changes))
        assert store.changes_since(name, 1) == changes
        # And back again, as undo would have it.
        store.apply(name, 2, invert(changes), "ann")
        assert store.export(name) == before
        store.delete(name, "ann")

    check()


def test_an_import_gives_exactly_what_was_imported(store: FlowStore, on_one_database: settings) -> None:
    @on_one_database
    @given(flows(), flows())
    def check(before: Flow, after: Flow) -> None:
        name = uuid4().hex
        before, after = (replace(each, header=replace(each.header, name=name)) for each in (before, after))
        store.import_flow(before, "ann")
        store.import_flow(after, "ann")
        loaded = store.export(name)
        assert loaded == after
        assert list(loaded.steps) == list(after.steps)
        assert list(loaded.connections) == list(after.connections)
        assert list(loaded.definitions) == list(after.definitions)
        store.delete(name, "ann")

    check()


def test_importing_the_same_flow_again_makes_no_revision(store: FlowStore) -> None:
    store.import_flow(everything(), "ann")

    assert store.import_flow(everything(), "ann").revision == 1


def test_importing_another_order_is_a_revision(store: FlowStore) -> None:
    made = chain()
    store.import_flow(made, "ann")
    turned = replace(made, steps=dict(reversed(made.steps.items())))

    assert store.import_flow(turned, "ann").revision == 2
    assert exactly(store.export("chain")) == exactly(turned)


EDITS = {
    "move": lambda made: edits.move(made, {"read": (5.0, 6.5)}),
    "move all": lambda made: edits.move(made, {"read": (1.0, 1.0), "tidy": (2.0, 2.0), "write": (3.0, 3.0)}),
    "rename": lambda made: edits.rename(made, "tidy", "Tidy up"),
    "edit code": lambda made: edits.edit_code(made, "strip", "def f(x):\n    return x.strip()\n", "clean"),
    "configure": lambda made: edits.configure(made, "write", retry=replace(made.steps["write"].retry, attempts=4)),
    "add": lambda made: edits.add(made, processor("new"), "clean"),
    "parameter": lambda made: edits.set_parameter(made, "slow_ms", 2**66),
    "disconnect": lambda made: edits.disconnect(made, "read.success->tidy.in"),
    "reconnect": lambda made: edits.reconnect(made, "read.success->tidy.in", target="write.in"),
    "delete": lambda made: edits.delete(made, ["tidy"]),
    "delete and heal": lambda made: edits.delete(made, ["tidy"], heal=True),
    "add definition": lambda made: edits.add_definition(made, inner("other"), "clean"),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
def test_edits_of_the_model_mean_the_same_in_the_store(store: FlowStore, edit) -> None:
    made = nested()
    store.create(made, "ann")
    changes = edit(made)

    assert store.apply("nested", 1, changes, "ann") == 2

    assert exactly(store.export("nested")) == exactly(apply(made, changes))
    store.apply("nested", 2, invert(changes), "ann")
    assert store.export("nested") == made


def test_a_move_in_a_large_flow_writes_a_handful_of_rows(store: FlowStore, database: Database) -> None:
    made = chain("large", 300)
    store.create(made, "ann")
    written: list[str] = []

    def note(_connection, _cursor, statement, parameters, _context, many) -> None:
        if statement.startswith(("INSERT", "UPDATE", "DELETE", "COPY")):
            written.extend([statement.split("(")[0]] * (len(parameters) if many else 1))

    event.listen(database.engine, "before_cursor_execute", note)
    store.apply("large", 1, edits.move(made, {"p7": (1.0, 2.0)}), "ann")

    # The flow's revision, the step's two rows, the audit.
    assert len(written) == 4
    assert store.export("large").steps["p7"].position == (1.0, 2.0)


def test_an_edit_of_an_old_revision_is_refused_and_says_what_happened(store: FlowStore) -> None:
    made = chain()
    store.create(made, "ann")
    store.apply("chain", 1, edits.move(made, {"b": (1.0, 2.0)}), "bob")

    with pytest.raises(ConflictError) as caught:
        store.apply("chain", 1, edits.move(made, {"a": (9.0, 9.0)}), "ann")

    assert str(caught.value) == (
        "flow 'chain' is at revision 2, you edited 1: 'bob' changed 'b' meanwhile;"
        " reload the flow, or merge your edit with theirs"
    )
    assert store.export("chain").steps["a"].position is None
    assert store.changes_since("chain", 1) == edits.move(made, {"b": (1.0, 2.0)})


def test_a_refused_edit_leaves_nothing_behind(store: FlowStore, database: Database) -> None:
    made = chain()
    store.create(made, "ann")
    good = edits.move(made, {"b": (1.0, 2.0)})
    bad = join("a.nowhere", "c.in")

    with pytest.raises(IntegrityError, match=r"a\.nowhere->c\.in"):
        store.apply("chain", 1, [*good, Change(bad.id, None, bad)], "ann")

    loaded, revision = store.load("chain")
    assert (exactly(loaded), revision) == (exactly(made), 1)
    with database.read() as transaction:
        assert transaction.scalar(select(func.count()).select_from(AuditRow)) == 1


def refusal(store: FlowStore, made: Flow, *changes: Change) -> str:
    """The sentence with which the store refuses changes of a flow."""
    store.create(made, "ann")
    with pytest.raises(IntegrityError) as caught:
        store.apply(made.name, 1, changes, "ann")
    assert exactly(store.export(made.name)) == exactly(made)
    return str(caught.value)


def adding(part) -> Change:
    return Change(part.id, None, part)


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


def test_rename_keeps_the_id_and_refuses_a_taken_name(store: FlowStore) -> None:
    stored = store.create(chain("one"), "ann")
    store.create(chain("two"), "ann")

    renamed = store.rename("one", "uno", "bob")

    assert (renamed.id, renamed.name, renamed.revision, renamed.updated_by) == (stored.id, "uno", 2, "bob")
    assert store.export("uno") == chain("uno")
    with pytest.raises(ConflictError, match="there already is a flow 'two'"):
        store.rename("uno", "two", "ann")
    with pytest.raises(IntegrityError, match="a flow needs a name"):
        store.rename("uno", "", "ann")


def test_a_new_header_renames_too(store: FlowStore) -> None:
    made = chain()
    store.create(made, "ann")
    store.create(chain("taken"), "ann")

    with pytest.raises(ConflictError, match="there already is a flow 'taken'"):
        store.apply("chain", 1, [Change("flow:", made.header, Header(name="taken"))], "ann")
    store.apply("chain", 1, [Change("flow:", made.header, Header(name="other", notes="n"))], "ann")

    assert store.export("other").header == Header(name="other", notes="n")


def test_names_are_taken_once(store: FlowStore) -> None:
    store.create(chain(), "ann")
    with pytest.raises(ConflictError, match="there already is a flow 'chain': choose another name, or import over it"):
        store.create(chain(), "ann")


def test_delete_takes_all_rows_but_the_record(store: FlowStore, database: Database) -> None:
    store.create(everything(), "ann")
    store.delete("everything", "bob")

    with database.read() as transaction:
        left = {
            table.name: count
            for table in Base.metadata.sorted_tables
            if (count := transaction.scalar(select(func.count()).select_from(table)))
        }
        acts = transaction.execute(select(AuditRow.action, AuditRow.author, AuditRow.flow_name).order_by(AuditRow.id)).all()
    assert left == {"audit": 2}
    assert [tuple(act) for act in acts] == [("create", "ann", "everything"), ("delete", "bob", "everything")]


def test_a_missing_flow_is_told_with_the_nearest_name(store: FlowStore) -> None:
    store.create(chain("web-log"), "ann")
    with pytest.raises(NotFound, match="there is no flow 'web-lag' in the database; did you mean 'web-log'"):
        store.load("web-lag")
    for act in (
        store.find,
        store.export,
        store.history,
        lambda name: store.delete(name, "ann"),
        lambda name: store.apply(name, 1, [], "a"),
    ):
        with pytest.raises(NotFound):
            act("nothing like it")


def test_list_is_by_name_with_times_and_counts(database: Database) -> None:
    moments = iter(datetime(2024, 5, 1, 12, tzinfo=UTC) + timedelta(hours=hour) for hour in range(9))
    store = FlowStore(database, now=lambda: next(moments))
    store.create(nested(), "ann")
    store.create(chain(), "bob")
    made = chain()
    store.apply("chain", 1, edits.move(made, {"a": (0.0, 0.0)}), "cleo")

    first, second = store.list()

    assert (first.name, first.revision, first.created_at.hour, first.updated_at.hour, first.updated_by) == (
        "chain",
        2,
        13,
        14,
        "cleo",
    )
    assert first.updated_at.tzinfo is UTC
    assert second.name == "nested"
    assert store.count_processors() == {first.id: 3, second.id: 3}


def test_history_names_every_revision(store: FlowStore) -> None:
    made = chain()
    store.create(made, "ann")
    store.apply("chain", 1, edits.move(made, {"b": (1.0, 2.0), "a": (0.0, 0.0)}), "bob")
    store.rename("chain", "kette", "cleo")
    store.import_flow(replace(made, header=Header(name="kette"), parameters={"p": 1}), "dan")

    history = store.history("kette")

    assert [(each.number, each.author, each.action) for each in history] == [
        (4, "dan", "import"),
        (3, "cleo", "rename"),
        (2, "bob", "edit"),
        (1, "ann", "create"),
    ]
    assert set(history[2].parts) == {"a", "b"}
    assert [each.number for each in store.history("kette", limit=2)] == [4, 3]


def test_every_code_that_a_processor_had_is_kept(store: FlowStore) -> None:
    made = nested()
    store.create(made, "ann")
    new = edits.edit_code(made, "strip", "def f(x): return x", "clean")
    store.apply("nested", 1, new, "bob")
    store.apply("nested", 2, edits.move(apply(made, new), {"strip": (1.0, 1.0)}, "clean"), "bob")

    newest, oldest = store.code_history("nested", "clean/strip")

    assert (newest.revision, newest.author, newest.code) == (2, "bob", "def f(x): return x")
    assert (oldest.revision, oldest.author, oldest.code) == (1, "ann", CODE)
    assert newest.sha256 == hashlib.sha256(b"def f(x): return x").hexdigest()
    assert newest.sha256 != oldest.sha256
    assert store.code_history("nested", "strip") == []


def test_code_history_outlives_its_processor(store: FlowStore) -> None:
    made = chain()
    store.create(made, "ann")
    gone = edits.delete(made, ["b"])
    store.apply("chain", 1, gone, "ann")
    store.apply("chain", 2, invert(gone), "ann")

    assert [each.revision for each in store.code_history("chain", "b")] == [3, 1]


def test_changes_that_contradict_each_other_are_refused(store: FlowStore) -> None:
    new = processor("new")
    assert "contradict each other: 'new' is there" in refusal(store, chain("one"), adding(new), adding(new))
    assert "contradict each other: 'a' is gone" in refusal(
        store, chain("two"), Change("a", processor("a"), None), Change("a", processor("a"), processor("a", name="x"))
    )
    assert "ids never change" in refusal(store, chain("three"), Change("a", processor("a"), processor("z")))
    assert "delete the flow itself" in refusal(store, chain("four"), Change("flow:", Header(name="four"), None))
    assert "there is no definition 'ghost'" in refusal(store, chain("five"), Change("ghost/a", None, processor("a")))


def test_what_comes_and_goes_in_one_edit_was_never_there(store: FlowStore) -> None:
    made = chain()
    store.create(made, "ann")
    new = processor("new")

    store.apply("chain", 1, [adding(new), Change("new", new, None)], "ann")

    assert exactly(store.export("chain")) == exactly(made)


def test_what_goes_and_comes_back_is_last(store: FlowStore) -> None:
    made = flow("loose", [processor("a"), processor("b")])
    store.create(made, "ann")
    changes = [Change("a", processor("a"), None), Change("a", None, processor("a", name="again"))]

    store.apply("loose", 1, changes, "ann")

    assert exactly(store.export("loose")) == exactly(apply(made, changes))
    assert list(store.export("loose").steps) == ["b", "a"]


def test_a_step_may_turn_into_the_other_kind(store: FlowStore) -> None:
    made = nested()
    store.create(made, "ann")
    before = made.steps["tidy"]
    after = processor("tidy")
    changes = [Change("tidy", before, after)]

    store.apply("nested", 1, changes, "ann")
    assert exactly(store.export("nested")) == exactly(apply(made, changes))
    store.apply("nested", 2, invert(changes), "ann")
    assert exactly(store.export("nested")) == exactly(made)


def test_a_flow_is_found_by_name_before_id(store: FlowStore) -> None:
    first = store.create(chain("one"), "ann")
    store.create(chain(first.id, 2), "ann")

    assert len(store.export(first.id).steps) == 2


def test_the_row_itself_cannot_go_below_revision_one(store: FlowStore, database: Database) -> None:
    store.create(chain(), "ann")
    with pytest.raises(IntegrityError, match="revisions count from 1"), database.write() as transaction:
        transaction.execute(FlowRow.__table__.update().values(revision=0))
