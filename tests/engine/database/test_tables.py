"""Rules that the database keeps by itself, against whoever writes SQL to it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import CheckConstraint, Connection, delete, func, insert, select, update

from engine.database.connect import Database
from engine.database.failure import RULES
from engine.database.tables import (
    Base,
    ConnectionRow,
    DefinitionRow,
    FlowRow,
    PortRow,
    ProcessorRow,
    StepRow,
    SubflowRow,
)
from engine.errors import IntegrityError
from engine.stores.flows import FlowStore
from tests.engine.stores.samples import chain, everything, nested


@pytest.fixture
def ids(database: Database) -> dict[str, int]:
    """Rows of definitions by name: of a flow `chain`, a flow `nested`, and its definition `clean`."""
    store = FlowStore(database)
    store.create(chain(), "ann")
    store.create(nested(), "ann")
    name = func.coalesce(DefinitionRow.name, FlowRow.name)
    query = select(name, DefinitionRow.id).join(FlowRow, FlowRow.id == DefinitionRow.flow_id)
    with database.read() as connection:
        return dict(connection.execute(query).all())


def refused(database: Database, act) -> str:
    """The sentence with which the database refuses, at the latest when the transaction ends."""
    with pytest.raises(IntegrityError) as caught, database.write() as connection:
        act(connection)
    return str(caught.value)


def copied(connection: Connection, table: Any, condition: Any, **changes: Any) -> None:
    """Insert a row like another but for some columns."""
    row = connection.execute(select(table.__table__).where(condition)).mappings().first()
    assert row is not None
    connection.execute(insert(table).values({**row, **changes}))


def test_an_end_of_a_connection_exists(database: Database, ids: dict[str, int]) -> None:
    is_chain = ConnectionRow.definition_id == ids["chain"]
    for column in ("source_port", "target_port", "source_step", "target_step"):
        said = refused(
            database, lambda connection, column=column: copied(connection, ConnectionRow, is_chain, **{column: "ghost"})
        )
        assert said == "it refers to something that is not there, or something still refers to it"


def test_an_end_of_a_connection_has_the_right_direction(database: Database, ids: dict[str, int]) -> None:
    is_chain = ConnectionRow.definition_id == ids["chain"]
    ends = {"source_step": "a", "source_port": "in", "target_step": "b", "target_port": "in"}
    said = refused(database, lambda connection: copied(connection, ConnectionRow, is_chain, **ends))
    assert "refers to something that is not there" in said
    said = refused(database, lambda connection: copied(connection, ConnectionRow, is_chain, **ends, source_direction="in"))
    assert said == "a connection starts at an output"
    said = refused(
        database, lambda connection: copied(connection, ConnectionRow, is_chain, target_port="x", target_direction="out")
    )
    assert said == "a connection ends at an input"


def test_a_port_in_use_stays(database: Database, ids: dict[str, int]) -> None:
    used = (PortRow.definition_id == ids["chain"], PortRow.step_id == "a", PortRow.name == "success")
    assert "refers to it" in refused(database, lambda connection: connection.execute(delete(PortRow).where(*used)))
    assert "refers to it" in refused(
        database, lambda connection: connection.execute(update(PortRow).where(*used).values(name="x"))
    )


def test_a_joined_step_stays(database: Database, ids: dict[str, int]) -> None:
    joined = (StepRow.definition_id == ids["chain"], StepRow.id == "a")
    assert "refers to it" in refused(database, lambda connection: connection.execute(delete(StepRow).where(*joined)))


def test_ids_of_processors_and_subflows_are_unique_together(database: Database, ids: dict[str, int]) -> None:
    one = (StepRow.definition_id == ids["nested"]) & (StepRow.id == "tidy")
    said = refused(database, lambda connection: copied(connection, StepRow, one, kind="processor"))
    assert said == "there already is one of that id or name; choose another"
    other = (ProcessorRow.definition_id == ids["nested"]) & (ProcessorRow.id == "read")
    assert "refers to" in refused(database, lambda connection: copied(connection, ProcessorRow, other, id="tidy"))


def test_a_definition_stays_in_its_flow(database: Database, ids: dict[str, int]) -> None:
    with database.read() as connection:
        chain_id = connection.scalar(select(FlowRow.id).where(FlowRow.name == "chain"))
    clean = DefinitionRow.id == ids["clean"]
    moved = update(DefinitionRow).where(clean).values(flow_id=chain_id)
    assert "refers to something that is not there" in refused(database, lambda connection: connection.execute(moved))
    wrong = update(SubflowRow).values(uses_id=ids["chain"])
    assert "refers to something that is not there" in refused(database, lambda connection: connection.execute(wrong))


def test_a_flow_has_one_root_and_names_below_it_are_unique(database: Database, ids: dict[str, int]) -> None:
    root = DefinitionRow.id == ids["nested"]
    said = refused(database, lambda connection: copied(connection, DefinitionRow, root, id=999))
    assert said == "there already is one of that id or name; choose another"
    clean = DefinitionRow.id == ids["clean"]
    assert refused(database, lambda connection: copied(connection, DefinitionRow, clean, id=999)) == said
    nameless = refused(database, lambda connection: copied(connection, DefinitionRow, clean, id=999, name=None))
    assert nameless == "every definition but the flow's own has a name"


def test_a_definition_in_use_stays(database: Database, ids: dict[str, int]) -> None:
    gone = delete(DefinitionRow).where(DefinitionRow.id == ids["clean"])
    assert "refers to it" in refused(database, lambda connection: connection.execute(gone))


def test_deleting_a_flow_takes_everything_of_it(database: Database) -> None:
    FlowStore(database).create(everything(), "ann")
    with database.write() as connection:
        connection.execute(delete(FlowRow))
    with database.read() as connection:
        left = {table.name for table in Base.metadata.sorted_tables if connection.execute(select(table).limit(1)).first()}
    assert left == {"audit"}


@pytest.mark.parametrize(
    ("table", "changes", "said"),
    [
        (ProcessorRow, {"mode": "words"}, "a processor's mode is 'message' or 'lines'"),
        (ProcessorRow, {"every_s": 1.0, "once": True}, "a schedule is one of 'every', 'cron' and 'once'"),
        (ProcessorRow, {"cron": "* * * * *", "every_s": 1.0}, "a schedule is one of 'every', 'cron' and 'once'"),
        (ProcessorRow, {"replicas_max": 0}, "replicas have a minimum of at least 0 and a maximum not below it"),
        (ProcessorRow, {"git_repo": "r"}, "code from git has a repository, a commit and a module"),
        (ProcessorRow, {"git_requirements": "r"}, "code from git has a repository, a commit and a module"),
        (ProcessorRow, {"memory_bytes": -1}, "a memory limit is not negative"),
        (ConnectionRow, {"priority": "urgent"}, "a connection's priority is fifo, lifo, oldest or attribute:NAME"),
        (ConnectionRow, {"priority": "attribute:"}, "a connection's priority is fifo, lifo, oldest or attribute:NAME"),
        (ConnectionRow, {"limit_messages": -1}, "a connection's limits are not negative"),
        (StepRow, {"x": 1.0, "y": None}, "a position has two finite numbers"),
        (FlowRow, {"name": ""}, "a flow needs a name"),
    ],
)
def test_values_of_fixed_meaning_are_checked(database: Database, ids: dict[str, int], table, changes, said) -> None:
    assert ids
    assert refused(database, lambda connection: connection.execute(update(table).values(changes))) == said


def test_every_check_says_what_it_asks_for_and_every_constraint_has_a_name() -> None:
    for table in Base.metadata.sorted_tables:
        for constraint in table.constraints:
            assert constraint.name, f"a nameless constraint of {table.name}"
            if isinstance(constraint, CheckConstraint):
                assert RULES[str(constraint.name)]
        assert all(index.name for index in table.indexes)
