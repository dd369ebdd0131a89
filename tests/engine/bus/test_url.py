from __future__ import annotations

import asyncio

import pytest

from engine.bus.memory import MemoryBus
from engine.bus.redis import RedisBus
from engine.bus.url import open_bus
from engine.errors import UsageError


def test_a_url_names_a_bus():
    async def run() -> None:
        assert type(open_bus("memory:", "prod")) is MemoryBus
        for url in ("redis://127.0.0.1", "rediss://127.0.0.1:7000/2"):
            bus = open_bus(url, "prod")
            assert isinstance(bus, RedisBus)
            await bus.close()

    asyncio.run(run())


@pytest.mark.parametrize(("url", "named"), [("amqp://u:secret@host", "amqp"), ("", "of this URL"), ("host", "of this URL")])
def test_another_url_is_wrong_use_and_shows_no_password(url, named):
    with pytest.raises(UsageError, match=f"there is no bus {named}; give redis://") as error:
        open_bus(url, "prod")
    assert "secret" not in str(error.value)
