"""delay: holds every message back for a time."""

from __future__ import annotations

import time

from .. import body
from ..rows import Rows
from ..stage import Delivery


class Body(body.Body):
    """A message that comes for the first time goes back into its queue until its time has come."""

    fresh = True
    lazy = True

    def process(self, port: str, rows: Rows, out: Delivery) -> None:
        """Send on what has waited; have the rest wait."""
        due = time.time() + self.config["time"]
        attempts = out.attempts or [0] * len(rows)
        waited = [row for row, attempt in enumerate(attempts) if attempt]
        out.send("success", [rows.contents[row] for row in waited], waited)
        for row, attempt in enumerate(attempts):
            if not attempt:
                out.wait(row, due)
