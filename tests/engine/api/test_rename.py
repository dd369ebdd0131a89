"""A flow that is called otherwise while it runs: the same deployment, with its queues, its state and its log."""

from __future__ import annotations

import asyncio

import pytest

from engine.api.deployed import Order
from engine.api.remote import path_of
from engine.api.service import Service
from engine.bus.websocket import WebSocketBus
from engine.errors import ConflictError, NotFound, UsageError
from engine.runtime.engine import Engine
from tests.engine.api.served import TICKING, Served, wait_until

ENDLESS = TICKING.replace("{from: check.success, to: keep.in}", "{from: check.success, to: keep.in, breakpoint: true}")
KEY = "check.success->keep.in"


def names(served: Served) -> list[str]:
    return [each["name"] for each in served.get("/deployments")]


def test_a_running_flow_goes_on_under_its_new_name(served: Served):
    served.deploy(ENDLESS)
    wait_until(lambda: served.flow()["processors"]["check"]["dead"] >= 1)
    before = served.flow()
    assert served.post("/deployments/ticking/rename", name="tocking")["state"] == "running"
    assert names(served) == ["tocking"]
    with pytest.raises(NotFound):
        served.flow("ticking")
    after = served.flow("tocking")
    assert after["connections"][KEY]["messages"] >= before["connections"][KEY]["messages"] > 0
    assert after["processors"]["check"]["dead"] >= 1
    assert after["since_ms"] == before["since_ms"]
    # It works on, and what it holds can be released: its stages hear of it under the new name.
    wait_until(lambda: served.flow("tocking")["connections"][KEY]["messages"] > after["connections"][KEY]["messages"])
    assert served.post("/deployments/tocking/connections/release", connection=KEY, messages=5) == {"messages": 5}
    wait_until(lambda: served.counted("keep", "tocking") == 5)
    assert served.get("/queues/messages", flow="tocking", queue="dead:check")["messages"]


def test_it_is_there_under_its_new_name_when_the_engine_comes_back(tmp_path):
    with Served(tmp_path) as served:
        served.deploy(ENDLESS)
        wait_until(lambda: served.flow()["connections"][KEY]["messages"] > 0)
        served.post("/deployments/ticking/rename", name="tocking")
        held = served.flow("tocking")["connections"][KEY]["messages"]
        served.kill()
        served.start()
        assert names(served) == ["tocking"]
        wait_until(lambda: served.flow("tocking")["connections"][KEY]["messages"] > held)
        assert served.end() == 0


def test_its_log_goes_with_it(served: Served):
    text = TICKING.replace("return n\n", "ctx.log(f'saw {n}')\n          return n\n")
    served.deploy(text.replace("count: 0, rate: 500", "count: 3, rate: 500"))

    def said(name: str) -> list[str]:
        return [line["text"] for line in served.get("/logs", flow=name)]

    served.counted("check")
    wait_until(lambda: served.counted("check") == 3)
    wait_until(lambda: "saw 2" in served.get("/logs", limit=1000)[-1]["text"])
    served.post("/deployments/ticking/rename", name="tocking")
    wait_until(lambda: not list((served.workspace / "logs").glob("ticking-*.jsonl")))
    assert said("tocking") == ["saw 0", "saw 1", "saw 2"]
    with pytest.raises(NotFound, match="logged nothing"):
        served.get("/logs", flow="ticking")


def test_a_deployed_flow_is_known_by_its_key_whatever_it_is_called(served: Served):
    served.deploy(ENDLESS, key="42")
    wait_until(lambda: served.flow()["connections"][KEY]["messages"] > 0)
    held = served.flow()["connections"][KEY]["messages"]
    served.deploy(ENDLESS.replace("name: ticking", "name: tocking"), key="42")
    assert names(served) == ["tocking"]
    assert served.flow("tocking")["flow"] == "tocking"
    assert served.flow("tocking")["connections"][KEY]["messages"] >= held
    # One that says nothing of a key is another flow, unless it has the name.
    served.deploy(ENDLESS, start=False)
    assert sorted(names(served)) == ["ticking", "tocking"]
    with pytest.raises(ConflictError, match="another deployment called 'ticking'"):
        served.deploy(ENDLESS, key="42")
    assert sorted(names(served)) == ["ticking", "tocking"]


def test_a_name_must_be_free_and_a_name(served: Served):
    served.deploy(ENDLESS, start=False)
    served.deploy(ENDLESS, start=False, name="other")
    with pytest.raises(ConflictError, match="another deployment called 'other'"):
        served.post("/deployments/ticking/rename", name="other")
    with pytest.raises(UsageError, match="cannot be the name of a deployment"):
        served.post("/deployments/ticking/rename", name="a/b")
    with pytest.raises(NotFound):
        served.post(f"{path_of('deployments', 'nobody')}/rename", name="somebody")
    assert served.post("/deployments/ticking/rename", name="ticking")["name"] == "ticking"
    assert sorted(names(served)) == ["other", "ticking"]


def test_a_flow_with_another_key_is_not_replaced_under_its_name(served: Served):
    served.deploy(ENDLESS, key="42")
    assert served.flow()["key"] == "42"
    with pytest.raises(ConflictError, match="another flow is deployed as 'ticking'; give this one another name, or remove"):
        served.deploy(ENDLESS.replace("rate: 500", "rate: 1"), key="43")
    # One that is there under its own name is not put in its place either.
    served.deploy(ENDLESS.replace("name: ticking", "name: tocking"), key="43")
    with pytest.raises(ConflictError, match="another flow is deployed as 'ticking'"):
        served.deploy(ENDLESS, key="43")
    assert {each["name"]: each["key"] for each in served.get("/deployments")} == {"ticking": "42", "tocking": "43"}


def test_one_that_takes_a_name_while_it_is_given_changes_the_flow_that_has_it(tmp_path):
    async def tell() -> None:
        async with Engine(tmp_path / "ws") as engine:
            bus = WebSocketBus()
            service = Service(engine, bus, {})
            await service.open()
            flow = await service.deploy(Order(ENDLESS, str(tmp_path)), "old", start=False, force=False)
            rename = engine.rename

            async def slowly(name: str, new_name: str) -> None:
                await rename(name, new_name)
                await asyncio.sleep(0.5)  # long enough for the others to come to it, if they could

            engine.rename = slowly  # type: ignore[method-assign]
            renaming = asyncio.create_task(service.rename("old", "new"))
            deploying = asyncio.create_task(service.deploy(Order(ENDLESS, str(tmp_path)), "new", start=False, force=False))
            removing = asyncio.create_task(service.remove("old"))
            assert await renaming is flow
            assert await deploying is flow
            with pytest.raises(NotFound):
                await removing
            assert service.flows == {"new": flow}
            await service.close(1.0)

    asyncio.run(tell())
