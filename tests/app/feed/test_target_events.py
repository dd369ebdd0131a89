"""Events of a cluster as the desktop hears them: on Qt's event loop."""

from __future__ import annotations

import pytest

from engine.bus.base import Event
from engine.bus.redis import RedisBus
from engine.bus.redis_events import RedisEvents
from tests.app.feed import looping
from tests.cluster.listening import Listener, stats, until
from tests.servers import Redis


@pytest.mark.servers
def test_the_desktop_hears_and_comes_back(qapp):
    server = Redis()
    server.start()

    async def work() -> None:
        from app.feed.figures import Figures

        figures = Figures()
        bus = RedisBus(server.url, "test")
        listener = Listener(RedisEvents(server.url, "test"))
        await listener.greeted()
        bus.publish(
            Event("snapshot", "flow", 1, {"state": "running", "trouble": None, "key": "", "processors": {"a": {"in": 1}}})
        )
        await until(lambda: listener.count("snapshot") > 0)
        server.kill()
        bus.publish(stats("flow", 2, a={"in": 2}, b={"in": 2}))
        await until(lambda: bus.trouble is not None and listener.count("lost") > 0)
        server.start()
        await until(lambda: listener.model.flows.get("flow") == {"processors": {"a": {"in": 2}, "b": {"in": 2}}})
        for event in listener.heard:
            figures.take(event)
        assert {name: each.received for name, each in figures.flows["flow"].processors.items()} == {"a": 2, "b": 2}
        await listener.leave()
        await bus.close()

    try:
        looping.run(qapp, work())
    finally:
        server.stop()
