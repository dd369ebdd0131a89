"""Slots under leases: held by one agent at a time, whatever becomes of it. On PostgreSQL, whose clock decides."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from engine.database.connect import Database
from engine.database.session import open_database
from engine.errors import ConflictError, NotFound, Replaced
from engine.stores.cluster import ClusterStore
from engine.stores.flows import FlowStore
from engine.stores.slots import Key, Me, Report, SlotStore
from tests.engine.stores.samples import everything
from tests.servers import PostgreSQL

pytestmark = pytest.mark.servers


@pytest.fixture
def database(postgresql: PostgreSQL, new_postgresql_url: Callable[[str], str]) -> Iterator[Database]:
    opened = open_database(
        new_postgresql_url(postgresql.template("store", lambda url: open_database(url, create=True).close()))
    )
    yield opened
    opened.close()


def me(name: str, pid: int = 1) -> Me:
    return Me(name, name, "host", "Linux", pid, "0.1.0", 2, 10**9, (f"node:{name}",))


def deployed(database: Database, *, name: str = "flow", stages: dict[str, int] | None = None, **facts: object) -> str:
    flow = everything()
    stored = FlowStore(database).import_flow(flow, "ann")
    given = {"name": name, "parameters": {}, "folder": "", "version": "0.1.0", "stages": stages or {"a": 1, "b": 2}}
    return ClusterStore(database).deploy(flow, stored.id, "ann", **given, **facts).id  # type: ignore[arg-type]


def run_out(database: Database) -> None:
    """All leases have run out."""
    with database.write() as transaction:
        transaction.execute(text("UPDATE slots SET until = clock_timestamp() - interval '1 second' WHERE until IS NOT NULL"))


def test_a_deployment_has_the_slots_of_its_stages_and_a_keeper(database: Database) -> None:
    id = deployed(database)
    keys = [slot.key for slot in ClusterStore(database).situation().slots]
    assert keys == [(id, "", 0), (id, "a", 0), (id, "b", 0), (id, "b", 1)]
    deployed(database, stages={"b": 1, "c": 1})
    assert [slot.key for slot in ClusterStore(database).situation().slots] == [(id, "", 0), (id, "b", 0), (id, "c", 0)]


def test_a_slot_is_taken_once_however_many_try(database: Database) -> None:
    id = deployed(database, stages=dict.fromkeys("abcdefgh", 1))
    keys = [(id, stage, 0) for stage in "abcdefgh"]
    agents = [SlotStore(database) for _ in range(4)]
    for number, agent in enumerate(agents):
        agent.join(me(f"n{number}"))

    def take(number: int) -> list[object]:
        return [each.key for each in agents[number].take(me(f"n{number}"), {key: f"n{number}/{key[1]}" for key in keys})]

    with ThreadPoolExecutor(4) as pool:
        taken = [key for found in pool.map(take, range(4)) for key in found]
    assert sorted(taken) == sorted(keys)  # type: ignore[type-var]


def test_a_lease_that_ran_out_is_lost_and_whoever_takes_the_slot_learns_after_whom(database: Database) -> None:
    id = deployed(database)
    store = SlotStore(database)
    since = store.join(me("a"))
    store.join(me("b"))
    key = (id, "a", 0)
    (first,) = store.take(me("a"), {key: "a/1"})
    assert store.take(me("b"), {key: "b/1"}) == []
    held: dict[Key, str] = {key: "a/1"}
    assert store.beat(me("a"), since, held, [Report(key, "a/1", "running", busy=1)], [])[1] == {key}
    run_out(database)
    assert store.beat(me("a"), since, held, [], [])[1] == set()
    (second,) = store.take(me("b"), {key: "b/1"})
    assert (second.before, second.epoch) == ("a/1", first.epoch + 1)
    assert store.beat(me("a"), since, held, [Report(key, "a/1", "broken", "late words")], [])[1] == set()
    slot = next(slot for slot in ClusterStore(database).situation().slots if slot.key == key)
    assert (slot.agent, slot.worker, slot.trouble) == ("b", "b/1", "")


def test_what_was_given_back_leaves_nobody_to_end(database: Database) -> None:
    id = deployed(database)
    store = SlotStore(database)
    since = store.join(me("a"))
    key = (id, "a", 0)
    store.take(me("a"), {key: "a/1"})
    store.give_back(key, "a/1")
    assert store.take(me("a"), {key: "a/2"})[0].before == ""
    store.give_back(key, "a/1")  # late: it is somebody else's by now
    assert store.beat(me("a"), since, {key: "a/2"}, [], [])[1] == {key}


def test_a_slot_is_held_for_one_worker_not_for_any_of_the_agent(database: Database) -> None:
    id = deployed(database)
    store = SlotStore(database)
    since = store.join(me("a"))
    key = (id, "a", 0)
    store.take(me("a"), {key: "a/1"})
    run_out(database)
    store.take(me("a"), {key: "a/2"})
    assert store.beat(me("a"), since, {key: "a/1"}, [], [])[1] == set()
    assert store.beat(me("a"), since, {key: "a/2"}, [], [])[1] == {key}


def test_an_agent_that_starts_anew_holds_nothing_of_what_it_held_before(database: Database) -> None:
    id = deployed(database)
    store = SlotStore(database)
    store.join(me("a"))
    key = (id, "a", 0)
    store.take(me("a"), {key: "a/1"})
    store.join(me("a", pid=2))
    (again,) = store.take(me("a", pid=2), {key: "a/2"})
    assert again.before == "a/1"


def test_a_slot_whose_row_went_is_no_longer_held(database: Database) -> None:
    id = deployed(database)
    store = SlotStore(database)
    since = store.join(me("a"))
    key = (id, "b", 1)
    store.take(me("a"), {key: "a/1"})
    ClusterStore(database).scale("flow", "b", 1, "ann")
    assert store.beat(me("a"), since, {key: "a/1"}, [], [])[1] == set()


def test_an_agent_is_heard_of_until_it_leaves_or_is_silent_for_long(database: Database) -> None:
    store = SlotStore(database)
    assert store.last_word(me("a")) is None
    since = store.join(me("a"))
    first = store.last_word(me("a", pid=2))
    assert first is not None
    store.beat(me("a"), since, {}, [], [])
    second = store.last_word(me("a", pid=2))
    assert second is not None
    assert second > first
    with database.write() as transaction:
        transaction.execute(text("UPDATE agents SET seen_at = clock_timestamp() - interval '11 seconds'"))
    assert store.last_word(me("a", pid=2)) is None
    store.beat(me("a"), since, {}, [], [])
    store.leave(me("a"), since)
    assert store.last_word(me("a", pid=2)) is None


def test_an_agent_learns_that_another_of_its_name_has_joined(database: Database) -> None:
    store = SlotStore(database)
    since = store.join(me("a"))
    later = store.join(me("a", pid=2))
    with pytest.raises(Replaced, match="another agent called 'a' has joined; give one of the two another --node"):
        store.beat(me("a"), since, {}, [], [])
    store.leave(me("a"), since)  # its own leaving, not the other's
    assert store.last_word(me("a")) is not None
    assert store.beat(me("a", pid=2), later, {}, [], [])[0].agents[0].pid == 2


def test_an_agent_that_lives_cannot_be_forgotten_and_one_that_left_can(database: Database) -> None:
    store, wants = SlotStore(database), ClusterStore(database)
    since = store.join(me("a"))
    with pytest.raises(ConflictError, match="stop it first"):
        wants.forget_node("a")
    store.leave(me("a"), since)
    wants.forget_node("a")
    assert wants.situation().agents == ()
    with pytest.raises(NotFound):
        wants.forget_node("a")
    assert store.beat(me("a"), since, {}, [], [])[0].agents == ()


def test_the_end_is_noted_only_if_nothing_else_was_wanted_meanwhile(database: Database) -> None:
    id = deployed(database)
    wants = ClusterStore(database)
    before = wants.order("flow").wanted
    wants.desire("flow", "paused", "ann")
    assert not wants.end(id, before.change)
    wanted = wants.desire("flow", "running", "ann")
    assert wants.end(id, wanted.change)
    ended = wants.order("flow").wanted
    assert (ended.desired, ended.ended) == ("stopped", True)


def test_all_processes_of_a_cluster_have_one_key(database: Database) -> None:
    first, second = ClusterStore(database).identity("prod"), ClusterStore(database).identity("called otherwise")
    assert first == second
    assert first.name == "prod"
    assert len(first.key) == 64


def test_log_lines_are_found_by_flow_step_and_level(database: Database) -> None:
    from engine.stores.cluster import LogLine

    store, wants = SlotStore(database), ClusterStore(database)
    since = store.join(me("a"))
    now = wants.situation().now
    said = [("flow", "sub/a", "info"), ("flow", "b", "error"), ("other", "a", "error")]
    store.beat(me("a"), since, {}, [], [LogLine(now, flow, step, "a", "a/1", level, "text") for flow, step, level in said])
    assert [line.step for line in wants.log("flow")] == ["sub/a", "b"]
    assert [line.step for line in wants.log("flow", within="sub")] == ["sub/a"]
    assert [line.flow for line in wants.log(levels=["error"])] == ["flow", "other"]
    last = wants.log(limit=1)
    assert [line.flow for line in last] == ["other"]
    assert wants.log(after=last[0].id) == []
