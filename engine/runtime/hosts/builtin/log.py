"""log: messages as lines of the processor's log."""

from __future__ import annotations

from typing import Any, cast

from ..body import Body as Base
from ..rows import Rows
from ..stage import Delivery
from ..values import Claim
from .json_text import to_json

_SHOWN = 2_000


class Body(Base):
    """Counts messages from the start of its process."""

    fresh = True
    lazy = True
    _count = 0

    def process(self, port: str, rows: Rows, out: Delivery) -> None:
        """Log what is due, and pass everything on."""
        every: int = self.config["every"]
        for row in range(-self._count % every, len(rows), every):
            line = self.config["prefix"] + _shown(rows.contents[row])
            if self.config["attributes"]:
                line += f"  {_shown(rows.attributes_of(row))}"
            self.ctx.log(line, self.config["level"])
        self._count += len(rows)
        out.send("success", rows.contents, packed=cast("bytes | None", rows.packed))


def _shown(content: Any) -> str:
    """A content as text of a bearable length."""
    if isinstance(content, Claim):
        return f"({content.size:,} bytes, kept in a file)"
    if isinstance(content, (str, bytes)):
        text = content[:_SHOWN] if isinstance(content, str) else repr(content[:_SHOWN])
        size = len(content)
    else:
        text = _json(content)
        size = len(text)
    return text[:_SHOWN] + (f"... ({size:,} in all)" if size > _SHOWN else "")


def _json(content: Any) -> str:
    try:
        return to_json(content).decode()
    except (TypeError, ValueError):
        return repr(content)
