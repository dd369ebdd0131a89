"""The search through the manual."""

from __future__ import annotations

from app.help.search import find, sections


def places(text: str) -> list[str]:
    return [hit.section.path + ("#" + hit.section.anchor if hit.section.anchor else "") for hit in find(text)]


def test_the_section_about_something_comes_first():
    assert places("dead letters")[0] == "delivery.md#dead-letters"
    assert places("Back-pressure")[0] == "concepts.md#back-pressure"
    assert places("read_lines")[0] == "processors/read_lines.md"


def test_every_word_must_be_there_in_any_case():
    found = find("LEASE commit")
    assert found
    for hit in found:
        words = f"{hit.section.page} {hit.section.heading} {hit.section.text}".casefold()
        assert "lease" in words
        assert "commit" in words
    assert find("lease xyzzy") == []
    assert find("   ") == []


def test_an_excerpt_shows_the_word_without_markup():
    hit = find("penalty")[0]
    assert "penalty" in hit.excerpt
    assert not set("`*|") & set(hit.excerpt)
    assert len(hit.excerpt) < 250


def test_comments_in_code_are_no_headings():
    assert all(not section.heading.startswith("!") for section in sections())
    assert len({(section.path, section.anchor, section.heading) for section in sections()}) == len(sections())
