"""What a plain word in a flow file means: text, number, truth value or nothing.

The rules are those of YAML 1.2's core schema, so that `yes`, `on` or `12:30` stay text. The writer is stricter than the reader:
it puts in quotes whatever an older YAML reader would take for something else than text.
"""

from __future__ import annotations

import math
import re

_WORDS: dict[str, bool | None] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_FIRST_OF_OTHERS = frozenset("-+.0123456789")
_INTEGER = re.compile(r"[-+]?[0-9]+")
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_SPECIAL = {".inf": math.inf, "+.inf": math.inf, "-.inf": -math.inf, ".nan": math.nan}
_LONGEST_NUMBER = 1000
"""Python refuses to print integers of more than 4300 digits; nobody configures a processor with one."""

_RESERVED = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})
_CHARACTER = r"[\w./@%+*()=<>|^~$;!?&'\"-]"
_PLAIN = re.compile(rf"(?:[^\W\d]|\.{{0,2}}/)(?: ?(?:{_CHARACTER}|:(?=[\w/.])))*")
_QUANTITY = re.compile(r"[0-9]+(?:\.[0-9]+)?(?:us|ms|s|m|h|d|B|[KMGT]i?B)")
# Half a surrogate pair stays: no escape can stand for it, so that encoding the file finds it.
_ESCAPED = re.compile(r'[\\"\x00-\x1f\x7f-\xa0\xad\u2028\u2029\ufeff\ufffe\uffff]')
_NOT_IN_A_BLOCK = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_SHORT_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0"}


def resolve(text: str) -> str | int | float | bool | None:
    """The value of an unquoted word.

    Raises:
        ValueError: it is a number of an absurd length.
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _FIRST_OF_OTHERS:
        return text
    return _number(text)


def _number(text: str) -> str | int | float:
    is_integer = _INTEGER.fullmatch(text)
    if not is_integer and not _FLOAT.fullmatch(text) and not _BASED.fullmatch(text):
        return _SPECIAL.get(text.lower(), text)
    if len(text) > _LONGEST_NUMBER:
        raise ValueError(f"a number of {len(text)} characters is too long; put it in quotes if it is text")
    if is_integer:
        return int(text)
    return int(text, 0) if _BASED.fullmatch(text) else float(text)


def write_text(text: str) -> str:
    """Text on one line: plain when it can only be read as this text, otherwise in double quotes."""
    if (_PLAIN.fullmatch(text) and text.lower() not in _RESERVED) or _QUANTITY.fullmatch(text):
        return text
    return quoted(text)


def quoted(text: str) -> str:
    """Text in double quotes, everything unprintable escaped."""
    return f'"{_ESCAPED.sub(_escape, text)}"'


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    code = ord(character)
    return _SHORT_ESCAPES.get(character) or (f"\\x{code:02X}" if code < 256 else f"\\u{code:04X}")


def write_number(value: float) -> str:
    """A float that YAML 1.1 and 1.2 readers take for the same float."""
    if math.isnan(value):
        return ".nan"
    if math.isinf(value):
        return ".inf" if value > 0 else "-.inf"
    text = repr(value)
    mantissa, exponent, power = text.partition("e")
    return f"{mantissa}.0{exponent}{power}" if exponent and "." not in mantissa else text


def fits_a_block(text: str) -> bool:
    """Whether text can be written as a literal block (`|`) without losing anything."""
    return bool(text.strip()) and not _NOT_IN_A_BLOCK.search(text)


def block(text: str, indent: int) -> tuple[str, list[str]]:
    """A literal block: its header (`|`, `|-`, `|2+` ...) and its lines, indented.

    The text must pass `fits_a_block`. Lines of the text end in a line feed; `-` says that the last one does not, `+` that empty
    lines at the end belong to the text. A digit is needed where the first line begins with a space or is empty.
    """
    stripped = text.rstrip("\n")
    ends = len(text) - len(stripped)
    chomping = "-" if ends == 0 else ("" if ends == 1 else "+")
    digit = "2" if text[0] in " \t\n" else ""
    pad = " " * indent
    lines = [pad + line if line else "" for line in stripped.split("\n")]
    return f"|{digit}{chomping}", lines + [""] * (ends - 1)
