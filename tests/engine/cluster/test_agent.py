"""What an agent has its workers do, on PostgreSQL."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from multiprocessing import Pipe
from types import SimpleNamespace

import pytest

from engine.cluster.agent import Agent
from engine.cluster.crew import Member
from engine.cluster.job import Job
from engine.cluster.keepers import Keepers
from engine.database.connect import Database
from engine.database.session import open_database
from engine.model.codec import load_flow
from engine.stores.cluster import ClusterStore, Identity
from engine.stores.flows import FlowStore
from engine.stores.slots import Me
from engine.targets import Target
from tests.engine.runtime.running import flow
from tests.servers import PostgreSQL

pytestmark = pytest.mark.servers
STEP = """
- id: work
  type: python
  code: "def work(message): return message"
"""


@pytest.fixture
def database(postgresql: PostgreSQL, new_postgresql_url: Callable[[str], str]) -> Iterator[Database]:
    opened = open_database(
        new_postgresql_url(postgresql.template("store", lambda url: open_database(url, create=True).close()))
    )
    yield opened
    opened.close()


@pytest.fixture
def process() -> Iterator[subprocess.Popen[bytes]]:
    """A process that does not end by itself."""
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3600)"]) as started:
        yield started
        started.kill()


def test_what_is_terminated_ends_at_once_though_the_books_know_of_it_before_the_situation(
    database: Database, process: subprocess.Popen[bytes]
) -> None:
    store = ClusterStore(database)
    made = load_flow(flow(STEP, "", "auto_terminate: [work.success]\n"))
    stored = FlowStore(database).import_flow(made, "ann")
    given = {"parameters": {}, "folder": "", "version": "1", "stages": {"work": 1}}
    wanted = store.deploy(made, stored.id, "ann", name="flow", **given)  # type: ignore[arg-type]
    me = Me("a", "a", "host", "Linux", 1, "1", 2, 10**9)
    identity, target = Identity("c", "key"), Target(name="t", broker="", bus="", database="")
    agent = Agent(target, identity, me, database, folder="", secrets={})
    agent._keepers = Keepers(SimpleNamespace(), store, agent._store, lambda: None)  # type: ignore[arg-type]
    key = (wanted.id, "work", 0)
    job = Job("a/1", "a", target, identity, store.order("flow"), "work", "", {})
    ours, theirs = Pipe()
    member = agent._crew.members[key] = Member(key, job, process, ours, None)  # type: ignore[arg-type]
    member.steps = ("work",)
    # Something is wanted, the agent looks at how all stands, and only then is the step terminated.
    store.call_all("flow")
    before = store.situation()
    store.set_stopped("flow", ["work"], {}, "ann", terminated=["work"])
    asyncio.run(agent._books.learn(before))
    agent._obey(before)
    assert member.was_terminated
    assert process.wait(60) == -signal.SIGKILL
    for end in (ours, theirs):
        end.close()
