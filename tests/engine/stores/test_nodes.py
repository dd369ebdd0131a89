from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from engine.database.connect import Database
from engine.errors import IntegrityError
from engine.stores.deployments import DeploymentStore
from engine.stores.flows import FlowStore
from engine.stores.nodes import Agent, Node, NodeStore, Task, Worker
from tests.engine.stores.samples import chain

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
NODE = Node(
    name="n1", address="10.0.0.1", system="Linux x86_64", cpus=8, memory_bytes=2**35, seen_at=NOON, labels=("gpu", "big")
)
AGENT = Agent(name="n1.agent", node="n1", pid=7, version="0.1.0", state="running", started_at=NOON, seen_at=NOON)


@pytest.fixture
def nodes(database: Database) -> NodeStore:
    return NodeStore(database)


@pytest.fixture
def deployment(database: Database) -> str:
    FlowStore(database).create(chain(), "ann")
    return DeploymentStore(database).deploy("chain", "cluster", "ann").id


def worker(deployment: str | None, **fields) -> Worker:
    usual = {"name": "w1", "agent": AGENT.name, "stage": "a", "pid": 8, "state": "running", "started_at": NOON, "seen_at": NOON}
    return Worker(deployment_id=deployment, **{**usual, **fields})


def test_what_is_recorded_is_listed(nodes: NodeStore, deployment: str) -> None:
    one = worker(deployment)
    task = Task(id="t1", deployment_id=deployment, stage="a", state="running", started_at=NOON, worker="w1")

    nodes.record(NODE, AGENT, one, task)

    assert nodes.nodes() == [NODE]
    assert nodes.agents() == nodes.agents("n1") == [AGENT]
    assert nodes.workers() == nodes.workers(AGENT.name) == [one]
    assert nodes.tasks() == nodes.tasks(deployment) == [task]
    assert (nodes.agents("other"), nodes.workers("other"), nodes.tasks("other")) == ([], [], [])


def test_a_later_report_takes_the_place_of_the_earlier(nodes: NodeStore, deployment: str) -> None:
    task = Task(id="t1", deployment_id=deployment, stage="a", state="running", started_at=NOON)
    later = replace(NODE, seen_at=NOON + timedelta(seconds=5), labels=(), enabled=False)
    done = replace(task, state="done", finished_at=NOON + timedelta(seconds=1), received=2**40, sent=5, failed=1, error="x")
    nodes.record(NODE, task)

    nodes.record(later, done)

    assert nodes.nodes() == [later]
    assert nodes.tasks() == [done]


def test_tasks_are_the_newest_first(nodes: NodeStore, deployment: str) -> None:
    tasks = [
        Task(id=str(number), deployment_id=deployment, stage="a", state="running", started_at=NOON + timedelta(seconds=number))
        for number in range(5)
    ]
    nodes.record(*tasks)

    assert nodes.tasks(limit=2) == [tasks[4], tasks[3]]


def test_reports_are_kept_all_or_none(nodes: NodeStore) -> None:
    with pytest.raises(IntegrityError, match=r"agent 'n1\.agent': it refers to something that is not there"):
        nodes.record(replace(NODE, name="n2"), AGENT)
    assert nodes.nodes() == []


def test_states_are_those_there_are(nodes: NodeStore, deployment: str) -> None:
    with pytest.raises(IntegrityError, match=r"agent 'n1\.agent': an agent is starting, running, stopping or stopped"):
        nodes.record(NODE, replace(AGENT, state="asleep"))
    with pytest.raises(IntegrityError, match="task 't1': a task has finished unless it is running"):
        nodes.record(Task(id="t1", deployment_id=deployment, stage="a", state="done", started_at=NOON))


def test_tasks_outlive_their_worker_but_not_their_deployment(nodes: NodeStore, database: Database, deployment: str) -> None:
    task = Task(id="t1", deployment_id=deployment, stage="a", state="running", started_at=NOON, worker="w1")
    nodes.record(NODE, AGENT, worker(deployment), task)
    with database.write() as transaction:
        transaction.exec_driver_sql("DELETE FROM nodes")
    assert (nodes.agents(), nodes.workers()) == ([], [])
    assert nodes.tasks() == [replace(task, worker=None)]

    DeploymentStore(database).delete("chain", "cluster", "ann")

    assert nodes.tasks() == []
