"""A flow that runs while it is edited in the real window: what comes to the engine, and what does not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec import structs
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from engine.client.engine import Engine
from engine.errors import ConflictError
from engine.model import edits
from engine.model.change import Change
from engine.model.codec import load_flow
from engine.model.flow import Label
from engine.model.layout import placed
from tests.app.desk import Desk, result, story, until
from tests.app.hand import CTRL

TICKS = placed(
    load_flow("""
pyfi: 1
name: ticks
processors:
  - {id: ticks, type: generate, config: {count: 0, rate: 50}}
  - {id: keep, type: log}
connections: [{from: ticks.success, to: keep.in}]
layout: {ticks: [0, 0], keep: [450, 0]}
""")
)


@pytest.fixture
def told(qtbot, tmp_path: Path) -> Callable[[Callable[[Desk], None]], None]:
    """Tells a story in a window; what still runs at its end is stopped, or the window would ask what is to go on."""

    def tell_and_stop(tell: Callable[[Desk], None]) -> None:
        def whole(desk: Desk) -> None:
            tell(desk)
            result(desk.window.conductor.stop(desk.page))
            until(lambda: desk.window.conductor.state_of(desk.page) != "running")

        story(tmp_path, whole)

    return tell_and_stop


@pytest.fixture
def deployed(monkeypatch) -> list[str]:
    """Notes the flows that are taken to the engine, which is the real one."""
    taken: list[str] = []
    deploy = Engine.deploy

    async def noting(self, name, *arguments, **options):
        taken.append(name)
        return await deploy(self, name, *arguments, **options)

    monkeypatch.setattr(Engine, "deploy", noting)
    return taken


def run(desk: Desk) -> None:
    desk.window.commands.go(desk.window.conductor.run(desk.page))
    until(lambda: desk.window.conductor.state_of(desk.page) == "running")


def engine_text(desk: Desk) -> str:
    return result(desk.window.conductor.engine.deployed_text(desk.page.title))


def test_what_only_people_see_is_not_taken_to_the_running_flow(told, deployed):
    def tell(desk: Desk) -> None:
        desk.open(TICKS)
        run(desk)
        deployed.clear()
        before = desk.place("keep")
        desk.hand.drag(desk.middle("keep"), desk.middle("keep") + QPointF(60, 90))
        assert desk.place("keep") != before
        document = desk.page.document
        document.edit("colour", edits.configure(document.flow, "keep", color="#aa0000"))
        document.edit("label", edits.add(document.flow, Label(id="note", text="hello")))
        QTest.qWait(600)  # longer than edits are gathered: what was on its way would have gone by itself
        # One that it must have is taken there, and is the only one.
        document.edit("off", edits.configure(document.flow, "keep", enabled=False))
        until(lambda: "enabled: false" in engine_text(desk))
        assert deployed == ["ticks"]

    told(tell)


def test_a_running_flow_that_is_renamed_goes_on_with_all_that_it_holds(told):
    held = structs.replace(
        TICKS, connections={key: structs.replace(link, breakpoint=True) for key, link in TICKS.connections.items()}
    )
    key = "ticks.success->keep.in"

    def tell(desk: Desk) -> None:
        desk.open(held)
        run(desk)
        conductor, document = desk.window.conductor, desk.page.document
        until(lambda: conductor.waiting(desk.page, [key]) > 5)
        before = conductor.waiting(desk.page, [key])
        header = document.flow.header
        document.edit("name", [Change("flow:", header, structs.replace(header, name="tocks"))])
        until(lambda: conductor.state_of(desk.page) == "running")
        assert [each.name for each in result(conductor.engine.deployments())] == ["tocks"]
        until(lambda: conductor.waiting(desk.page, [key]) > before)
        # And back, by the key for undo.
        desk.key(Qt.Key.Key_Z, CTRL)
        assert desk.page.title == "ticks"
        until(lambda: conductor.state_of(desk.page) == "running")
        assert [each.name for each in result(conductor.engine.deployments())] == ["ticks"]

    told(tell)


def test_another_flow_that_runs_under_the_name_is_let_alone(told, deployed):
    def tell(desk: Desk) -> None:
        conductor = desk.window.conductor
        other = structs.replace(TICKS, parameters={})
        engine = result(conductor.supervisor.need())
        result(engine.run("ticks", other, conductor.engine.folder, key="another"))
        until(lambda: conductor.feed.flow("ticks") is not None)
        deployed.clear()
        page = desk.open(TICKS)
        document = page.document
        # Nothing of it is shown,
        until(lambda: bool(conductor.feed.flow("ticks").connections["ticks.success->keep.in"]))  # type: ignore[union-attr]
        assert conductor.state_of(page) == ""
        assert conductor.queues_within(page, []) == []
        assert not desk.window.actions_by_id["stop"].isEnabled()
        # and nothing is done to it,
        result(conductor.stop(page))
        result(conductor.terminate(page, ["keep"]))
        document.edit("off", edits.configure(document.flow, "keep", enabled=False))
        QTest.qWait(600)
        assert deployed == []
        for work in (
            conductor.run(page),
            conductor.start_steps(page, ["keep"]),
            conductor.run_once(page, ["keep"]),
            conductor.replay_last(page, ["keep"]),
            conductor.release(page, list(document.flow.connections), None),
        ):
            with pytest.raises(ConflictError, match="Another flow is deployed as “ticks”; give this one another name"):
                result(work)
        assert (result(engine.deployment("ticks")).state, "enabled: false" in engine_text(desk)) == ("running", False)
        # until this one is called otherwise.
        header = document.flow.header
        document.edit("name", [Change("flow:", header, structs.replace(header, name="tocks"))])
        run(desk)
        found = {each.name: each.key for each in result(engine.deployments())}
        assert found == {"ticks": "another", "tocks": page.book.id}
        # Back under the name that is taken, the sentence is the engine's; both go on.
        said: list[str] = []
        conductor.told.connect(said.append)
        header = document.flow.header
        document.edit("name", [Change("flow:", header, structs.replace(header, name="ticks"))])
        until(lambda: bool(said))
        assert "another deployment called 'ticks'" in said[0]
        assert {each.name for each in result(engine.deployments())} == {"ticks", "tocks"}
        assert conductor.state_of(page) == ""
        header = document.flow.header
        document.edit("name", [Change("flow:", header, structs.replace(header, name="tacks"))])
        until(lambda: conductor.state_of(page) == "running")
        assert {each.name: each.key for each in result(engine.deployments())} == {"ticks": "another", "tacks": page.book.id}
        result(engine.remove("ticks"))

    told(tell)


def test_edits_and_new_names_come_to_the_engine_one_after_the_other(told):
    def tell(desk: Desk) -> None:
        page = desk.open(TICKS)
        run(desk)
        conductor, document = desk.window.conductor, page.document
        followed = conductor._pages[page]
        document.edit("off", edits.configure(document.flow, "keep", enabled=False))
        updating = followed.updating
        for name in ("tocks", "tacks"):
            header = document.flow.header
            document.edit("name", [Change("flow:", header, structs.replace(header, name=name))])
            assert followed.updating is updating
        until(lambda: conductor.state_of(page) == "running")
        until(lambda: not followed.is_updating)
        assert [each.name for each in result(conductor.engine.deployments())] == ["tacks"]
        assert "enabled: false" in engine_text(desk)

    told(tell)
