"""What is inside of a deployment on a cluster: breakpoints, what steps keep, large content, where messages came from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.client.cluster_inside import release
from engine.client.cluster_link import ClusterLink
from engine.client.cluster_steps import scale
from engine.client.message_edit import edit_of
from engine.client.place import user
from engine.errors import ConflictError, NotFound, UsageError
from engine.runtime.queues import Message
from tests.cluster.site import Site, until
from tests.engine.cli.command import pyfi

KEY = "count.success->keep.in"
FLOW = """
pyfi: 1
name: held
processors:
  - {id: source, type: generate, config: {count: 40, content: "{n}"}}
  - id: count
    type: python
    code: |
      def count(n, ctx):
          ctx.state["seen"] = ctx.state.get("seen", 0) + 1
          return bytes(3 << 20) if ctx.state["seen"] == 3 else n
  - id: keep
    type: python
    outputs: [success]
    replicas: {min: 2, max: 4}
    code: |
      def keep(n, ctx):
          with open("out.jsonl", "a") as file:
              file.write("x\\n")
connections:
  - {from: source.success, to: count.in, fuse: false}
  - {from: count.success, to: keep.in, breakpoint: true}
auto_terminate: [keep.success]
"""


@pytest.fixture
def one(redis_site: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A cluster on which the flow has come to its breakpoint."""
    monkeypatch.setenv("PYFI_TARGETS", str(redis_site.targets.path))
    redis_site.deploy(FLOW, "held")
    until(lambda: waits(redis_site) == 40, what="all held")
    yield redis_site
    redis_site.clear()


def passed(site: Site) -> int:
    path = site.folder / "out.jsonl"
    return len(path.read_text().splitlines()) if path.exists() else 0


def waits(site: Site) -> int:
    return site.waiting("held", KEY)


def test_a_breakpoint_lets_go_as_many_as_are_released(one: Site) -> None:
    until(lambda: len(one.slots("keep")) == 1, what="one worker, for it counts")
    with one.cluster() as cluster:
        assert release(cluster, "held", KEY, 1) == 1
        until(lambda: passed(one) == 1)
        assert one.linked(lambda link: link.release("held", KEY, 7)) == 7
        until(lambda: passed(one) == 8 and waits(one) == 32)
        done = pyfi("queue", "release", "held", KEY, "--count", "2", "--target", one.target.name, cwd=one.folder)
        assert done.stdout == f"{KEY}: 2 messages released\n"
        until(lambda: passed(one) == 10)
        with pytest.raises(UsageError, match="must have one worker"):
            scale(cluster, "held", "keep", 3)
        with pytest.raises(UsageError, match="holds nothing back"):
            release(cluster, "held", "source.success->count.in", 1)
        with pytest.raises(NotFound, match="there is no connection"):
            release(cluster, "held", "count.success->kep.in", 1)
        assert release(cluster, "held", KEY, None) == 30
        assert cluster.wait("held", 60)[1] == "ended", one.logs()
        assert passed(one) == 40
        with pytest.raises(ConflictError, match="does not run"):
            release(cluster, "held", KEY, 1)


async def large_of(link: ClusterLink) -> Message:
    page = await link.messages("held", KEY)
    return next(message for message in page.messages if "claim" in json.dumps(message.content))


async def edit_and_see(link: ClusterLink, large: Message) -> None:
    """What is held is edited from here: the large content becomes another one, which stays in the queue."""
    await link.edit("held", KEY, edit_of(large, content="y" * (2 << 20), attributes={"by": "hand"}))
    content = await link.content("held", KEY, large.id, large.at)
    assert content.data == b"y" * (2 << 20)
    assert (await link.trace("held", large.id)).places[-1].edits[0].by == user()
    with pytest.raises(ConflictError, match="was edited by somebody else meanwhile"):
        await link.edit("held", KEY, edit_of(large, content=1, attributes=None))


def test_state_large_content_and_provenance_are_seen_and_state_is_cleared(one: Site) -> None:
    async def look(link: ClusterLink) -> None:
        state = await link.state("held", "count")
        assert [(row.key, row.value) for row in state.rows] == [("seen", 40)]
        large = await large_of(link)
        content = await link.content("held", KEY, large.id, large.at)
        assert (content.media, content.data) == ("application/octet-stream", bytes(3 << 20))
        assert {event.queue for event in await link.lineage_events("held", "count")} == {"source.success->count.in", KEY}
        found = await link.trace("held", large.id)
        assert {place.step for place in found.places} == {"source", "count"}
        await edit_and_see(link, large)
        with pytest.raises(ConflictError, match="is running; stop it"):
            await link.clear_state("held", "count")
        await link.stop_steps("held", ["count"])
        until(lambda: not one.slots("count"), what="it to end")
        assert await link.clear_state("held", "count") == 1
        assert (await link.state("held", "count")).rows == []

    one.linked(look)


def test_content_in_a_folder_that_is_not_here_is_said_to_be_there(one: Site, tmp_path: Path) -> None:
    async def look(link: ClusterLink) -> None:
        large = await large_of(link)
        claims = one.folder / ".pyfi-claims"
        claims.rename(tmp_path / "elsewhere")
        try:
            with pytest.raises(UsageError, match="which this machine does not have"):
                await link.content("held", KEY, large.id, large.at)
        finally:
            (tmp_path / "elsewhere").rename(claims)

    one.linked(look)
