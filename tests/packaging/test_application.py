"""The application that desktops install: what is in it, and that it does what the sources do.

Making it takes minutes: only with --long.
"""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from environment import ROOT
from release.archive import build_appdir
from release.bundle import BUNDLE, size_bytes
from release.wheel import version

from tests.cluster.conftest import new_site  # noqa: F401 - a fixture
from tests.cluster.site import Site, until
from tests.engine.sources.packages import wheel
from tests.packaging import inside
from tests.packaging.picture import pixels_of, size_of
from tests.packaging.test_wheel import FLOW

pytestmark = [pytest.mark.long, pytest.mark.timeout(1800), pytest.mark.usefixtures("built")]
_MOST_BYTES = 180_000_000
_QT = {"Core", "DBus", "Gui", "Network", "OpenGL", "Svg", "WaylandClient", "Widgets", "WlShellIntegration", "XcbQpa"}
_NEEDING = """
pyfi: 1
name: needing
processors:
  - id: source
    type: python
    requirements: [sun]
    inputs: []
    code: |
      import sun
      def source():
          yield sun.VERSION
  - id: node
    type: node
    code: "module.exports = (version) => 'node has ' + version"
  - {id: keep, type: write_lines, config: {path: out.txt}}
connections:
  - {from: source.success, to: node.in}
  - {from: node.success, to: keep.in}
"""
_LOOPBACK_UP = """
import fcntl, os, socket, struct, sys
fcntl.ioctl(socket.socket(), 0x8914, struct.pack("16sh", b"lo", 1))  # SIOCSIFFLAGS, IFF_UP
os.execv(sys.argv[1], sys.argv[1:])
"""
_AS_HELPER = ("-I", "-B", "-S", "-c")
"""How a frozen program, started as one of multiprocessing's helpers, runs what begins with the import of such a helper."""


def names() -> set[str]:
    return {path.relative_to(BUNDLE).as_posix() for path in BUNDLE.rglob("*")}


def test_nothing_is_in_it_that_is_not_used() -> None:
    libraries = {path.name for path in BUNDLE.rglob("libQt6*") if not path.is_symlink()}
    assert {name.removeprefix("libQt6").partition(".")[0] for name in libraries} <= _QT
    for name in sorted(names()):
        if "typeshed/stdlib" in name:
            continue  # what completion knows of the standard library
        assert not {"test", "tests", "idlelib", "tkinter", "ensurepip"} & set(name.split("/")[:-1]), name
        assert not name.endswith((".a", ".h", ".pyi")), name
        assert name.rpartition("/")[2] not in {"cc", "gcc", "cc1", "ld", "as", "clang", "rustc"}
    assert size_bytes(BUNDLE) < _MOST_BYTES


def test_nothing_in_it_says_where_it_was_built() -> None:
    here = os.fsencode(ROOT)
    assert [path for path in BUNDLE.rglob("*") if path.is_file() and here in path.read_bytes()] == []


def test_every_package_in_it_is_among_the_licences_and_in_the_bill() -> None:
    packed = (BUNDLE / "_internal/licences.json.gz").read_bytes()
    listed = {each["part"].lower() for each in json.loads(gzip.decompress(packed))}
    bill = json.loads((BUNDLE / "sbom.cdx.json").read_text(encoding="utf-8"))
    billed = {bill["metadata"]["component"]["name"], *(each["name"].lower() for each in bill["components"])}
    there = {path.read_text(encoding="utf-8").partition("\nName: ")[2].partition("\n")[0].lower() for path in metadata()}
    assert "sqlalchemy" in there
    assert there <= listed
    assert listed <= billed


def metadata() -> list[Path]:
    return list((BUNDLE / "_internal").glob("*.dist-info/METADATA"))


def test_users_packages_are_installed_and_used(packages: Path, tmp_path: Path) -> None:
    wheel(packages, "sun", "2.0")
    (tmp_path / "needing.flow.yaml").write_text(_NEEDING, encoding="utf-8")
    run = [BUNDLE / "pyfi", "run", "needing.flow.yaml", "--workspace", "ws"]
    subprocess.run(run, cwd=tmp_path, check=True, capture_output=True)
    assert (tmp_path / "out.txt").read_text(encoding="utf-8") == "node has 2.0\n"


def test_every_example_runs(tmp_path: Path) -> None:
    examples = BUNDLE / "_internal/engine/resources/examples"
    flows = sorted(path for path in examples.glob("*/*.flow.yaml") if path.parent.name not in {"git-code", "playback"})
    assert len(flows) >= 4
    for flow in flows:
        subprocess.run(["cp", "-r", flow.parent, tmp_path], check=True)
        run = [BUNDLE / "pyfi", "run", tmp_path / flow.parent.name / flow.name, "--json", "--workspace", tmp_path / "ws"]
        done = subprocess.run(run, capture_output=True, text=True, check=False)
        assert done.returncode == 0, (flow.name, done.stderr)


def test_the_first_start_needs_no_network_and_says_nothing(tmp_path: Path) -> None:
    """In a home that is empty, on a network of nothing but the machine: the welcome page, then an example that runs."""
    example = BUNDLE / "_internal/engine/resources/examples/web-log-triage"
    subprocess.run(["cp", "-r", example, tmp_path], check=True)
    alone = ["unshare", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"]
    alone += [*(["--map-root-user"] if os.geteuid() else []), sys.executable, "-c", _LOOPBACK_UP]
    environment = {"HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen", "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    for name, more in (("welcome", []), ("example", ["web-log-triage/web-log-triage.flow.yaml", "--run", "--wait", "5"])):
        picture = tmp_path / f"{name}.png"
        command = [*alone, BUNDLE / "pyfi", "app", *more, "--screenshot", picture, "--size", "1600x900"]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, ""), name
        assert size_of(picture) == (1600, 900)
        assert len(set(pixels_of(picture))) > 50, f"the picture of the {name} is empty"
    assert (tmp_path / "web-log-triage/out/errors.jsonl").is_file()


def test_inside_of_it_every_module_is_imported_and_charts_are_drawn(tmp_path: Path) -> None:
    program = Path(inside.__file__)
    code = f"from multiprocessing.forkserver import main; import runpy; runpy.run_path({str(program)!r}, run_name='__main__')"
    command = [BUNDLE / "pyfi", *_AS_HELPER, code, tmp_path / "chart.png"]
    environment = {"QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path), "LANG": "C.UTF-8"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    said = json.loads(done.stdout)
    assert said["lacking"] == []
    assert said["product"] == [[3.0, 3.0], [3.0, 3.0]]
    assert said["modules"] > 1000
    assert said["colours"] > 50


def test_an_agent_of_it_runs_a_flow_for_a_cluster(new_site: Callable[[str], Site]) -> None:  # noqa: F811
    site = new_site("redis")
    site.agent("n1", program=[str(BUNDLE / "pyfi")])
    site.deploy(FLOW)
    out = site.folder / "out.jsonl"
    until(lambda: out.is_file() and len(out.read_text().splitlines()) == 3, what=site.logs())


def test_the_archive_is_the_application(built: Sequence[Path], tmp_path: Path) -> None:
    archive = next(path for path in built if "linux" in path.name and path.name.endswith(".tar.gz"))
    with tarfile.open(archive) as made:
        made.extractall(tmp_path, filter="data")
    (folder,) = tmp_path.iterdir()
    said = subprocess.run([folder / "pyfi", "--version"], capture_output=True, text=True, check=True, env={})
    assert said.stdout == f"pyfi {version()}\n"
    assert (folder / "share/man/man1/pyfi.1.gz").is_file()


def test_what_an_appimage_would_hold_starts(tmp_path: Path) -> None:
    """Up to its packing, whose tool few machines have."""
    image = build_appdir().rename(tmp_path / "mounted")
    said = subprocess.run([image / "AppRun", "--version"], capture_output=True, text=True, check=True, env={})
    assert said.stdout == f"pyfi {version()}\n"
    entry = (image / "pyfi.desktop").read_text(encoding="utf-8")
    assert "\nIcon=pyfi\n" in entry
    assert (image / "pyfi.svg").read_text(encoding="utf-8").startswith("<svg")
