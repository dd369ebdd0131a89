"""Content and what stands for it in HTTP: a body and its type."""

from __future__ import annotations

import json
from typing import Any

JSON = "application/json"


def to_body(content: Any) -> tuple[bytes, str]:
    """The bytes of a content and their media type; a mapping or a list becomes JSON."""
    if type(content) is bytes:
        return content, "application/octet-stream"
    if type(content) is str:
        return content.encode("utf-8", "surrogateescape"), "text/plain; charset=utf-8"
    if content is None:
        return b"", "text/plain; charset=utf-8"
    return json.dumps(content, ensure_ascii=False, default=str).encode("utf-8", "surrogateescape"), JSON


def from_body(body: bytes, content_type: str) -> Any:
    """The content in a body: JSON as a value (raises ValueError), text as text, no body as None, anything else as bytes."""
    kind, _, parameters = content_type.partition(";")
    kind = kind.strip().lower()
    if kind == JSON or kind.endswith("+json"):
        return json.loads(body) if body else None
    if is_text(kind):
        return decode(body, parameters)
    return body or None


def is_text(kind: str) -> bool:
    """Whether a media type is for reading."""
    return (
        kind.startswith("text/")
        or kind.endswith("+xml")
        or kind
        in {
            "application/xml",
            "application/javascript",
            "application/x-www-form-urlencoded",
        }
    )


def decode(body: bytes, parameters: str) -> str:
    """A body as text, in the charset its type names (UTF-8 without one); what is none of it becomes a replacement mark."""
    charset = "utf-8"
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            charset = value.strip().strip("\"'") or charset
    try:
        return body.decode(charset, "replace")
    except LookupError:
        return body.decode("utf-8", "replace")
