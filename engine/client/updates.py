"""Whether there is a newer PYFI: asked of an address that somebody named, and of nobody otherwise.

The address answers with JSON: `{"version": "1.2.0", "page": "https://…"}`. Nothing is sent but the question.
"""

from __future__ import annotations

import logging
import re
import urllib.request

import msgspec

from engine.client.version import version

_TIMEOUT_S = 10.0
_MOST_BYTES = 1 << 16
_SCHEMES = ("http://", "https://")
_NUMBERS = re.compile(r"\d+(\.\d+)*")
_LOG = logging.getLogger(__name__)


class Newest(msgspec.Struct, frozen=True):
    """The newest version that there is, and the page that says more of it."""

    version: str
    page: str = ""


def newer(url: str, own: str = "") -> Newest | None:
    """The newest version, if it is newer than this one. None also where there is no network or no sense in the answer."""
    if not url.startswith(_SCHEMES):
        return None
    try:
        request = urllib.request.Request(url, headers={"User-Agent": "pyfi"})  # noqa: S310 - checked above
        with urllib.request.urlopen(request, timeout=_TIMEOUT_S) as answer:  # noqa: S310
            found = msgspec.json.decode(answer.read(_MOST_BYTES), type=Newest)
        is_newer = _numbers(found.version) > _numbers(own or version())
    except (OSError, ValueError, msgspec.MsgspecError) as error:
        _LOG.info("cannot tell by %s whether there is a newer PYFI: %s", url, error)
        return None
    # Shown to be clicked: nothing but a page.
    page = found.page if found.page.startswith(_SCHEMES) else ""
    return Newest(found.version, page) if is_newer else None


def _numbers(text: str) -> tuple[int, ...]:
    if _NUMBERS.fullmatch(text) is None:
        raise ValueError(f"'{text[:40]}' is no version")
    numbers = [int(part) for part in text.split(".")]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)
