"""The search in real flows: keywords, filters, and every place where a part is used."""

from __future__ import annotations

import pytest

from app.canvas.card import State
from app.panel.query import parse
from app.panel.subject import Index, parts
from engine.client.parts import Place
from engine.model.codec import load_flow
from engine.model.problem import Problem


def found(page, text, is_full=None):
    index = Index()
    extra = (is_full,) if is_full else ()
    return ["/".join((*each.place.steps, each.key)) for each in index.find(parse(text), page.board, *extra)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cron", ["tidy/strip"]),
        ("timer", ["parse"]),
        ("disabled", ["out"]),
        ("expires", ["parse.success->tidy.in"]),
        ("where it all begins", ["read"]),
        ("parse the lines", ["parse"]),
        ("x.strip()", ["tidy/strip"]),
        ("properties:exclude x.strip()", []),
        ("group:deeper innermost python", ["tidy/deep/innermost"]),
        ("raw", ["read.success->parse.in"]),
        ("of the day", ["label:note"]),
        ("Write lines", ["out"]),
    ],
)
def test_what_is_found(on_page, text, expected):
    async def work(page):
        assert found(page, text) == expected

    on_page(work)


def test_here_is_the_level_that_is_shown(on_page):
    async def work(page):
        page.board.show_place(Place(("tidy",)))
        assert found(page, "scope:here python") == ["tidy/strip", "tidy/deep/innermost"]

    on_page(work)


def test_states_are_those_on_the_canvas_on_all_levels(on_page):
    async def work(page):
        assert found(page, "stopped") == ["read", "parse", "tidy", "tidy/strip", "tidy/deep", "tidy/deep/innermost"]
        page.board.set_states({"tidy/deep/innermost": State.RUNNING})
        assert found(page, "running") == ["tidy", "tidy/deep", "tidy/deep/innermost"]
        page.board.set_problems([Problem("processor 'strip'", "is wrong", key="clean/strip")])
        assert found(page, "invalid") == ["tidy", "tidy/strip"]

    on_page(work)


def test_back_pressure_is_what_the_engine_says_now(on_page):
    async def work(page):
        assert found(page, "back pressure") == []
        assert found(page, "back pressure", lambda key, _: key == "tidy/strip.success->tidy/deep.in") == [
            "tidy/strip.success->deep.in"
        ]

    on_page(work)


def test_a_definition_used_twice_is_found_twice_and_one_inside_itself_once():
    flow = load_flow("""
        pyfi: 1
        name: again
        processors: [{id: one, flow: loop}, {id: two, flow: loop}]
        subflows:
          - name: loop
            processors: [{id: inside, type: python, code: 'x = 1'}, {id: again, flow: loop}]
    """)
    assert ["/".join((*each.place.steps, each.key)) for each in parts(flow)] == [
        "one", "two", "one/inside", "one/again", "two/inside", "two/again",
    ]  # fmt: skip
