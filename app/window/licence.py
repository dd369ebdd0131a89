"""The licences of PYFI and of what it is made with, from what is installed."""

from __future__ import annotations

import gzip
import json
import re
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from typing import NamedTuple

from engine.interpreter import frozen_folder, is_frozen
from engine.resource import resource_path

_NAME = re.compile(r"[A-Za-z0-9._-]+")
_TEXT = re.compile(r"(^|/)(LICEN[CS]E|COPYING|NOTICE)[^/]*$", re.IGNORECASE)
_CLASSIFIER = "License :: OSI Approved :: "


class Licence(NamedTuple):
    """A part, its version, the name of its licence, and the licence's text where it came along."""

    part: str
    version: str
    name: str
    text: str


def licences() -> list[Licence]:
    """PYFI's own first, then those of the packages it asks for that are installed; of an application, of all that is in it."""
    if is_frozen():
        packed = (frozen_folder() / "licences.json.gz").read_bytes()
        listed = json.loads(gzip.decompress(packed))
        return [Licence(**each) for each in listed]
    own = _of("pyfi")
    if own is None or not own.text:
        file = resource_path().parent / "LICENSE"
        text = file.read_text(encoding="utf-8") if file.is_file() else ""
        own = Licence("pyfi", own.version if own is not None else "", "MIT", text)
    return [own, *(found for name in _required() if (found := _of(name)) is not None)]


def _required() -> list[str]:
    try:
        asked = distribution("pyfi").requires or []
    except PackageNotFoundError:
        asked = []
    kept = [each for each in asked if "extra == 'dev" not in each and 'extra == "dev' not in each]
    names = {match[0].lower() for each in kept if (match := _NAME.match(each))}
    return sorted(names)


def _of(name: str) -> Licence | None:
    try:
        found = distribution(name)
    except PackageNotFoundError:
        return None
    return Licence(found.metadata["Name"], found.version, licence_name(found), _text_of(found))


def licence_name(found: Distribution) -> str:
    """The name of a package's licence: its SPDX name if the package says it; old ones have whole texts in the field."""
    data = found.metadata
    for name in (*(data.get_all("License-Expression") or ()), *(data.get_all("License") or ())):
        if name and len(name) < 80 and "\n" not in name:
            return name
    listed = [each.removeprefix(_CLASSIFIER) for each in data.get_all("Classifier") or () if each.startswith(_CLASSIFIER)]
    return ", ".join(listed) or "see its text"


def _text_of(found: Distribution) -> str:
    texts = []
    for file in found.files or ():
        if _TEXT.search(file.as_posix()) and ".dist-info" in file.as_posix():
            try:
                texts.append(file.read_text(encoding="utf-8"))
            except (OSError, UnicodeDecodeError):
                continue
    return "\n\n".join(texts)
