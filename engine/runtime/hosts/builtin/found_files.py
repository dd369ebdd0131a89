"""Which files a path or pattern of a config means."""

from __future__ import annotations

import glob
import os


def found_files(folder: str, path: str) -> list[str]:
    """The files that `path` (relative to `folder`; perhaps a pattern) names, sorted; a name that exists is no pattern."""
    full = os.path.join(folder, os.path.expanduser(path))
    if os.path.exists(full) or not glob.has_magic(full):
        return [full]
    return sorted(name for name in glob.glob(full, recursive=True) if not os.path.isdir(name))
