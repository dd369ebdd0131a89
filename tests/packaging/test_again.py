"""Whether two builds made the same is seen by content, not by times; what differs is named."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from environment import ROOT
from progress import SetupError
from release.again import build_again, compare, made
from release.bundle import BUNDLE

NAMES = ("dist/pyfi.whl", "dist/more", "build/bundle")


def _build(root: Path, text: str = "same") -> Path:
    folder = root / "build" / "bundle" / "pyfi"
    folder.mkdir(parents=True)
    (folder / "pyfi").write_text(text, encoding="utf-8")
    (folder / "pyfi").chmod(0o755)
    (folder / "link").symlink_to("pyfi")
    (root / "dist").mkdir()
    (root / "dist" / "pyfi.whl").write_bytes(b"wheel")
    return root


def test_the_same_files_have_one_hash_wherever_and_whenever(tmp_path: Path) -> None:
    one, two = _build(tmp_path / "one"), _build(tmp_path / "two")
    (two / "dist" / "pyfi.whl").touch()
    first = compare(made(one, NAMES), made(two, NAMES))
    assert first == compare(made(two, NAMES), made(one, NAMES))
    (one / "dist" / "more").touch()
    assert compare(made(one, NAMES), made(one, NAMES)) != first


@pytest.mark.parametrize("change", ["content", "right", "link", "lacking"])
def test_what_differs_is_named(tmp_path: Path, change: str) -> None:
    one, two = _build(tmp_path / "one"), _build(tmp_path / "two")
    program, link = (two / "build" / "bundle" / "pyfi" / name for name in ("pyfi", "link"))
    name = "link" if change in {"link", "lacking"} else "pyfi"
    if change == "content":
        program.write_text("other", encoding="utf-8")
    elif change == "right":
        program.chmod(0o644)
    else:
        link.unlink()
        if change == "link":
            link.symlink_to("elsewhere")
    with pytest.raises(SetupError, match=rf"different things:\n  build/bundle/pyfi/{name}$"):
        compare(made(one, NAMES), made(two, NAMES))


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_a_copy_of_the_sources_elsewhere_makes_the_same_packages(built: Sequence[Path], tmp_path: Path) -> None:
    names = [*(path.relative_to(ROOT).as_posix() for path in built), BUNDLE.relative_to(ROOT).as_posix()]
    here = made(ROOT, names)
    assert len(here) > 1000
    compare(here, made(build_again("all", tmp_path / "another folder"), names))
