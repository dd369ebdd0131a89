"""What the application is made of: every part with its version and its licence."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import Distribution, distributions
from pathlib import Path

from release.parts import NOT_BUNDLED, TOOLS

from app.window.licence import licence_name

_TEXT = re.compile(r"(^|/)(LICEN[CS]E|COPYING|NOTICE|AUTHORS)[^/]*$", re.IGNORECASE)
_DEBIAN_LICENCE = re.compile(r"^License: *(\S.*)$", re.MULTILINE)
_COMMON = Path("/usr/share/common-licenses")
_OWN_BILLS = re.compile(r"\.dist-info/sboms/.+\.json$")
_LGPL = ("pyside6_essentials", "shiboken6")


@dataclass(frozen=True, order=True)
class Content:
    """What a part's own makers built into it, by its own bill: most are libraries of Rust and C."""

    name: str
    version: str
    licence: str
    url: str


@dataclass(frozen=True)
class Part:
    """One thing that the application is made of. `url` is its package URL: purl, as bills of materials name things."""

    name: str
    version: str
    licence: str
    text: str
    url: str
    kind: str = "library"
    contents: tuple[Content, ...] = ()


def parts(internal: Path) -> list[Part]:
    """PYFI first, then everything else by name."""
    packages = [_of_package(each) for each in distributions() if each.metadata["Name"].lower() not in TOOLS | NOT_BUNDLED]
    found = {part.name: part for part in [*packages, _python(), *_of_system(internal)]}
    own = found.pop("pyfi")
    return [own, *sorted(found.values(), key=lambda part: part.name.lower())]


def write_licences(found: list[Part], bundle: Path) -> None:
    """For the dialog that shows them, and for whoever looks into the folder."""
    found = _each_text_once(found)
    shown = [{"part": part.name, "version": part.version, "name": part.licence, "text": part.text} for part in found]
    packed = gzip.compress(json.dumps(shown).encode(), mtime=0)
    (bundle / "_internal" / "licences.json.gz").write_bytes(packed)
    line = "=" * 100
    texts = (f"{line}\n{part.name} {part.version}\n{part.licence}\n{line}\n\n{part.text.strip()}\n" for part in found)
    (bundle / "LICENCES.txt").write_text("\n".join(texts), encoding="utf-8")


def _each_text_once(found: Sequence[Part]) -> list[Part]:
    """Packages of one project have one text, which may be long."""
    first: dict[str, str] = {}
    return [
        replace(part, text=f"The same text as that of {other}.") if part.text and other != part.name else part
        for part in found
        for other in [first.setdefault(part.text, part.name)]
    ]


def _of_package(found: Distribution) -> Part:
    name = found.metadata["Name"]
    text = _texts(found)
    if name.lower() in _LGPL:
        text = "\n\n".join([text, *_common_texts("LGPL-3", "GPL-3")])
    url = f"pkg:pypi/{name.lower().replace('_', '-')}@{found.version}"
    contents = tuple(sorted(set(_contents(found))))
    if contents:
        listed = (f"{each.name} {each.version}: {each.licence}" for each in contents)
        text = "\n".join([text.rstrip(), "", "It contains:", *listed])
    return Part(name, found.version, licence_name(found), text, url, contents=contents)


def _contents(found: Distribution) -> Iterator[Content]:
    for file in found.files or ():
        if _OWN_BILLS.search(file.as_posix()):
            bill = json.loads(Path(str(file.locate())).read_text(encoding="utf-8"))
            for each in bill.get("components") or ():
                if each["name"] == found.metadata["Name"]:
                    continue
                # Parts of the same project name the folder that they were built in, which nobody else has.
                url = each.get("purl", "").partition("?")[0]
                licences = (one.get("expression") or " ".join(one["license"].values()) for one in each.get("licenses") or ())
                yield Content(each["name"], each.get("version", ""), " and ".join(licences) or "see the text", url)


def _texts(found: Distribution) -> str:
    files = [file for file in found.files or () if ".dist-info" in file.as_posix() and _TEXT.search(file.as_posix())]
    return "\n\n".join(Path(str(file.locate())).read_text(encoding="utf-8", errors="replace") for file in files)


def _common_texts(*names: str) -> list[str]:
    return [path.read_text(encoding="utf-8") for name in names if (path := _COMMON / name).is_file()]


def _python() -> Part:
    version = ".".join(map(str, sys.version_info[:3]))
    text = (Path(sysconfig.get_path("stdlib")) / "LICENSE.txt").read_text(encoding="utf-8")
    return Part("CPython", version, "PSF-2.0", text, f"pkg:generic/cpython@{version}", "application")


def _of_system(internal: Path) -> list[Part]:
    """Libraries that were taken from the machine which built it: their packages, as Debian describes them."""
    if not sys.platform.startswith("linux"):
        return []
    names = [path.name for path in internal.iterdir() if ".so" in path.name and not path.name.startswith("libpython")]
    told = subprocess.run(["dpkg-query", "-S", *(f"*/{name}" for name in names)], capture_output=True, text=True, check=False)
    owners = {line.partition(":")[0] for line in told.stdout.splitlines()}
    return [_of_debian(owner) for owner in sorted(owners)]


def _of_debian(package: str) -> Part:
    shown = subprocess.run(["dpkg-query", "-W", "-f=${Version} ", package], capture_output=True, text=True, check=True).stdout
    version = shown.split()[0]
    path = Path("/usr/share/doc") / package / "copyright"
    text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    names = list(dict.fromkeys(name.strip() for name in _DEBIAN_LICENCE.findall(text)))
    return Part(package, version, ", ".join(names[:6]) or "see its text", text, f"pkg:deb/debian/{package}@{version}")
