"""What KEDA asks, asked of real servers: the queries of the manifests count what waits, with no rights but those they need."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import psycopg
import pytest
from psycopg import sql

from engine.database.connect import Database
from engine.database.session import open_database
from engine.ledger.base import Ledger, QueueSpec
from engine.ledger.url import open_ledger
from engine.model.flow import Flow, Header
from engine.stores.cluster import ClusterStore
from engine.stores.flows import FlowStore
from tests.contract.ledger_case import Case
from tests.packaging.manifests import KUBERNETES, named
from tests.servers import PostgreSQL

READER = (KUBERNETES / "keda" / "reader.sql").read_text(encoding="utf-8")
QUEUES = tuple(
    QueueSpec(key) for key in ("read.success->enrich.in", "fix.out->enrich.again", "enrich.success->out.in", "dead:enrich")
)
_PASSWORD = "a-password-of-its-own"


def query(name: str) -> str:
    """What the manifest has KEDA ask PostgreSQL."""
    (found,) = [each["metadata"] for each in named("ScaledObject", name)["spec"]["triggers"] if each["type"] == "postgresql"]
    return found["query"]


@pytest.fixture
def url(new_postgresql_url: Callable[..., str]) -> str:
    made = new_postgresql_url()
    open_database(made, create=True).close()
    return made


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = open_database(url)
    yield opened
    opened.close()


@pytest.fixture
def ledger(url: str) -> Iterator[Ledger]:
    opened = open_ledger(url)
    yield opened
    opened.close()


@pytest.fixture
def keda(postgresql: PostgreSQL, url: str, ledger: Ledger) -> Iterator[psycopg.Connection[tuple[int]]]:
    """A connection with the rights that the manual gives to KEDA."""
    with psycopg.connect(url, autocommit=True) as administrator:
        administrator.execute(READER.encode())
        administrator.execute(sql.SQL("ALTER ROLE pyfi_keda PASSWORD {}").format(_PASSWORD))
        try:
            with psycopg.connect(url, user="pyfi_keda", password=_PASSWORD, autocommit=True) as connection:
                yield connection
        finally:
            administrator.execute("DROP OWNED BY pyfi_keda")
            administrator.execute("DROP ROLE pyfi_keda")


def asked(connection: psycopg.Connection[tuple[int]], name: str) -> int:
    (row,) = connection.execute(query(name).encode()).fetchall()
    (number,) = row
    return number


def deploy(database: Database, ledger: Ledger, name: str) -> Case:
    """A deployment that is wanted, with the queues above, which are empty."""
    flow = Flow(header=Header(name=name))
    stored = FlowStore(database).import_flow(flow, "tester")
    ClusterStore(database).deploy(
        flow, stored.id, "tester", name=name, parameters={}, folder="", version="", stages={"enrich": 1}
    )
    return Case(ledger, name, QUEUES)


def test_an_empty_cluster_asks_for_nobody(keda: psycopg.Connection[tuple[int]]) -> None:
    assert [asked(keda, "agent"), asked(keda, "agent-enrich")] == [0, 0]


def test_the_queries_count_what_waits(database: Database, ledger: Ledger, keda: psycopg.Connection[tuple[int]]) -> None:
    orders, others = deploy(database, ledger, "orders"), deploy(database, ledger, "others")
    orders.fill(3, "read.success->enrich.in", n=1000)
    orders.fill(1, "fix.out->enrich.again", n=5)
    orders.fill(2, "enrich.success->out.in", n=40)
    orders.fill(1, "dead:enrich", n=7)
    others.fill(1, "read.success->enrich.in", n=600)

    assert asked(keda, "agent-enrich") == 3005
    assert asked(keda, "agent") == 3005 + 80 + 600

    # What is under way counts until it is done: an agent is not taken away from its work.
    taken = orders.claim("read.success->enrich.in", messages=2000)
    assert asked(keda, "agent-enrich") == 3005
    orders.do(orders.commit(inputs=[(batch.row, batch.lease) for batch in taken]))
    assert asked(keda, "agent-enrich") == 1005


@pytest.mark.parametrize("desired", ["stopped", "paused"])
def test_what_does_not_run_asks_for_nobody(
    desired: str, database: Database, ledger: Ledger, keda: psycopg.Connection[tuple[int]]
) -> None:
    deploy(database, ledger, "orders").fill(1, "read.success->enrich.in", n=9)
    ClusterStore(database).desire("orders", desired, "tester")  # type: ignore[arg-type]
    assert [asked(keda, "agent"), asked(keda, "agent-enrich")] == [0, 0]


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT body FROM ledger_body",
        "SELECT frozen FROM deployments",
        "SELECT value FROM cluster_settings",
        "DELETE FROM ledger_queue_sum",
        "UPDATE deployments SET desired = 'stopped'",
    ],
)
def test_keda_sees_and_changes_nothing_else(statement: str, keda: psycopg.Connection[tuple[int]]) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        keda.execute(statement.encode())
