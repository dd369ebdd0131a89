"""write_files: one file a message."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping
from typing import IO, Any, cast

from ..body import Body as Base
from ..body import BodyContext
from ..errors import Failure, NotNow
from ..rows import Attributes, Rows
from ..stage import Delivery
from ..values import Claim
from .identity import opened
from .json_text import to_json
from .write_errors import cannot_be_written

_PLACE = re.compile(r"\{([^{}]+)\}")
_MAX_NAME_BYTES = 255
_COPY_BYTES = 1 << 20
_RETRY_S = 2.0
_RAW = "bytes"


class Body(Base):
    """A message that is handled again has the same name and so overwrites what it wrote before with the same."""

    fresh = True
    lazy = True

    def __init__(self, config: Mapping[str, Any], ctx: BodyContext) -> None:
        super().__init__(config, ctx)
        self._folder = os.path.join(str(ctx.folder), os.path.expanduser(config["path"]))
        self._name: str = config["name"]

    def process(self, port: str, rows: Rows, out: Delivery) -> None:
        """Write each row to its file, and pass it on."""
        identities, contents = opened(rows, self.ctx)
        failed: dict[int, Failure] = {}
        done: list[None] = []
        self.ctx.progress(done)
        for row, content in enumerate(contents):
            try:
                name = self._name_of(identities[row], rows.attributes_of(row))
                self._write(name, f".{identities[row]}.part", content)
            except Failure as failure:
                failed[row] = failure
            except OSError as error:
                raise NotNow(cannot_be_written(self._folder, error), _RETRY_S) from error
            done.append(None)
        if not failed:
            out.send("success", rows.contents, packed=cast("bytes | None", rows.packed))
            return
        for row, failure in failed.items():
            out.fail(row, failure)
        good = [row for row in range(len(rows)) if row not in failed]
        out.send("success", [rows.contents[row] for row in good], good)

    def _name_of(self, identity: str, attributes: Attributes) -> str:
        batch, _, number = identity.rpartition("-")
        template = self._name or ("{filename}" if "filename" in attributes else "{id}-{n}.bin")
        known = {**attributes, "id": batch, "n": number}

        def fill(place: re.Match[str]) -> str:
            if place[1] not in known:
                reason = f"the file's name needs the attribute '{place[1]}', which this message lacks"
                raise Failure("NoName", reason, retry=False)
            return known[place[1]]

        return _checked(_PLACE.sub(fill, template))

    def _write(self, name: str, part: str, content: Any) -> None:
        """Write a file whole or not at all."""
        os.makedirs(self._folder, exist_ok=True)
        path, part = os.path.join(self._folder, name), os.path.join(self._folder, part)
        try:
            with open(part, "wb") as file:
                self._fill(file, content)
                if self.config["sync"]:
                    file.flush()
                    os.fsync(file.fileno())
            os.replace(part, path)
        except BaseException:
            _remove(part)
            raise

    def _fill(self, file: IO[bytes], content: Any) -> None:
        if isinstance(content, Claim):
            if content.type == _RAW:
                with self.ctx.claims.open(content) as source:
                    shutil.copyfileobj(source, file, _COPY_BYTES)
                return
            content = self.ctx.claims.get(content)
        if isinstance(content, (bytes, bytearray)):
            file.write(content)
        elif isinstance(content, str):
            file.write(content.encode())
        else:
            try:
                file.write(to_json(content))
            except (TypeError, ValueError) as error:
                raise Failure(type(error).__name__, str(error), retry=False) from None


def _checked(name: str) -> str:
    """The name, if it is one of a file in the folder and nowhere else."""
    if not name or name in {".", ".."} or "/" in name or "\\" in name or "\0" in name:
        raise Failure("BadName", f"{name!r:.100} is no file name: it must not be empty nor hold a slash or ..", retry=False)
    if len(name.encode()) > _MAX_NAME_BYTES:
        raise Failure("BadName", f"the file name '{name[:50]}...' is longer than {_MAX_NAME_BYTES} bytes", retry=False)
    return name


def _remove(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        return
