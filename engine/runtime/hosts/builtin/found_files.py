"""Which files a path or pattern of a config means."""

from __future__ import annotations

import glob
import os

from ..body import BodyContext
from ..errors import Failure


def found_files(folder: str, path: str) -> list[str]:
    """The files that `path` (relative to `folder`; perhaps a pattern) names, sorted; a name that exists is no pattern."""
    full = os.path.join(folder, os.path.expanduser(path))
    if os.path.exists(full) or not glob.has_magic(full):
        return [full]
    return sorted(name for name in glob.glob(full, recursive=True) if not os.path.isdir(name))


def files_of_run(ctx: BodyContext, path: str) -> list[str]:
    """The files of this run: found when it began, and the same after a restart. Kept as state `files`."""
    files: list[str] = ctx.state.get("files") or found_files(str(ctx.folder), path)
    if not files:
        raise Failure("FileNotFoundError", f"no file matches '{path}' in '{ctx.folder}'; check the path")
    ctx.state["files"] = files
    return files
