from __future__ import annotations

import pytest

from engine.api.remote import path_of
from engine.errors import ConflictError, InvalidFlow, NotFound, UsageError
from engine.model.problem import Problem
from tests.engine.api.served import TICKING, Served, wait_until
from tests.engine.cli.command import pyfi

HELD = """
pyfi: 1
name: held
processors:
  - {id: ten, type: generate, config: {count: 10}}
  - {id: pass, type: python, code: "def f(n): return n"}
  - {id: rest, type: python, code: "def f(n): return n"}
connections:
  - {from: ten.success, to: pass.in}
  - {from: pass.success, to: rest.in, breakpoint: true}
auto_terminate: [rest.success]
"""


def order(served, what, name="ticking", **body):
    return served.post(path_of("deployments", name) + what, **body)


def test_stop_and_start_go_on_where_it_was(served):
    assert served.deploy()["state"] == "running"
    wait_until(lambda: served.counted("keep") > 200)
    assert order(served, "/stop")["state"] == "stopped"
    counted = served.counted("keep")
    assert served.flow()["processors"]["check"]["state"] == "stopped"
    assert order(served, "/start")["state"] == "running"
    wait_until(lambda: served.counted("keep") > counted + 200)
    order(served, "/stop", patience_s=5)
    written = [int(line) for line in (served.folder / "out.txt").read_text().split()]
    assert written == [n for n in range(written[-1] + 1) if n % 100 != 7]


def test_a_fresh_start_begins_anew_but_keeps_dead_letters(served):
    served.deploy(TICKING.replace("count: 0", "count: 150"))
    wait_until(lambda: served.counted("keep") == 148)
    order(served, "/start", fresh=True)
    wait_until(lambda: served.counted("keep") == 148 and served.flow()["processors"]["check"]["dead"] == 4)
    assert served.flow()["processors"]["check"]["in"] == 150, "counting began anew too"
    wait_until(lambda: len((served.folder / "out.txt").read_text().split()) == 148)


def test_paused_everything_waits(served):
    served.deploy()
    wait_until(lambda: served.counted("keep") > 100)
    assert order(served, "/pause")["state"] == "paused"
    assert served.flow()["processors"]["check"]["state"] == "paused"
    with pytest.raises(NotFound):
        order(served, "/resume", "nothing")
    wait_until(lambda: served.counted("keep") == served.counted("keep"))
    assert order(served, "/resume")["state"] == "running"
    counted = served.counted("keep")
    wait_until(lambda: served.counted("keep") > counted + 100)
    order(served, "/stop")
    with pytest.raises(ConflictError, match="'ticking' is not paused but stopped"):
        order(served, "/resume")


def test_a_processor_is_stopped_and_started_while_the_rest_runs(served):
    served.deploy()
    wait_until(lambda: served.counted("keep") > 100)
    assert order(served, "/processors/stop", steps=["keep"])["stopped"] == ["keep"]
    wait_until(lambda: served.flow()["connections"]["check.success->keep.in"]["messages"] > 100)
    states = {step: values["state"] for step, values in served.flow()["processors"].items()}
    assert states == {"ticks": "running", "check": "running", "keep": "stopped"}
    with pytest.raises(NotFound, match="'ticking' has no processor 'kep'"):
        order(served, "/processors/start", steps=["kep"])
    order(served, "/processors/start", steps=["keep"])
    wait_until(lambda: served.flow()["connections"]["check.success->keep.in"]["messages"] < 100)
    order(served, "/stop")
    written = [int(line) for line in (served.folder / "out.txt").read_text().split()]
    assert sorted(written) == [n for n in range(max(written) + 1) if n % 100 != 7]


def test_a_flow_is_changed_while_it_runs(served):
    served.deploy()
    wait_until(lambda: served.counted("keep") > 100)
    between = TICKING.replace(
        "  - {from: ticks.success, to: check.in}",
        "  - {from: ticks.success, to: double.in}\n  - {from: double.success, to: check.in}",
    ).replace("  - {id: keep,", "  - {id: double, type: python, code: 'def f(n): return n * 1'}\n  - {id: keep,")
    served.deploy(between)
    wait_until(lambda: served.counted("double") > 100)
    served.deploy()
    assert "double" not in served.flow()["processors"]
    counted = served.counted("keep")
    wait_until(lambda: served.counted("keep") > counted + 100)
    order(served, "/stop")
    written = [int(line) for line in (served.folder / "out.txt").read_text().split()]
    assert sorted(written) == [n for n in range(max(written) + 1) if n % 100 != 7]


def test_a_connection_with_messages_does_not_go_by_mistake(served):
    served.deploy(HELD)
    key = "pass.success->rest.in"
    wait_until(lambda: served.flow("held")["connections"][key]["messages"] == 10)
    without = (
        HELD.replace("  - {from: pass.success, to: rest.in, breakpoint: true}\n", "")
        .replace("auto_terminate: [", "auto_terminate: [pass.success, ")
        .replace("{id: rest, type: python,", "{id: rest, type: python, enabled: false,")
    )
    with pytest.raises(ConflictError, match=f"still hold messages: '{key}'; let them drain"):
        served.deploy(without)
    assert key in served.flow("held")["connections"]
    served.deploy(without, force=True)
    assert key not in served.flow("held")["connections"]
    served.deploy(HELD)
    assert served.flow("held")["connections"][key]["messages"] == 10


def test_a_flow_with_problems_is_refused_and_the_old_one_goes_on(served):
    served.deploy()
    with pytest.raises(InvalidFlow) as caught:
        served.deploy(TICKING.replace("to: keep.in", "to: nobody.in"))
    assert "nobody" in str(caught.value)
    assert isinstance(caught.value.problems[0], Problem)
    assert caught.value.problems[0].key
    counted = served.counted("keep")
    wait_until(lambda: served.counted("keep") > counted)
    with pytest.raises(UsageError, match="cannot be the name of a deployment"):
        served.deploy(name="a/b")
    with pytest.raises(InvalidFlow):
        served.deploy("pyfi: 1\nname: bad\nprocessors: 7\n")
    assert [each["name"] for each in served.get("/deployments")] == ["ticking"]


def test_what_cannot_start_is_broken_and_says_why(served):
    served.deploy(TICKING.replace("def check(n, ctx):", "import nonsense\n      def check(n, ctx):"))
    wait_until(lambda: served.flow()["processors"]["check"]["state"] == "broken")
    assert "No module named 'nonsense'" in served.flow()["processors"]["check"]["trouble"]
    served.deploy()
    wait_until(lambda: served.counted("keep") > 0)


def test_a_restart_keeps_everything_that_was_wanted(tmp_path):
    with Served(tmp_path) as served:
        served.deploy(name="running")
        served.deploy(TICKING.replace("out.txt", "2.txt"), name="stopped", start=False)
        served.deploy(TICKING.replace("out.txt", "3.txt"), name="paused", overrides={"rate": 900})
        served.deploy(TICKING.replace("out.txt", "4.txt"), name="part")
        order(served, "/pause", "paused")
        order(served, "/processors/stop", "part", steps=["keep"])
        served.kill()
        served.start()
        assert {each["name"]: each["state"] for each in served.get("/deployments")} == {
            "running": "running", "stopped": "stopped", "paused": "paused", "part": "running",
        }  # fmt: skip
        wait_until(lambda: served.counted("keep", "running") > 10)
        wait_until(lambda: served.counted("check", "part") > 10)
        assert served.flow("part")["processors"]["keep"]["state"] == "stopped"
        assert served.flow("stopped")["processors"]["keep"]["in"] == 0
        order(served, "/resume", "paused")
        wait_until(lambda: served.counted("keep", "paused") > 10)
        with served.client() as client:
            text = client._http.get(path_of("deployments", "paused") + "/flow").text
        assert text == TICKING.replace("out.txt", "3.txt")
        served.delete(path_of("deployments", "part"))
        served.end()
        served.start()
        assert "part" not in {each["name"] for each in served.get("/deployments")}


def test_queue_commands_go_through_the_engine(served):
    served.deploy(TICKING.replace("count: 0", "count: 300"))
    wait_until(lambda: served.counted("keep") == 297)

    def queue(*arguments):
        done = pyfi("queue", *arguments, "--workspace", served.workspace, cwd=served.folder)
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "dead:check" in queue("ls", "--flow", "ticking")
    assert "error.message: 7 is refused" in queue("peek", "dead:check")
    order(served, "/processors/stop", steps=["check"])
    assert queue("replay", "check", "--limit", "1") == "ticks.success->check.in: 1 message put back\n"
    order(served, "/processors/start", steps=["check"])
    wait_until(lambda: served.counted("check") == 301)
    wait_until(lambda: served.flow()["processors"]["check"]["dead"] == 3)
    assert queue("purge", "dead:check") == "dead:check: 3 messages deleted\n"
    assert served.flow()["processors"]["check"]["dead"] == 0
    missing = pyfi("queue", "peek", "dead:nothing", "--workspace", served.workspace, cwd=served.folder)
    assert (missing.returncode, missing.stderr.count("\n")) == (2, 1)
    assert "there is no queue 'dead:nothing'" in missing.stderr


def test_whole_contents_can_be_had(served):
    text = HELD.replace("{id: ten, type: generate, config: {count: 10}}", "LARGE").replace(
        "  - LARGE",
        "  - id: ten\n    type: python\n    inputs: []\n    outputs: [success]\n    code: |\n"
        "      def large():\n          yield b'\\x00' * 2_000_000\n          yield 'ü'\n          yield {'a': (1, 2)}\n",
    )
    served.deploy(text)
    wait_until(lambda: served.flow("held")["connections"]["pass.success->rest.in"]["messages"] == 3)
    key = "pass.success->rest.in"
    page = served.get("/queues/messages", queue=key, flow="held")
    with served.client() as client:
        answers = [
            client._http.get("/queues/content", params={"flow": "held", "queue": key, "id": each["id"], "at": each["at"]})
            for each in page["messages"]
        ]
    assert [answer.headers["content-type"] for answer in answers] == [
        "application/octet-stream", "text/plain; charset=utf-8", "application/json",
    ]  # fmt: skip
    assert answers[0].content == b"\x00" * 2_000_000
    assert answers[1].text == "ü"
    assert answers[2].json() == {"a": {"$type": "tuple", "items": [1, 2]}}


def test_history_and_logs(served):
    served.deploy()
    wait_until(lambda: len(served.get("/history", flow="ticking", processor="check")["rows"]) >= 2)
    table = served.get("/history", flow="ticking", processor="check")
    assert table["columns"] == ["in", "out", "failed", "tasks", "seconds"]
    assert max(row[0] for row in table["rows"]) > 0
    link = served.get("/history", flow="ticking", connection="check.success->keep.in")
    assert link["columns"] == ["passed", "queued", "bytes", "queued_bytes"]
    key = "check.success->keep.in"
    several = served.get(
        "/history/series", ("processor", "check"), ("connection", key), ("processor", ""), ("processor", "no"), flow="ticking"
    )
    assert [each.get("processor", each.get("connection")) for each in several["series"]] == ["check", "", "no", key]
    check, whole, nothing, link = several["series"]
    assert (check["columns"], link["columns"]) == (table["columns"], ["passed", "queued", "bytes", "queued_bytes"])
    assert whole["columns"] == [*check["columns"], *link["columns"]]
    assert [len(each["rows"]) for each in (link, whole)] == [len(check["rows"])] * 2
    assert sum(row[0] for row in whole["rows"]) >= sum(row[0] for row in check["rows"]) > 0
    assert (nothing["columns"], nothing["rows"]) == ([], [])
    minutes = served.get("/history", flow="ticking", since=0)
    assert (minutes["every_s"], minutes["until_ms"] % 60_000, minutes["columns"]) == (60, 0, whole["columns"])
    assert sum(row[0] for row in minutes["rows"]) > 0
    wait_until(lambda: served.flow()["processors"]["check"]["dead"] > 1)
    wait_until(lambda: len(served.get("/logs", flow="ticking", level="warning", processor="check")) > 1)
    line = served.get("/logs", flow="ticking", level="warning", limit=1)[0]
    assert (line["step"], line["level"]) == ("check", "warning")
    assert line["text"].endswith("is refused")
