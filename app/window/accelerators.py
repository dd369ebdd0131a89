"""Gives the entries of a menu letters of their own, in any language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtWidgets import QMenu, QMenuBar


def give_letters(menu: QMenu | QMenuBar) -> None:
    """Have no two entries of a menu go by the same letter, and as many as possible by one.

    An entry keeps the letter that its text names (`&File`) unless one above it has it.
    """
    actions = [action for action in menu.actions() if action.text() and not action.isSeparator()]
    for action, text in zip(actions, lettered([action.text() for action in actions]), strict=True):
        if action.text() != text:
            action.setText(text)


def lettered(texts: Sequence[str]) -> list[str]:
    """Texts with `&` before a letter that none of the others has."""
    made = list(texts)
    taken: set[str] = set()
    for number, text in enumerate(texts):
        letter = letter_of(text)
        if letter and letter in taken:
            made[number] = _plain(text)
        elif letter:
            taken.add(letter)
    for number, text in enumerate(made):
        if letter_of(text):
            continue
        at = next((at for at in _spots(text) if text[at].casefold() not in taken), -1)
        if at >= 0:
            taken.add(text[at].casefold())
            made[number] = f"{text[:at]}&{text[at:]}"
    return made


def letter_of(text: str) -> str:
    """The letter that a text goes by, "" for none; `&&` is a plain ampersand."""
    at = 0
    while (at := text.find("&", at)) >= 0 and at + 1 < len(text):
        if text[at + 1] != "&":
            return text[at + 1].casefold()
        at += 2
    return ""


def _plain(text: str) -> str:
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&&")


def _spots(text: str) -> Iterator[int]:
    """Where a letter could be: first at the beginnings of words, then anywhere."""
    letters = [at for at, letter in enumerate(text) if letter.isalnum()]
    starts = [at for at in letters if at == 0 or not text[at - 1].isalnum()]
    yield from starts
    yield from (at for at in letters if at not in starts)
