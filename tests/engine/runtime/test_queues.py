from __future__ import annotations

import contextlib

import pytest

from engine.errors import NotFound, UsageError
from engine.ledger.url import open_ledger
from engine.runtime import queues
from engine.runtime.lineage import Ancestor, Lineage
from engine.runtime.workspace import Workspace
from tests.engine.runtime.running import NUMBERS, Bench, flow

# Numbers below ten are refused as long as the file `mended` is missing.
FAILING = (
    NUMBERS
    + """
- id: check
  type: python
  code: |
    import pathlib
    def check(n):
        if not pathlib.Path("mended").exists():
            raise ValueError(f"{n} is refused")
        return {"n": n}
- id: hold
  type: python
  code: |
    def hold(message):
        return message
"""
)
LINKS = """
numbers.success -> check.in
check.success -> hold.in {breakpoint: true}
"""
END = "auto_terminate: [hold.success]\n"

JOINING = """
- id: left
  type: python
  inputs: []
  outputs: [success]
  code: |
    def left():
        for n in range(3):
            yield f"left {n}"
- id: right
  type: python
  inputs: []
  outputs: [success]
  code: |
    def right():
        for n in range(3):
            yield f"right {n}"
- id: pair
  type: python
  inputs: [a, b]
  code: |
    def pair(a, b):
        raise ValueError("no pairs today")
"""
JOINED = """
left.success -> pair.a
right.success -> pair.b
"""


@pytest.fixture
def look(tmp_path):
    """Opens the ledger of the test's workspace."""
    ledgers = contextlib.ExitStack()

    def open_():
        return ledgers.enter_context(contextlib.closing(open_ledger(Workspace(tmp_path / "workspace").ledger_url)))

    with ledgers:
        yield open_


def test_dead_letters_are_listed_looked_at_and_given_another_try(tmp_path, look):
    bench = Bench(tmp_path, flow(FAILING, LINKS, END))
    assert bench.run().summary["dead_letters"] == 10
    name = str(bench.path)

    ledger = look()
    listed = {queue.key: (queue.kind, queue.messages) for queue in queues.list_queues(ledger, name)}
    assert listed == {
        "numbers.success->check.in": ("connection", 0),
        "check.success->hold.in": ("connection", 0),
        "dead:check": ("dead", 10),
    }
    first = queues.peek(ledger, name, "dead:check", limit=4)
    second = queues.peek(ledger, name, "dead:check", limit=100, at=first.next or "")
    assert [message.content for message in (*first.messages, *second.messages)] == list(range(10))
    assert second.next is None
    assert first.messages[0].attributes["error.message"] == "0 is refused"
    assert first.messages[0].type == "int"

    assert queues.replay(ledger, name, "check") == {"numbers.success->check.in": 10}
    ledger.close()
    (tmp_path / "mended").touch()
    again = bench.run()
    assert (again.continued, again.complete, again.dead) == (True, False, {})
    assert again.summary["held"] == {"check.success->hold.in": 10}
    assert sorted(content["n"] for content, _ in bench.queue("check.success->hold.in")) == list(range(10))
    assert bench.queue("dead:check") == []


def test_a_joins_dead_letters_go_back_to_the_inputs_they_came_from(tmp_path, look):
    bench = Bench(tmp_path, flow(JOINING, JOINED, "auto_terminate: [pair.success]\n"))
    assert bench.run().dead == {"pair": 6}
    ledger = look()
    moved = queues.replay(ledger, str(bench.path), "pair")
    assert moved == {"left.success->pair.a": 3, "right.success->pair.b": 3}
    ledger.close()
    assert [content for content, _ in bench.queue("left.success->pair.a")] == ["left 0", "left 1", "left 2"]
    assert [content for content, _ in bench.queue("right.success->pair.b")] == ["right 0", "right 1", "right 2"]
    assert bench.queue("dead:pair") == []
    # The log still knows where each began: every member of a set that failed at its own source.
    ledger = look()
    known, _ = ledger.registration(str(bench.path))
    lineage = Lineage(entry for _, entry in ledger.lineage(known.deployment))
    for side, port in (("left", "a"), ("right", "b")):
        waiting = ledger.peek(known.queues[f"{side}.success->pair.{port}"], 10)
        began = [lineage.beginnings(each.id, index) for each in waiting for index in range(each.lo, each.hi)]
        assert began == [[Ancestor(side, b"", n)] for n in range(3)]


def test_a_connection_may_be_named(tmp_path, look):
    bench = Bench(tmp_path, flow(FAILING, LINKS, END))
    bench.run()
    ledger = look()
    name = str(bench.path)
    assert queues.replay(ledger, name, "check", to="check.success->hold.in") == {"check.success->hold.in": 10}
    assert queues.replay(ledger, name, "check") == {}
    with pytest.raises(NotFound, match=r"no queue 'check.succes->hold.in'.*did you mean 'check.success->hold.in'"):
        queues.replay(ledger, name, "check", to="check.succes->hold.in")
    with pytest.raises(UsageError, match="'numbers' has no input to replay to"):
        queues.replay(ledger, name, "numbers")


def test_purge_empties_a_queue_and_deletes_the_files_of_large_contents(tmp_path, look):
    large = """
- id: large
  type: python
  inputs: []
  outputs: [success]
  code: |
    def large():
        yield "small"
        yield b"x" * 3_000_000
        yield "y" * 3_000_000
- {id: rest, type: python, code: "def rest(x): return x"}
"""
    end = "auto_terminate: [rest.success]\n"
    bench = Bench(tmp_path, flow(large, "large.success -> rest.in {limit: {messages: 7}, breakpoint: true}", end))
    bench.run()
    ledger, name, key = look(), str(bench.path), "large.success->rest.in"
    (queue,) = queues.list_queues(ledger, name)
    assert (queue.messages, queue.limit_messages, queue.limit_bytes) == (3, 7, 1_000_000_000)
    assert 0 < queue.bytes < 10_000
    page = queues.peek(ledger, name, key)
    assert [message.content for message in page.messages] == [
        "small",
        {"$type": "claim", "size": 3_000_000, "of": "bytes"},
        {"$type": "claim", "size": 3_000_005, "of": "value"},
    ]
    store = bench.workspace / "claims"
    contents = [queues.content_of(ledger, store, name, key, message.id, message.at) for message in page.messages]
    assert contents == ["small", b"x" * 3_000_000, "y" * 3_000_000]
    assert queues.content_of(ledger, store, name, key, page.messages[1].id, "400.0") == b"x" * 3_000_000

    count, files = queues.purge(ledger, name, key)
    assert count == 3
    assert sorted(files) == sorted(path.name for path in store.glob("??/*"))
    assert queues.peek(ledger, name, key).messages == []
    with pytest.raises(NotFound, match="no longer in the queue"):
        queues.content_of(ledger, store, name, key, page.messages[0].id)


def test_a_long_queue_is_read_page_by_page(tmp_path, look):
    many = NUMBERS + "- {id: rest, type: python, code: 'def rest(x): return x'}\n"
    text = flow(many, "numbers.success -> rest.in {limit: {messages: 0}, breakpoint: true}", "auto_terminate: [rest.success]\n")
    bench = Bench(tmp_path, text + "parameters: {count: 30000}\n")
    bench.run()
    ledger, key = look(), "numbers.success->rest.in"
    seen: list[int] = []
    ids: set[str] = set()
    at: str | None = ""
    while at is not None:
        page = queues.peek(ledger, str(bench.path), key, limit=7001, at=at)
        seen.extend(message.content for message in page.messages)
        ids.update(message.id for message in page.messages)
        at = page.next
    assert seen == list(range(30000))
    assert len(ids) == 30000
    assert queues.peek(ledger, str(bench.path), key, limit=5, at="900.0").messages == []
    for place in ("x", "1", "-1.0", "1.-1", "1.0.0", "9" * 50 + ".0"):
        with pytest.raises(UsageError, match="not a place in a queue"):
            queues.peek(ledger, str(bench.path), key, at=place)


def test_flows_are_found_by_file_and_by_name(tmp_path, look, monkeypatch):
    bench = Bench(tmp_path, flow(FAILING, LINKS, END))
    bench.run()
    ledger, name = look(), str(bench.path)
    monkeypatch.chdir(tmp_path)
    for given in (name, "test.flow.yaml", "test", ""):
        assert queues.find_deployment(ledger, given) == name
    with pytest.raises(NotFound, match="no flow 'tset' has run"):
        queues.find_deployment(ledger, "tset")
    ledger.register("other", [], [], "1")
    with pytest.raises(UsageError, match="2 flows have run in this workspace; say which with --flow"):
        queues.find_deployment(ledger, "")
