"""Events of a target, heard by who leaves at any moment. That they are right is tested with real servers (tests/cluster)."""

from __future__ import annotations

import asyncio

from engine.client.cluster_link import ClusterLink
from engine.targets import Target
from tests.servers import free_port


def test_who_leaves_just_as_something_is_to_be_looked_at_has_left():
    # Python 3.11's wait_for takes no notice of a cancellation that comes together with what it waits for.
    async def leave() -> None:
        nowhere = f"127.0.0.1:{free_port()}"
        target = Target(
            name="prod", broker=f"redis://{nowhere}", bus=f"redis://{nowhere}", database=f"postgresql://u@{nowhere}/d"
        )
        link = ClusterLink(target)
        async with asyncio.timeout(60):
            async with link.events() as events:
                await asyncio.sleep(0)
                await asyncio.sleep(0)
                events.look()
            await link.close()

    asyncio.run(leave())
