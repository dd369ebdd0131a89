"""A message's content as people write it: text, JSON, or bytes in hexadecimal; or as a file has it."""

from __future__ import annotations

import base64
import binascii
import json
from enum import Enum
from typing import Any

from engine.client.answer import Content
from engine.client.place import user
from engine.errors import UsageError
from engine.model.problem import shown
from engine.runtime.editing import Edit
from engine.runtime.queues import Message

__all__ = ["Edit", "Kind", "edit_of", "kind_of", "kind_of_content", "read_file", "read_text", "written"]
_ROW = 16


class Kind(Enum):
    """How a content is written. What a processor gets is of the same kind again: a text, bytes, or any other value."""

    TEXT = "text"
    JSON = "json"
    HEX = "hex"


def kind_of(message: Message) -> Kind | None:
    """Of a message as a page of a queue shows it; None when that does not tell, as it is kept in a file."""
    known = {"str": Kind.TEXT, "bytes": Kind.HEX}
    if message.type == "Claim":
        return Kind.HEX if message.content.get("of") == "bytes" else None
    return known.get(message.type, Kind.JSON)


def kind_of_content(content: Content) -> Kind:
    """Of a whole content."""
    known = {"text/plain": Kind.TEXT, "application/octet-stream": Kind.HEX}
    return known.get(content.media.partition(";")[0], Kind.JSON)


def written(content: Content) -> str:
    """A whole content, for people to change."""
    kind = kind_of_content(content)
    if kind is Kind.TEXT:
        return content.data.decode()
    if kind is Kind.JSON:
        return json.dumps(json.loads(content.data), indent=2, ensure_ascii=False)
    return "\n".join(content.data[at : at + _ROW].hex(" ") for at in range(0, len(content.data), _ROW))


def read_text(kind: Kind, text: str) -> Any:
    """What was written, as an `Edit` has it.

    Raises:
        UsageError: it is not of its kind; says where.
    """
    if kind is Kind.TEXT:
        return text
    if kind is Kind.JSON:
        try:
            return json.loads(text, parse_constant=_no_constant)
        except json.JSONDecodeError as error:
            hint = "; a text needs quotes around it" if not text.lstrip().startswith(("{", "[", '"')) else ""
            raise UsageError(f"this is not JSON: {error.msg} in line {error.lineno}, column {error.colno}{hint}") from None
        except RecursionError:
            raise UsageError("this JSON is nested too deeply to be read") from None
    try:
        return _bytes(binascii.unhexlify("".join(text.split())))
    except ValueError:
        raise UsageError(
            "bytes are written in hexadecimal, two digits each, such as `48 65 6c`; or take them from a file"
        ) from None


def read_file(kind: Kind, data: bytes) -> Any:
    """What a file holds, as an `Edit` has it: bytes as they are, text and JSON in UTF-8.

    Raises:
        UsageError: it is not of that kind.
    """
    if kind is Kind.HEX:
        return _bytes(data)
    try:
        return read_text(kind, data.decode())
    except UnicodeDecodeError as error:
        raise UsageError(f"the file is not text in UTF-8: byte {error.start} cannot be read") from None


def edit_of(message: Message, *, content: Any, attributes: dict[str, str] | None) -> Edit:
    """The edit of a message as it was shown, by whoever uses this program."""
    if message.held:
        raise UsageError(f"the message {shown(message.id)} was put back half done by its processor; it cannot be edited")
    return Edit(
        id=message.id, version=message.version, at=message.at, content=content, attributes=attributes, by=user()
    )  # fmt: skip


def _no_constant(name: str) -> None:
    value = {"NaN": "nan", "Infinity": "inf"}.get(name, "-inf")
    raise UsageError(f'JSON has no {name}; write {{"$type": "float", "value": "{value}"}}')


def _bytes(data: bytes) -> dict[str, str]:
    return {"$type": "bytes", "base64": base64.b64encode(data).decode("ascii")}
