"""The manual is complete and true where a test can tell: pages, links, examples, commands, keys."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sqlite3
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from engine.cli.root import root
from engine.client.engine import Engine
from engine.model import codec_read
from engine.model.codec import read_flow
from engine.model.flow import Flow, Processor
from engine.model.validation import validate
from engine.processors.registry import catalog, offered
from engine.runtime.command import runtimes
from tests.engine.cli.command import answer, environment, process

ROOT = Path(__file__).resolve().parents[1]
MANUAL = ROOT / "resources" / "manual"
PAGES = sorted(MANUAL.rglob("*.md"))
LINKING = [*PAGES, *sorted((ROOT / "resources" / "examples").glob("*/README.md")), ROOT / "README.md", ROOT / "CHANGELOG.md"]
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def blocks(page: Path, language: str) -> list[str]:
    """The blocks of a page in a language."""
    return [text for found, text in _BLOCK.findall(page.read_text(encoding="utf-8")) if found == language]


def flows(page: Path) -> list[str]:
    """The complete flow files on a page."""
    return [text for text in blocks(page, "yaml") if text.startswith("pyfi:")]


def anchors(page: Path) -> set[str]:
    """What `#...` may name on a page."""
    text = _FENCED.sub("", page.read_text(encoding="utf-8"))
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the files that examples read."""
    (tmp_path / "access.log").write_text("a line\n", encoding="utf-8")
    (tmp_path / "measured.csv").write_text("at,celsius\nhere,21.5\n", encoding="utf-8")
    (tmp_path / "inbox").mkdir()
    sqlite3.connect(tmp_path / "orders.db").close()
    return tmp_path


def load(text: str, folder: Path) -> Flow:
    path = folder / "example.flow.yaml"
    path.write_text(text, encoding="utf-8")
    return read_flow(path)


@pytest.mark.parametrize("page", LINKING, ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    lost = []
    for link in _LINK.findall(_FENCED.sub("", page.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or not target.is_relative_to(ROOT) or (anchor and anchor not in anchors(target)):
            lost.append(link)
    assert lost == []


def test_the_index_leads_to_every_page() -> None:
    index = MANUAL / "index.md"
    linked = {(MANUAL / link.partition("#")[0]).resolve() for link in _LINK.findall(index.read_text(encoding="utf-8"))}

    assert [name(page) for page in PAGES if page != index and page not in linked] == []


@pytest.mark.parametrize("type", sorted(offered()))
def test_every_type_has_a_page_with_an_example(type: str) -> None:
    page = MANUAL / "processors" / f"{type}.md"

    assert page.is_file(), f"write {name(page)}"
    assert page.read_text(encoding="utf-8").startswith(f"# {type}\n")
    assert any(re.search(rf"^ +type: {type}$", text, re.MULTILINE) for text in flows(page)), "a flow file that uses the type"


def test_every_page_about_a_type_has_the_type() -> None:
    assert {page.stem for page in (MANUAL / "processors").glob("*.md")} == set(offered())


@pytest.mark.parametrize("page", [page for page in PAGES if flows(page)], ids=name)
def test_examples_are_valid(page: Path, folder: Path) -> None:
    for text in flows(page):
        flow = load(text, folder)
        assert [str(problem) for problem in validate(flow, catalog(), folder, runtimes())] == []


@pytest.mark.parametrize("type", sorted(offered()))
def test_a_page_names_every_setting(type: str) -> None:
    page = (MANUAL / "processors" / f"{type}.md").read_text(encoding="utf-8")

    assert [setting for setting in catalog()[type].config.__struct_encode_fields__ if f"`{setting}`" not in page] == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_other_blocks_are_well_formed(page: Path) -> None:
    for text in blocks(page, "python"):
        compile(text, name(page), "exec")
    for text in blocks(page, "json"):
        json.loads(text)


def test_the_first_flow_does_what_the_index_says(folder: Path) -> None:
    (text,) = flows(MANUAL / "index.md")
    (folder / "hello.flow.yaml").write_text(text, encoding="utf-8")

    done = process("run", "hello.flow.yaml", "--json", "--workspace", "workspace", cwd=folder)

    assert done.returncode == 0, done.stderr
    written = (folder / "out" / "squares.jsonl").read_text(encoding="utf-8").splitlines()
    assert sorted(json.loads(line)["square"] for line in written) == [n * n for n in range(10)]
    (shown,) = blocks(MANUAL / "running.md", "json")
    summary = answer(done)
    assert json.loads(shown).keys() == summary.keys()
    assert json.loads(shown)["processors"]["square"].keys() == summary["processors"]["square"].keys()
    assert json.loads(shown)["connections"] == {"square.success->out.in": summary["connections"]["square.success->out.in"]}


def commands(group: click.Group, prefix: str = "pyfi") -> Iterator[tuple[str, str]]:
    """Every visible command: what stands before its name, and its name."""
    context = click.Context(group)
    for command_name in group.list_commands(context):
        command = group.get_command(context, command_name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, f"{prefix} {command_name}")
        elif not command.hidden:
            yield prefix, command_name


def test_every_command_is_in_the_manual() -> None:
    lines = "\n".join(page.read_text(encoding="utf-8") for page in PAGES).splitlines()
    missing = [
        f"{prefix} {command}"
        for prefix, command in commands(root)
        if not any(f"{prefix} {command}" in line or (f"`{prefix} " in line and f"`{command}`" in line) for line in lines)
    ]
    assert missing == []


KEYS = {
    "processor": codec_read.PROCESSOR,
    "subflow": codec_read.SUBFLOW,
    "connection": codec_read.CONNECTION,
    "label": codec_read.LABEL,
    "flow": dict.fromkeys(codec_read.SECTIONS),
}


@pytest.mark.parametrize("part", KEYS)
def test_every_key_of_a_flow_file_is_explained(part: str) -> None:
    sections = (MANUAL / "flow-file.md").read_text(encoding="utf-8").split("\n## ")
    section = next(text for text in sections if text.startswith(("The ", "A ")) and text.split("\n")[0].split()[1] == part)
    assert [key for key in KEYS[part] if f"`{key}`" not in section and f"`{key}:" not in section] == []


def test_defaults_are_those_of_the_model() -> None:
    table = (MANUAL / "flow-file.md").read_text(encoding="utf-8")
    plain = Processor(id="", type="python")
    assert (plain.timeout_s, plain.memory_bytes, plain.retry.attempts, plain.retry.penalty_s) == (60, 512_000_000, 0, 30)
    for row in ("`timeout` | `60s`", "`memory` | `512MB`", "`retry` | `{attempts: 0, penalty: 30s}`", "`concurrency` | 1"):
        assert f"| {row} |" in table


def test_pictures_are_drawings_that_say_what_they_show() -> None:
    for picture in (MANUAL / "pictures").glob("*.svg"):
        drawing = ET.parse(picture).getroot()
        assert drawing.tag == "{http://www.w3.org/2000/svg}svg"
        assert drawing.find("{http://www.w3.org/2000/svg}desc") is not None, f"{picture.name} says nothing to who cannot see it"


def test_the_examples_of_calls_do_what_they_say(tmp_path: Path) -> None:
    page = MANUAL / "calls.md"
    (flow,) = blocks(page, "yaml")
    (tmp_path / "prices.flow.yaml").write_text(flow, encoding="utf-8")
    settings = {"PYFI_WORKSPACE": str(tmp_path / "ws"), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    try:
        for text in blocks(page, "python"):
            run = subprocess.run(
                [sys.executable, "-c", text],
                cwd=tmp_path,
                env=environment(**settings),
                capture_output=True,
                text=True,
                check=False,
            )
            assert (run.returncode, run.stderr) == (0, "")
        (text,) = blocks(page, "sh")
        run = subprocess.run(
            ["bash", "-ec", text], cwd=tmp_path, env=environment(**settings), capture_output=True, text=True, check=False
        )
        assert (run.returncode, run.stderr) == (0, "")
        first, *pair, again = run.stdout.splitlines()[:4]
        assert (float(first), float(again)) == (100, 100)
        assert [json.loads(line) for line in pair] == [{"port": "success", "content": each} for each in (100, 20)]
    finally:
        asyncio.run(_end_engine(tmp_path / "ws"))


async def _end_engine(workspace: Path) -> None:
    engine = Engine(workspace)
    await engine.shut_down(patience_s=5)
    await engine.close()
