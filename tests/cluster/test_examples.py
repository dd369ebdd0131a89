"""The examples, unchanged, on a cluster: what they write is what they write on one machine."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from engine.client.flow import open_file
from tests.cluster.site import Site

EXAMPLES = Path(__file__).resolve().parents[2] / "resources" / "examples"


def written(folder: Path) -> dict[str, Counter[str]]:
    """The lines of every file that a run has written: in which order they come depends on who was faster."""
    return {
        str(path.relative_to(folder)): Counter(path.read_text(encoding="utf-8").splitlines())
        for path in sorted((folder / "out").rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("name", ["airports", "web-log-triage", "polyglot"])
def test_an_example_comes_to_the_same_results_on_a_cluster(site: Site, name: str, tmp_path: Path) -> None:
    here, there = tmp_path / name, site.folder / f"{name}-{site.target.name}"
    for folder in (here, there):
        shutil.copytree(EXAMPLES / name, folder, ignore=shutil.ignore_patterns("out"))
    (file,) = there.glob("*.flow.yaml")
    command = [
        sys.executable,
        "-m",
        "engine.cli.main",
        "run",
        str(here / file.name),
        "--workspace",
        str(tmp_path / "workspace"),
    ]
    assert subprocess.run(command, capture_output=True, check=False).returncode in (0, 1)
    with site.cluster() as cluster:
        cluster.deploy(open_file(file), name=name)
        assert cluster.wait(name, 120)[1] == "ended", site.logs()
    assert written(there) == written(here)
    assert written(here)
