"""What a user means by a flow: a file or a stored flow."""

from __future__ import annotations

import os
from pathlib import Path

_FILES = (".yaml", ".yml", ".json")


def is_file(reference: str) -> bool:
    """Whether a reference means a file rather than a stored flow."""
    return reference.lower().endswith(_FILES) or os.sep in reference or Path(reference).exists()
