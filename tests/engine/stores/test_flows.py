from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from msgspec.structs import replace
from sqlalchemy import event, func, select

from engine.database.connect import Database
from engine.database.tables import AuditRow, Base
from engine.errors import ConflictError, IntegrityError, NotFound
from engine.model import edits
from engine.model.apply import apply, diff, located
from engine.model.change import Change, invert
from engine.model.flow import Flow, Header
from engine.stores.flows import FlowStore
from tests.engine.stores.samples import CODE, adding, chain, everything, exactly, flow, inner, join, nested, processor
from tests.engine.stores.strategies import flows


@pytest.fixture
def on_one_database(long_form: bool) -> settings:
    """All examples of a property share the test's database, under names of their own."""
    return settings(
        max_examples=500 if long_form else 20, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
    )


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
        made = located(before, changes)
        assert store.apply(name, 1, made, "ann") == 2
        assert exactly(store.export(name)) == exactly(apply(before, changes))
        assert store.changes_since(name, 1) == changes
        # And back again, as undo would have it: every part at its place.
        store.apply(name, 2, invert(made), "ann")
        assert exactly(store.export(name)) == exactly(before)
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

    assert (newest.revision, newest.author, newest.note) == (2, "bob", "")
    assert (oldest.revision, oldest.author, oldest.note) == (1, "ann", "")
    assert store.code_at("nested", "clean/strip", 2) == "def f(x): return x"
    assert store.code_at("nested", "clean/strip", 1) == CODE
    assert newest.sha256 == hashlib.sha256(b"def f(x): return x").hexdigest()
    assert newest.sha256 != oldest.sha256
    assert store.code_history("nested", "strip") == []


def test_versions_of_code_have_notes(store: FlowStore) -> None:
    store.create(nested(), "ann")
    store.note_code("nested", "clean/strip", 1, "works with tabs, too", "bob")
    assert [each.note for each in store.code_history("nested", "clean/strip")] == ["works with tabs, too"]
    store.note_code("nested", "clean/strip", 1, "", "bob")
    assert [each.note for each in store.code_history("nested", "clean/strip")] == [""]
    assert [each.number for each in store.history("nested")] == [1], "a note is no revision"
    for ask in (
        lambda: store.note_code("nested", "clean/strip", 7, "x", "bob"),
        lambda: store.code_at("nested", "clean/strip", 7),
    ):
        with pytest.raises(NotFound, match="processor 'clean/strip' of flow 'nested' got no code with revision 7"):
            ask()


def test_code_history_outlives_its_processor(store: FlowStore) -> None:
    made = chain()
    store.create(made, "ann")
    gone = edits.delete(made, ["b"])
    store.apply("chain", 1, gone, "ann")
    store.apply("chain", 2, invert(gone), "ann")

    assert [each.revision for each in store.code_history("chain", "b")] == [3, 1]


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
