"""Flow files: text to Flow and back, without loss and always to the same bytes."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

from engine.errors import FlowFileError, InvalidFlow, NotFound, StorageError
from engine.model.codec_read import read_flow_tree, read_part
from engine.model.codec_write import flow_text, part_text
from engine.model.flow import Flow, Part
from engine.model.tree import read_tree

AnyPart = TypeVar("AnyPart", bound=Part)


def load_flow(text: str | bytes, source: str = "flow.yaml") -> Flow:
    """The flow that a YAML or JSON text describes. `source` is how messages call the text.

    Raises:
        FlowFileError: the text is neither YAML nor JSON.
        InvalidFlow: it is, but no flow; carries every Problem found.
    """
    tree, problems = read_tree(text, source)
    flow, more = read_flow_tree(tree, source)
    if problems or more or flow is None:
        raise InvalidFlow([*problems, *more], None if problems else flow)
    return flow


def read_flow(path: Path) -> Flow:
    """The flow in a file.

    Raises:
        NotFound: there is no such file.
        FlowFileError: it cannot be read.
        InvalidFlow: it holds no flow.
    """
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        raise NotFound(f"there is no flow file {path}; check the path") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise FlowFileError(f"{path}: cannot be read ({reason}); give the path of a *.flow.yaml file") from None
    return load_flow(text, path.name)


def dump_flow(flow: Flow) -> str:
    """The text of a flow file. Loading it gives the same flow; dumping that gives the same text.

    Raises:
        FlowFileError: a value has no place in a flow file.
    """
    return _written(flow_text, flow, flow.name)


def write_flow(flow: Flow, path: Path) -> None:
    """Writes a flow file; whoever reads meanwhile sees the old file or the new one, never a part.

    Raises:
        StorageError: the folder cannot be written.
    """
    write_whole(path, dump_flow(flow).encode())


def write_whole(path: Path, data: bytes) -> None:
    """Writes a file as `write_flow` does.

    Raises:
        StorageError: the folder cannot be written.
    """
    try:
        _replace(path, data)
    except OSError as error:
        raise StorageError(f"{path}: cannot be written ({error.strerror}); check the folder and its rights") from None


def load_part(text: str | bytes, kind: type[AnyPart], source: str = "") -> AnyPart:
    """One part from YAML, as `dump_part` writes it.

    Raises:
        FlowFileError: the text is neither YAML nor JSON.
        InvalidFlow: it is no such part; carries every Problem found.
    """
    tree, problems = read_tree(text, source or "text")
    part, more = read_part(tree, kind, source)
    if problems or more or part is None:
        raise InvalidFlow([*problems, *more])
    return cast("AnyPart", part)


def dump_part(part: Part) -> str:
    """One part as YAML, with its position and dropped outputs, which a flow file keeps elsewhere."""
    return _written(part_text, part, "the part")


def _written(write: Callable[[Any], str], value: object, what: str) -> str:
    try:
        text = write(value)
        text.encode()
    except UnicodeEncodeError:
        raise FlowFileError(f"{what}: some text holds half a surrogate pair, which no file can hold; remove it") from None
    except TypeError as error:
        raise FlowFileError(f"{what}: {error}; use text, numbers, lists and mappings") from None
    except RecursionError:
        raise FlowFileError(f"{what}: lists and mappings are nested too deeply for a flow file; flatten them") from None
    return text


def _replace(path: Path, data: bytes) -> None:
    """Puts `data` in the place of a file in one step, keeping the file's rights."""
    path = path.resolve()
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:100]}.", suffix=".tmp", dir=path.parent)
    new = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        new.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
        new.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            new.unlink()
        raise


def _umask() -> int:
    """The rights that new files lack; mkstemp alone would make the file private."""
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
