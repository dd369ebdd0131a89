"""Cards that say where another version runs than is drawn, with a real engine."""

from __future__ import annotations

import subprocess
from pathlib import Path

from msgspec import structs

from app.canvas.card import Card
from app.run.versions import unlike
from engine.client.engine import Engine
from engine.model import edits
from engine.model.codec import dump_flow, load_flow
from engine.model.flow import Flow, Git, Processor
from engine.model.layout import placed
from tests.app.desk import Desk, result, story, until

FLOW = placed(
    load_flow("""
pyfi: 1
name: ticks
processors:
  - {id: ticks, type: generate, config: {count: 0, rate: 50}}
  - {id: work, type: python, code: "def work(message): return message"}
  - {id: keep, type: log}
  - {id: inner, flow: cleaning}
subflows:
  - name: cleaning
    inputs: [in]
    outputs: [out]
    processors: [{id: clean, type: python, code: "def clean(message): return message"}]
    connections: [{from: in, to: clean.in}, {from: clean.success, to: out}]
connections:
  - {from: ticks.success, to: work.in}
  - {from: work.success, to: inner.in}
  - {from: inner.out, to: keep.in}
""")
)


def processor(flow: Flow, id: str) -> Processor:
    found = flow.steps[id]
    assert isinstance(found, Processor)
    return found


def card(desk: Desk, key: str) -> Card:
    """A card as it is on the canvas."""
    cards = desk.page.board.sheet.cards
    return cards.card(cards.rows[key])


def badges(desk: Desk) -> dict[str, str]:
    """What cards say that is not as usual."""
    cards = desk.page.board.sheet.cards
    shown = [cards.card(row) for row in cards.rows.all().tolist()]
    return {each.key: each.badge for each in shown if each.warns}


def configure(desk: Desk, key: str, within: str = "", **fields: object) -> None:
    document = desk.page.document
    document.edit(f"{key} otherwise", edits.configure(document.flow, key, within, **fields))


def run(desk: Desk) -> None:
    result(desk.window.conductor.run(desk.page))
    until(lambda: desk.window.conductor.state_of(desk.page) == "running")


def test_what_makes_a_version_and_what_does_not():
    work = processor(FLOW, "work")

    def with_work(**fields: object) -> Flow:
        return structs.replace(FLOW, steps={**FLOW.steps, "work": structs.replace(work, **fields)})

    assert unlike(FLOW, FLOW) == unlike(load_flow(dump_flow(FLOW)), FLOW) == {}
    for same in ({"position": (1.0, 2.0)}, {"notes": "n"}, {"color": "#aa0000"}, {"name": "Work"}):
        assert unlike(FLOW, with_work(**same)) == {}, same
    for other in (
        {"code": "def work(message): return 1"},
        {"enabled": False},
        {"concurrency": 4},
        {"auto_terminate": ("failure",)},
    ):
        assert unlike(FLOW, with_work(**other)) == {"work": ""}, other
    assert unlike(FLOW, with_work(git=Git("repo", "955e44e1", "m"), code=None)) == {"work": "955e44e1"}
    # What is inside a definition goes by the definition, wherever it is used; what does not run at all is no version.
    inside = FLOW.definitions["cleaning"]
    clean = structs.replace(processor(inside, "clean"), concurrency=2)
    other = structs.replace(FLOW, definitions={"cleaning": structs.replace(inside, steps={"clean": clean})})
    assert unlike(FLOW, other) == {"cleaning/clean": ""}
    assert unlike(FLOW, structs.replace(FLOW, steps={}, definitions={})) == {}


def test_a_card_says_that_another_version_runs_until_the_flow_is_valid_again(qtbot, tmp_path: Path):
    def tell(desk: Desk) -> None:
        desk.open(FLOW)
        run(desk)
        assert badges(desk) == {}
        configure(desk, "ticks", config={"count": "many"})
        until(lambda: badges(desk) == {"ticks": "runs another"})
        configure(desk, "work", code="def work(message): return 1")
        configure(desk, "clean", "cleaning", code="def clean(message): return 2")
        until(lambda: badges(desk) == {"ticks": "runs another", "work": "runs another", "inner": "runs another"})
        assert card(desk, "work").hint == "Runs another version than is shown here."
        assert card(desk, "ticks").hint.startswith("Runs another version than is shown here.\n"), "and what is wrong with it"
        assert card(desk, "inner").hint == "Something of it runs in another version than is shown here."
        # Inside, and in its frame, the card that it is about says so.
        desk.page.board.enter("inner")
        assert badges(desk) == {"clean": "runs another"}
        desk.page.board.leave()
        configure(desk, "inner", expanded=True)
        assert set(badges(desk)) == {"ticks", "work", "inner", "inner/clean"}
        # Once it is valid all of it runs.
        configure(desk, "ticks", config={"count": 0, "rate": 50})
        until(lambda: badges(desk) == {})
        assert "return 2" in result(desk.window.conductor.engine.deployed_text("ticks"))

    story(tmp_path, tell)


def test_a_version_that_was_deployed_from_elsewhere_is_told_until_run_takes_this_there(qtbot, tmp_path: Path):
    def tell(desk: Desk) -> None:
        page = desk.open(FLOW)
        run(desk)
        other = structs.replace(FLOW, steps={**FLOW.steps, "keep": structs.replace(processor(FLOW, "keep"), concurrency=3)})

        async def deploy_elsewhere() -> None:
            engine = Engine(tmp_path / "ws")
            await engine.deploy("ticks", other, tmp_path, key=page.book.id)
            await engine.close()

        result(deploy_elsewhere())
        until(lambda: badges(desk) == {"keep": "runs another"})
        # A window that is opened only now says so, too.
        desk.window.conductor.let_go(page)
        page.board.set_versions({})
        desk.window.conductor.follow(page)
        until(lambda: badges(desk) == {"keep": "runs another"})
        run(desk)
        until(lambda: badges(desk) == {})
        # What is stopped is no version that runs.
        result(deploy_elsewhere())
        until(lambda: badges(desk) != {})
        result(desk.window.conductor.stop(page))
        until(lambda: badges(desk) == {})

    story(tmp_path, tell)


def test_a_card_names_the_commit_that_runs_beside_the_one_that_is_shown(qtbot, tmp_path: Path):
    first, second = commits(tmp_path / "code")
    git = Git(str(tmp_path / "code"), first, "sample")
    work = structs.replace(processor(FLOW, "work"), code=None, git=git)

    def tell(desk: Desk) -> None:
        desk.open(structs.replace(FLOW, steps={**FLOW.steps, "work": work}))
        run(desk)
        assert (card(desk, "work").badge, card(desk, "work").warns) == (first[:7], False)
        configure(desk, "ticks", config={"count": "many"})
        configure(desk, "work", git=structs.replace(git, commit=second))
        until(lambda: "work" in badges(desk))
        assert card(desk, "work").badge == f"runs {first[:7]}"
        assert card(desk, "work").hint == f"Runs commit {first[:7]}; this shows {second[:7]}."
        desk.page.document.undo_stack.undo()
        until(lambda: set(badges(desk)) == {"ticks"})
        desk.page.document.undo_stack.redo()
        configure(desk, "work", git=None, code="def work(message): return message")
        until(lambda: card(desk, "work").hint == f"Runs commit {first[:7]}, which is not what is shown here.")

    story(tmp_path, tell)


def commits(folder: Path) -> tuple[str, str]:
    """The ids of two commits of a module `sample` in a new repository."""
    folder.mkdir()
    run_git(folder, "init", "--quiet")
    made = []
    for number in (1, 2):
        (folder / "sample.py").write_text(f"def work(message):\n    return message  # {number}\n", encoding="utf-8")
        run_git(folder, "add", ".")
        run_git(folder, "-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "--quiet", "-m", str(number))
        made.append(run_git(folder, "rev-parse", "HEAD").strip())
    return made[0], made[1]


def run_git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout
