"""What Enter, Backspace and Tab do to the blanks at the beginning of lines."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtGui import QTextBlock, QTextCursor

from app.editor.language import Language

_CLOSING = {"{": "}", "[": "]", "(": ")"}


def break_line(cursor: QTextCursor, language: Language, *, in_code: bool = True) -> None:
    """Begin a new line, indented as the line before, one step more where it opens something."""
    cursor.beginEditBlock()
    cursor.removeSelectedText()
    text = cursor.block().text()
    before = text[: cursor.positionInBlock()]
    after = text[cursor.positionInBlock() :].lstrip()
    indent = blanks(before)
    code = before.rstrip()
    step = " " * language.indent
    if in_code and _ends_with(code, language.deepens):
        closing = _CLOSING.get(code[-1:])
        cursor.insertText(f"\n{indent}{step}")
        if closing and after.startswith(closing):
            place = cursor.position()
            cursor.insertText(f"\n{indent}")
            _drop_blanks(cursor)
            cursor.setPosition(place)
    else:
        if in_code and code.split(maxsplit=1)[:1] and _first_word(code) in language.lessens:
            indent = indent[: max(0, len(indent) - language.indent)]
        cursor.insertText(f"\n{indent}")
        if code.strip():
            _drop_blanks(cursor)
    cursor.endEditBlock()


def delete_step(cursor: QTextCursor, language: Language) -> bool:
    """Delete back to the stop before, where only blanks lie before the cursor; returns whether it did."""
    before = cursor.block().text()[: cursor.positionInBlock()]
    if cursor.hasSelection() or not before or before.strip(" "):
        return False
    count = (len(before) - 1) % language.indent + 1
    cursor.movePosition(QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor, count)
    cursor.removeSelectedText()
    return True


def indent(cursor: QTextCursor, language: Language) -> None:
    """Move the selected lines right; without a selection of lines, insert blanks up to the next stop."""
    blocks = list(selected_blocks(cursor))
    if len(blocks) == 1 and not _is_whole(cursor, blocks[0]):
        column = cursor.positionInBlock() if not cursor.hasSelection() else cursor.selectionStart() - blocks[0].position()
        cursor.insertText(" " * (language.indent - column % language.indent))
        return
    edit = QTextCursor(cursor)
    edit.beginEditBlock()
    for block in blocks:
        if block.text().strip():
            edit.setPosition(block.position())
            edit.insertText(" " * language.indent)
    edit.endEditBlock()


def unindent(cursor: QTextCursor, language: Language) -> None:
    """Move the selected lines, or the one of the cursor, left by a step."""
    edit = QTextCursor(cursor)
    edit.beginEditBlock()
    for block in selected_blocks(cursor):
        text = block.text()
        width = len(text) - len(text.lstrip(" "))
        count = 1 if text.startswith("\t") else (width - 1) % language.indent + 1 if width else 0
        edit.setPosition(block.position())
        edit.setPosition(block.position() + count, QTextCursor.MoveMode.KeepAnchor)
        edit.removeSelectedText()
    edit.endEditBlock()


def selected_blocks(cursor: QTextCursor) -> Iterator[QTextBlock]:
    """The lines that a selection touches; a line at whose beginning it ends is not meant."""
    document = cursor.document()
    block = document.findBlock(cursor.selectionStart())
    last = document.findBlock(cursor.selectionEnd())
    if last != block and cursor.selectionEnd() == last.position():
        last = last.previous()
    end = last.blockNumber()
    while block.isValid() and block.blockNumber() <= end:
        yield block
        block = block.next()


def blanks(text: str) -> str:
    """What a line is indented with."""
    return text[: len(text) - len(text.lstrip(" \t"))]


def _is_whole(cursor: QTextCursor, block: QTextBlock) -> bool:
    """Whether a selection holds a whole line, which is then to be moved rather than replaced."""
    return cursor.hasSelection() and cursor.selectionEnd() - cursor.selectionStart() >= len(block.text().strip()) > 0


def _ends_with(code: str, endings: tuple[str, ...]) -> bool:
    return any(code.endswith(ending) and not (ending.isalpha() and code[: -len(ending)][-1:].isalnum()) for ending in endings)


def _first_word(code: str) -> str:
    return code.split(maxsplit=1)[0].rstrip(";:,()")


def _drop_blanks(cursor: QTextCursor) -> None:
    """Remove the blanks behind the cursor: they were between two words and now begin a line."""
    rest = cursor.block().text()[cursor.positionInBlock() :]
    count = len(rest) - len(rest.lstrip(" \t"))
    cursor.movePosition(QTextCursor.MoveOperation.Right, QTextCursor.MoveMode.KeepAnchor, count)
    cursor.removeSelectedText()
