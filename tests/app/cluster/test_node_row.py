"""What is said of a node and of a slot."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from msgspec import structs

from app.cluster.node_row import node_row, slot_row
from engine.client.cluster import AgentView, Slot

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
AGENT = AgentView(
    name="a",
    node="a",
    address="rack-1",
    system="Linux",
    pid=7,
    version="1.0",
    state="running",
    cpus=8,
    memory_bytes=1 << 34,
    labels=("gpu", "node:a"),
    enabled=True,
    is_alive=True,
    started_at=NOW,
    seen_at=NOW - timedelta(seconds=1),
)
SLOT = Slot("d", "parse", 1, "a", "a/1", 1, True, "running", "", 2)  # noqa: FBT003 - it is held


def test_a_node_tells_its_load_labels_version_and_when_it_was_seen() -> None:
    slots = [slot_row(each, {"d": "orders"}) for each in (SLOT, structs.replace(SLOT, stage="", number=0, busy=0))]
    row = node_row(AGENT, slots, NOW)
    assert row.words == ("a", "running", "1 on 8 CPUs", "2", "gpu", "1.0", "now")
    assert [slot.words[0] for slot in row.slots] == ["orders: parse #2", "orders: looks after it"]
    assert "rack-1" in row.hint
    assert "node:a" in row.hint


def test_a_node_that_was_not_heard_of_is_gone_and_says_since_when() -> None:
    row = node_row(structs.replace(AGENT, is_alive=False, seen_at=NOW - timedelta(minutes=3)), [], NOW)
    assert (row.words[1], row.words[-1], row.is_alive) == ("gone", "3:00 min ago", False)


def test_a_node_that_is_to_take_no_work_is_disabled() -> None:
    assert node_row(structs.replace(AGENT, enabled=False), [], NOW).words[1] == "disabled"


def test_a_slot_whose_lease_has_run_out_and_one_that_waits_say_so() -> None:
    assert slot_row(structs.replace(SLOT, is_held=False), {}).words[1] == "lease has run out"
    assert slot_row(structs.replace(SLOT, is_held=False, agent=None), {}).words[1] == "waits"


def test_the_filter_finds_nodes_by_what_they_run_and_by_their_labels() -> None:
    row = node_row(AGENT, [slot_row(SLOT, {"d": "orders"})], NOW)
    assert row.matches("gpu")
    assert row.matches("ORDERS parse")
    assert row.matches("")
    assert not row.matches("gpu billing")
