"""A flow that is called otherwise while it runs: the same deployment, with its queues, its state and its log."""

from __future__ import annotations

import pytest

from engine.api.remote import path_of
from engine.errors import ConflictError, NotFound, UsageError
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
