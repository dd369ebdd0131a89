from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert

from engine.database import version
from engine.database.dump import dump, restore
from engine.database.session import open_database
from engine.database.tables import ClusterSettingRow, LogLineRow, SlotRow
from engine.errors import UsageError
from engine.model import edits
from engine.stores.deployments import DeploymentStore
from engine.stores.flows import FlowStore
from engine.stores.nodes import Agent, Node, NodeStore, Task, Worker
from engine.stores.users import UserStore
from tests.engine.stores.samples import chain, everything, nested

NOW = datetime(2024, 5, 1, tzinfo=UTC)


@pytest.fixture
def filled(new_url: Callable[[], str]):
    """A database with something in every table."""
    database = open_database(new_url())
    flows = FlowStore(database)
    flows.create(everything(), "ann")
    flows.create(nested(), "ann")
    flows.apply("nested", 1, edits.delete(nested(), ["tidy"], heal=True), "bob")
    deployed = DeploymentStore(database).deploy("everything", "local", "ann", parameters={"n": b"\x00"})
    users = UserStore(database)
    users.put("ann", password_hash="$argon2id$1")
    users.put_role("viewer", ["SEE_FLOW"])
    users.assign("ann", ["viewer"])
    usual = {"pid": 7, "state": "running", "started_at": NOW, "seen_at": NOW}
    NodeStore(database).record(
        Node(name="n1", address="", system="", cpus=1, memory_bytes=1, seen_at=NOW, labels=("a",)),
        Agent(name="a1", node="n1", version="0", **usual),
        Worker(name="w1", agent="a1", deployment_id=deployed.id, stage="a", **usual),
        Task(id="t1", deployment_id=deployed.id, stage="a", state="running", started_at=NOW, worker="w1"),
    )
    slot = {"number": 0, "worker": "w1", "epoch": 1, "until": NOW, "state": "running", "trouble": "", "busy": 0}
    line = {"flow": "everything", "step": "a", "node": "n1", "worker": "w1", "level": "info", "text": "hello"}
    with database.write() as transaction:
        transaction.execute(insert(SlotRow), [{"deployment_id": deployed.id, "stage": "a", "agent": "a1", **slot}])
        transaction.execute(insert(LogLineRow), [{"at": NOW, **line}])
        transaction.execute(insert(ClusterSettingRow), [{"name": "key", "value": "secret"}])
    yield database
    database.close()


def test_a_dump_is_one_json_object_with_every_table(filled) -> None:
    content = json.loads("".join(dump(filled)))

    assert content["version"] == version.HEAD
    assert len(content["tables"]) == 23
    assert all(content["tables"].values()), [name for name, rows in content["tables"].items() if not rows]
    assert {row["name"] for row in content["tables"]["flows"]} == {"everything", "nested"}


def test_hashes_of_passwords_are_left_out_unless_asked_for(filled) -> None:
    assert "argon2" not in "".join(dump(filled))
    assert "argon2" in "".join(dump(filled, secrets=True))


def test_a_dump_restored_is_the_same_database(filled, new_url: Callable[[], str]) -> None:
    text = "".join(dump(filled, secrets=True))
    other = open_database(new_url())

    restore(other, text)

    assert "".join(dump(other, secrets=True)) == text
    flows = FlowStore(other)
    assert repr(flows.export("everything")) == repr(everything())
    assert flows.changes_since("nested", 1) == FlowStore(filled).changes_since("nested", 1)
    # New rows get numbers behind the restored ones.
    flows.create(chain(), "ann")
    flows.apply("nested", 2, edits.set_parameter(flows.export("nested"), "x", 1), "ann")
    other.close()


def test_a_large_table_is_never_in_memory_at_once(filled) -> None:
    FlowStore(filled).create(chain("large", 2_000), "ann")
    pieces = list(dump(filled))
    assert len(pieces) > 8_000
    assert max(map(len, pieces)) < 10_000


def test_what_cannot_be_restored_is_refused(filled, new_url: Callable[[], str]) -> None:
    text = "".join(dump(filled))
    with pytest.raises(UsageError, match=r"already holds .*: restore into an empty database"):
        restore(filled, text)
    empty = open_database(new_url())
    for wrong in ("", "[]", "{}", '{"version": "0001"}', "no json"):
        with pytest.raises(UsageError, match="the text is no dump of a PYFI database; make one with `pyfi db json`"):
            restore(empty, wrong)
    with pytest.raises(UsageError, match="the dump is of version 0000"):
        restore(empty, text.replace(f'"{version.HEAD}"', '"0000"', 1))
    assert json.loads("".join(dump(empty)))["tables"]["flows"] == []
    empty.close()
