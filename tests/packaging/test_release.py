"""What `dev.py build` does with the application after it is frozen, on real files; making all of it is in test_deb.py."""

from __future__ import annotations

import ctypes
import gzip
import json
import plistlib
import shutil
import subprocess
import sys
import sysconfig
import tarfile
from pathlib import Path

import click
import pytest
import yaml
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from environment import ROOT
from release import archive, bill, deb, icu, interpreter, macos, slim
from release.man import manual_page
from release.parts import IMPORTED_BY_NAME, NOT_IMPORTED, is_wanted
from release.sbom import write_bill
from release.wheel import version

from engine.cli.root import root

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the other systems' recipes are run there")
_EXTENSIONS = Path(sysconfig.get_path("stdlib")) / "lib-dynload"


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> list[bill.Part]:
    """What a small application is made of: the packages that are installed, and a library of the system's."""
    internal = tmp_path_factory.mktemp("internal")
    shutil.copy(_library("libz.so.1"), internal)
    return bill.parts(internal)


def _library(name: str) -> Path:
    listing = subprocess.run(["/sbin/ldconfig", "-p"], capture_output=True, text=True, check=True).stdout
    return next(Path(line.partition(" => ")[2]) for line in listing.splitlines() if line.split()[:1] == [name])


def test_the_bill_names_every_part_as_its_schema_asks(parts: list[bill.Part], tmp_path: Path) -> None:
    write_bill(parts, tmp_path / "bill.json", 1_700_000_000)
    text = (tmp_path / "bill.json").read_text(encoding="utf-8")
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    said = json.loads(text)
    assert said["metadata"]["component"]["purl"] == f"pkg:pypi/pyfi@{version()}"
    names = {each["name"] for each in said["components"]}
    assert {"CPython", "numpy", "zlib1g", "PySide6_Essentials", "SQLAlchemy"} <= names
    assert len({each["bom-ref"] for each in said["components"]}) == len(said["components"])
    within = next(each["components"] for each in said["components"] if each["name"] == "cryptography")
    assert {"openssl", "asn1"} <= {each["name"] for each in within}
    assert "file:" not in text
    write_bill(parts, tmp_path / "again.json", 1_700_000_000)
    assert (tmp_path / "again.json").read_text(encoding="utf-8") == text


def test_every_part_says_its_licence_and_nearly_all_bring_its_text(parts: list[bill.Part], tmp_path: Path) -> None:
    (tmp_path / "_internal").mkdir()
    bill.write_licences(parts, tmp_path)
    listed = json.loads(gzip.decompress((tmp_path / "_internal" / "licences.json.gz").read_bytes()))
    assert listed[0]["part"] == "pyfi"
    assert all(each["name"] and each["version"] for each in listed)
    texts = {each["part"]: each["text"] for each in listed}
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in texts["PySide6_Essentials"]
    assert "PYTHON SOFTWARE FOUNDATION LICENSE" in texts["CPython"]
    assert "Jean-loup Gailly" in texts["zlib1g"]
    assert "It contains:" in texts["rpds-py"]
    assert "\narchery 1" in texts["rpds-py"]


def test_a_smaller_library_of_unicode_data_has_the_same_entries(tmp_path: Path) -> None:
    (source,) = (Path(sysconfig.get_path("purelib")) / "PySide6" / "Qt" / "lib").glob("libicudata.so.*")
    before = icu.entries(source.read_bytes()[icu._start_of(source.read_bytes()) :])
    library = tmp_path / source.name
    shutil.copy(source, library)
    icu.shrink(library)
    assert library.stat().st_size < source.stat().st_size / 10
    found = ctypes.CDLL(str(library))
    data = library.read_bytes()[icu._start_of(library.read_bytes()) :]
    loaded = (ctypes.c_char * 64).in_dll(found, f"icudt{source.name.rpartition('.')[2]}_dat")
    assert bytes(loaded) == data[:64]
    after = icu.entries(data)
    last = list(after)[-1]
    assert {"coll/ucadata.icu", "coll/root.res", "coll/de.res", "root.res"} <= {name.partition("/")[2] for name in after}
    assert list(after) == sorted(after)
    for name, entry in after.items():
        wanted = before[name]
        assert entry[: len(wanted)] == wanted or name == last, name


def test_libraries_that_nothing_needs_go(tmp_path: Path) -> None:
    extension = next(_EXTENSIONS.glob("_ssl.*.so"))
    (tmp_path / "lib-dynload").mkdir()
    shutil.copy(extension, tmp_path / "lib-dynload")
    needed = [name for name in slim.needed_by(extension) if name.startswith(("libssl", "libcrypto"))]
    for name in [*needed, "libxcb-cursor.so.0", "libxcb-util.so.1"]:
        shutil.copy(_library(name), tmp_path / name)
    assert slim.drop_unneeded_libraries(tmp_path) == ["libxcb-cursor.so.0", "libxcb-util.so.1"]
    assert {path.name for path in tmp_path.iterdir()} == {"lib-dynload", *needed}


def test_a_librarys_second_copy_goes_where_the_first_has_all_of_it(tmp_path: Path) -> None:
    """The client of PostgreSQL, whose wheel brings its own OpenSSL and Kerberos, on those of the system."""
    packages = Path(sysconfig.get_path("purelib"))
    for name in ("psycopg", "psycopg_binary", "psycopg_binary.libs"):
        shutil.copytree(packages / name, tmp_path / name)
    for name in ("libssl.so.3", "libcrypto.so.3"):
        shutil.copy(_library(name).resolve(), tmp_path / name)
    shared = slim.share_libraries(tmp_path)
    assert {name.partition("-")[0] for name in shared} == {"libssl", "libcrypto"}
    assert {(tmp_path / "psycopg_binary.libs" / name).resolve().parent for name in shared} == {tmp_path}
    gone = slim.drop_unneeded_libraries(tmp_path)
    assert not [name for name in gone if name.startswith(("libssl", "libcrypto", "libpq", "libldap", "libgssapi"))]
    program = """
import sys
sys.path[:0] = sys.argv[1:]
from psycopg import pq
print(pq.__impl__, *{line.split()[-1] for line in open("/proc/self/maps") if "libcrypto" in line})
"""
    command = [sys.executable, "-S", "-c", program, tmp_path, packages]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert said == ["binary", str(tmp_path / "libcrypto.so.3")]


def test_a_librarys_second_copy_stays_where_the_first_has_less(tmp_path: Path) -> None:
    packages = Path(sysconfig.get_path("purelib"))
    for name in ("psycopg_binary", "psycopg_binary.libs"):
        shutil.copytree(packages / name, tmp_path / name)
    for name in ("libssl.so.3", "libcrypto.so.3"):
        shutil.copy(_library("libz.so.1" if "crypto" in name else name).resolve(), tmp_path / name)
    assert slim.share_libraries(tmp_path) == []


def test_a_python_beside_the_application_runs_from_wherever_it_lies(tmp_path: Path) -> None:
    made = tmp_path / "made" / "_internal"
    made.mkdir(parents=True)
    shutil.copy(Path(sysconfig.get_config_var("LIBDIR")) / str(sysconfig.get_config_var("INSTSONAME")), made)
    (made / "beside.py").write_text("place = __file__\n", encoding="utf-8")
    path = f"{ROOT / 'packaging'}"
    subprocess.run([sys.executable, "-m", "release.interpreter", made], check=True, env={"PYTHONPATH": path, "PATH": _path()})
    moved = tmp_path / "moved"
    (tmp_path / "made").rename(moved)
    program = "import beside, json, sqlite3, ssl, sys; print(json.dumps([sys.prefix, json.__file__, beside.place]))"
    command = [moved / "_internal" / "bin" / "python3", "-c", program]
    said = json.loads(subprocess.run(command, env={}, capture_output=True, text=True, check=True).stdout)
    internal = str(moved / "_internal")
    assert said[0] == internal
    assert said[1].startswith(f"{internal}/lib/python")
    assert ".zip/" in said[1]
    assert said[2] == f"{internal}/beside.py"
    extension = next((moved / "_internal").rglob("_ssl.*.so"))
    places = subprocess.run(["objdump", "-p", extension], capture_output=True, text=True, check=True).stdout
    assert "RPATH                $ORIGIN/../../.." in places
    assert "RUNPATH" not in places
    assert not any(name in interpreter._LEFT_OUT for name in ("json", "sqlite3", "venv", "unittest"))


def _path() -> str:
    return f"{Path(sys.executable).parent}:/usr/bin:/bin"


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
        ("PySide6/Qt/plugins/platforms/libqoffscreen.so", True),
        ("PySide6/Qt/plugins/platformthemes/libqgtk3.so", False),
        ("PySide6\\Qt\\plugins\\platforms\\qwindows.dll", True),
        ("PySide6/Qt/translations/qtbase_de.qm", True),
        ("PySide6/Qt/translations/qtbase_fr.qm", False),
        ("botocore/data/s3/2006-03-01/service-2.json.gz", True),
        ("botocore/data/ec2/2016-11-15/service-2.json.gz", False),
        ("botocore/data/endpoints.json", True),
        ("jedi/third_party/typeshed/stdlib/3/abc.pyi", True),
        ("jedi/third_party/typeshed/stubs/x/y.pyi", False),
        ("engine/resources/examples/airports/airports.flow.yaml", True),
    ],
)
def test_only_what_is_used_comes_along(path: str, wanted: bool) -> None:
    assert is_wanted(path) is wanted


def test_nothing_that_is_left_out_is_asked_for() -> None:
    assert not set(NOT_IMPORTED) & set(IMPORTED_BY_NAME)


def test_the_archive_of_the_same_files_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    monkeypatch.setattr(archive, "BUILD", tmp_path / "build")
    bundle = tmp_path / "pyfi"
    (bundle / "_internal").mkdir(parents=True)
    (bundle / "pyfi").write_text("#!/bin/sh\n", encoding="utf-8")
    (bundle / "pyfi").chmod(0o700)
    (bundle / "_internal" / "link").symlink_to("../pyfi")
    first = archive.build_archive(bundle, tmp_path / "one")
    (bundle / "pyfi").touch()
    second = archive.build_archive(bundle, tmp_path / "two")
    assert first.read_bytes() == second.read_bytes()
    with tarfile.open(first) as made:
        names = {member.name: member for member in made.getmembers()}
    top = f"pyfi-{version()}-{first.name.removeprefix(f'pyfi-{version()}-').removesuffix('.tar.gz')}"
    assert names[f"{top}/pyfi"].mode == 0o755
    assert names[f"{top}/_internal/link"].linkname == "../pyfi"
    assert f"{top}/share/man/man1/pyfi.1.gz" in names
    assert f"{top}/share/applications/pyfi.desktop" in names


def test_the_manual_page_has_every_command() -> None:
    page = manual_page(1_700_000_000)
    context = click.Context(root, info_name="pyfi")
    for name in root.list_commands(context):
        assert f".SS pyfi {name} ".replace("-", "\\-") in page, name
    assert not [line for line in page.splitlines() if line.startswith("'")]


def test_macos_knows_flow_files_and_signs_with_what_users_environments_need() -> None:
    said = plistlib.loads(plistlib.dumps(macos.information()))
    (kind,) = said["UTExportedTypeDeclarations"]
    assert kind["UTTypeTagSpecification"]["public.filename-extension"] == ["flow.yaml", "flow.yml"]
    assert said["CFBundleDocumentTypes"][0]["LSItemContentTypes"] == [kind["UTTypeIdentifier"]]
    allowed = plistlib.loads((ROOT / "packaging" / "macos" / "entitlements.plist").read_bytes())
    assert allowed["com.apple.security.cs.disable-library-validation"] is True


def test_the_installer_of_windows_takes_what_the_build_makes() -> None:
    script = (ROOT / "packaging" / "windows" / "pyfi.iss").read_text(encoding="utf-8")
    for made in (r"..\..\build\bundle\pyfi\*", r"..\..\build\pyfi.ico", "pyfi-desktop.exe", "pyfi-{#Version}-windows-x86_64"):
        assert made in script
    spec = (ROOT / "packaging" / "release" / "pyfi.spec").read_text(encoding="utf-8")
    assert 'name="pyfi-desktop", console=False' in spec


def test_all_three_systems_are_in_the_matrix() -> None:
    jobs = yaml.safe_load((ROOT / ".github" / "workflows" / "packages.yml").read_text(encoding="utf-8"))["jobs"]
    systems = {each["os"].partition("-")[0] for each in jobs["build"]["strategy"]["matrix"]["include"]}
    assert systems == {"ubuntu", "windows", "macos"}


@pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="packages for Debian are made on Debian and its kin")
def test_a_package_for_debian_has_the_user_of_its_service_made(tmp_path: Path) -> None:
    (tmp_path / "tree").mkdir()
    control = "Package: pyfi\nVersion: 1\nArchitecture: all\nMaintainer: x <x@localhost>\nDescription: x\n"
    made = deb.pack(tmp_path / "tree", control, tmp_path / "pyfi.deb")
    subprocess.run(["dpkg-deb", "--control", made, tmp_path / "control"], check=True)
    after = tmp_path / "control" / "postinst"
    assert after.stat().st_mode & 0o777 == 0o755
    lines = after.read_text(encoding="utf-8").splitlines()
    guarded = lines[lines.index('if [ "$1" = configure ] && [ -d /run/systemd/system ]; then') : lines.index("fi")]
    assert [line.split()[0] for line in guarded[1:]] == ["systemd-sysusers", "systemctl"]
    assert subprocess.run([after, "abort-upgrade"], check=True, capture_output=True, text=True).stderr == ""
