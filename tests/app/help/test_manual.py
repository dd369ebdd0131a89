"""The pages of the manual: all are in the contents, and every link leads somewhere."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import QUrl

from app.help.manual import chapters, page_text
from app.help.markup import html_of
from app.help.topic import topic_of_part, topic_of_type
from app.theme.theme import DARK
from engine.client.processor_type import describe_types
from engine.model.codec import load_flow
from engine.resource import resource_path

PAGES = [path.relative_to(resource_path("manual")).as_posix() for path in sorted(resource_path("manual").rglob("*.md"))]
_ANCHOR = re.compile(r'<a name="([^"]+)">')
_HREF = re.compile(r'(?:href|src)="([^"]+)"')


def anchors(path: str) -> set[str]:
    text = page_text(f"manual/{path}")
    return set(_ANCHOR.findall(html_of(text or "", DARK)))


def leads_somewhere(topic: str) -> bool:
    path, _, place = topic.partition("#")
    text = page_text(f"manual/{path}")
    return text is not None and (not place or place in anchors(path))


def test_every_page_is_in_the_contents_once():
    paths = [entry.path for chapter in chapters() for entry in chapter.entries]
    assert sorted(path for path in paths if not path.startswith("../")) == PAGES
    assert all(entry.title for chapter in chapters() for entry in chapter.entries)
    assert [chapter.title for chapter in chapters()] == ["", "Examples", "Commands", "Processors", "Decisions"]


@pytest.mark.parametrize("path", PAGES)
def test_every_link_and_picture_is_there(path):
    base = QUrl(f"pyfi:/manual/{path}")
    for link in _HREF.findall(html_of(page_text(f"manual/{path}") or "", DARK)):
        url = base.resolved(QUrl(link))
        if url.scheme() != "pyfi":
            continue
        file = resource_path(*url.path().strip("/").split("/"))
        assert file.is_file(), f"{path}: {link}"
        if url.fragment():
            assert url.fragment() in anchors(file.relative_to(resource_path("manual")).as_posix()), f"{path}: {link}"


@pytest.mark.parametrize("described", describe_types(), ids=lambda described: described.name)
def test_every_type_and_each_of_its_settings_has_a_place(described):
    assert leads_somewhere(topic_of_type(described.name))
    for setting in described.settings:
        topic = topic_of_type(described.name, setting.name)
        assert leads_somewhere(topic), topic


def test_every_kind_of_part_has_a_place():
    flow = load_flow("""
pyfi: 1
name: parts
processors: [{id: a, type: generate}, {id: b, type: log}, {id: c, type: unheard}, {id: d, flow: inner}]
connections: [{from: a.success, to: b.in}]
subflows: [{name: inner, inputs: [in]}]
labels: [{id: note, text: hello}]
""")
    parts = [*flow.steps.values(), *flow.connections.values(), *flow.labels.values(), flow.header]
    topics = [topic_of_part(part) for part in parts]
    assert topics == [
        "processors/generate.md",
        "processors/log.md",
        "flow-file.md#a-processor",
        "flow-file.md#a-subflow",
        "flow-file.md#a-connection",
        "flow-file.md#a-label",
        "flow-file.md#the-flow",
    ]
    assert all(map(leads_somewhere, topics))


def test_nothing_outside_the_resources_is_a_page():
    assert page_text("manual/index.md")
    assert page_text("manual/none.md") is None
    assert page_text("../pyproject.toml") is None
    assert page_text("manual/../../README.md") is None
