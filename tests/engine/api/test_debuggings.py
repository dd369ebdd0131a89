"""Processors that are debugged in a deployed flow, and whom nobody asks for any more."""

from __future__ import annotations

import asyncio

from engine.api.deployed import Order
from engine.api.service import Service
from engine.bus.websocket import WebSocketBus
from engine.runtime import debugged
from engine.runtime.engine import Engine

FLOW = """
pyfi: 1
name: looked at
processors:
  - {id: numbers, type: generate, config: {count: 3}}
  - {id: work, type: python, code: "def work(n): return n"}
  - {id: shell, type: bash, code: cat}
connections:
  - {from: numbers.success, to: work.in}
  - {from: work.success, to: shell.in}
auto_terminate: [shell.success]
"""


def test_one_that_cannot_be_given_back_now_is_given_back_later(tmp_path, monkeypatch):
    async def tell() -> None:
        async with Engine(tmp_path / "ws") as engine:
            service = Service(engine, WebSocketBus(), {})
            await service.open()
            flow = await service.deploy(Order(FLOW, str(tmp_path)), "looked at", start=True, force=False)
            said: list[str] = []
            engine.bus.subscribe(lambda event: said.append(event.data["text"]) if event.kind == "log" else None)
            await flow.debug("work")
            # Given that nobody asks for it, and that the flow cannot be planned any more: its shell is gone.
            with monkeypatch.context() as without:
                without.setenv("PATH", str(tmp_path))
                without.setattr(debugged, "LEASE_S", -1.0)
                await flow.look_after()
                assert list(flow.debuggings) == ["work"]
                assert [text for text in said if "cannot be given back by the debugger" in text] == said[-1:]
            # Then it is not tried, and told, all the time,
            await flow.look_after()
            assert sum("cannot be given back" in text for text in said) == 1
            # but in the end it is given back.
            monkeypatch.setattr(debugged, "LEASE_S", -1.0)
            await flow.look_after()
            assert not flow.debuggings
            assert flow.deployment is not None
            assert not any(stage.debugged for stage in flow.deployment.plan.stages.values())
            await service.close(1.0)

    asyncio.run(tell())
