"""Why a file cannot be written, and the cure."""

from __future__ import annotations

import errno

_CURES = {
    errno.ENOSPC: "there is no space left; free some, and it goes on",
    errno.EDQUOT: "the disk quota is used up; free some space, and it goes on",
    errno.EFBIG: "it has reached the largest size allowed for a file; raise the limit, or move the file away",
    errno.EROFS: "its file system is read-only; make it writable, and it goes on",
    errno.EACCES: "this user may not write it; change the rights of the file and its folder",
    errno.EPERM: "this user may not write it; change the rights of the file and its folder",
    errno.EISDIR: "it is a folder; name a file",
    errno.ENOTDIR: "a part of its path is a file, not a folder; change the path",
    errno.EEXIST: "a part of its path is a file, not a folder; change the path",
}


def cannot_be_written(path: str, error: OSError) -> str:
    """The reason as a sentence."""
    return f"'{path}' cannot be written: {_CURES.get(error.errno or 0, error.strerror or str(error))}"
