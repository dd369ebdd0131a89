"""The application bundle and the disk image for macOS, signed and notarised where somebody's identity is given.

`PYFI_CODESIGN_IDENTITY` names a "Developer ID Application" of the keychain; `PYFI_NOTARY_PROFILE` a profile of
`xcrun notarytool store-credentials`. Without the first, macOS lets only this machine run it; without the second, it warns.
"""

from __future__ import annotations

import os
import plistlib
import shutil
import subprocess
from pathlib import Path

from environment import ROOT
from release.bundle import BUILD, BUNDLE, platform_name
from release.wheel import DIST, version

_ENTITLEMENTS = ROOT / "packaging" / "macos" / "entitlements.plist"
_TYPE = "org.pyfi.flow"
# Started from Finder there are no arguments, and `pyfi` opens the desktop.
_START = '#!/bin/sh\nexec "$(dirname "$0")/../Frameworks/pyfi/pyfi" app "$@"\n'


def build_dmg(bundle: Path = BUNDLE, folder: Path = DIST) -> Path:
    """Make `PYFI.app` and the disk image that holds it; returns the image."""
    application = _application(bundle)
    identity = os.environ.get("PYFI_CODESIGN_IDENTITY", "")
    _sign(application, identity or "-")
    stage = BUILD / "dmg"
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir()
    shutil.copytree(application, stage / application.name, symlinks=True)
    (stage / "Applications").symlink_to("/Applications")
    folder.mkdir(exist_ok=True)
    made = folder / f"pyfi-{version()}-{platform_name()}.dmg"
    _do("hdiutil", "create", "-volname", "PYFI", "-srcfolder", stage, "-fs", "APFS", "-format", "ULMO", "-ov", made)
    if identity:
        _do("codesign", "--sign", identity, "--timestamp", made)
    if profile := os.environ.get("PYFI_NOTARY_PROFILE"):
        _do("xcrun", "notarytool", "submit", made, "--keychain-profile", profile, "--wait")
        _do("xcrun", "stapler", "staple", made)
    return made


def information() -> dict[str, object]:
    """What `Info.plist` says: who it is, and that flow files are its own."""
    return {
        "CFBundleName": "PYFI",
        "CFBundleDisplayName": "PYFI",
        "CFBundleIdentifier": "org.pyfi.desktop",
        "CFBundleVersion": version(),
        "CFBundleShortVersionString": version(),
        "CFBundleExecutable": "PYFI",
        "CFBundleIconFile": "pyfi.icns",
        "CFBundlePackageType": "APPL",
        "CFBundleLocalizations": ["en", "de"],
        "LSMinimumSystemVersion": "13.0",
        "LSApplicationCategoryType": "public.app-category.developer-tools",
        "NSHighResolutionCapable": True,
        "NSRequiresAquaSystemAppearance": False,
        "CFBundleDocumentTypes": [
            {
                "CFBundleTypeName": "PYFI flow",
                "CFBundleTypeRole": "Editor",
                "LSItemContentTypes": [_TYPE],
                "LSHandlerRank": "Owner",
            }
        ],
        "UTExportedTypeDeclarations": [
            {
                "UTTypeIdentifier": _TYPE,
                "UTTypeDescription": "PYFI flow",
                "UTTypeConformsTo": ["public.yaml", "public.text"],
                "UTTypeTagSpecification": {
                    "public.filename-extension": ["flow.yaml", "flow.yml"],
                    "public.mime-type": ["application/x-pyfi-flow+yaml"],
                },
            }
        ],
    }


def _application(bundle: Path) -> Path:
    application = BUILD / "PYFI.app"
    shutil.rmtree(application, ignore_errors=True)
    contents = application / "Contents"
    for name in ("MacOS", "Resources", "Frameworks"):
        (contents / name).mkdir(parents=True)
    shutil.copytree(bundle, contents / "Frameworks" / "pyfi", symlinks=True)
    shutil.copyfile(BUILD / "pyfi.icns", contents / "Resources" / "pyfi.icns")
    start = contents / "MacOS" / "PYFI"
    start.write_text(_START, encoding="utf-8")
    start.chmod(0o755)
    with (contents / "Info.plist").open("wb") as file:
        plistlib.dump(information(), file)
    return application


def _sign(application: Path, identity: str) -> None:
    """Every program and library by itself, from the inside out: notarisation asks for each."""
    options = ["--force", "--options", "runtime", "--entitlements", _ENTITLEMENTS, "--sign", identity]
    if identity != "-":
        options.append("--timestamp")
    inside = (path for path in application.rglob("*") if path.is_file() and not path.is_symlink() and _is_code(path))
    for path in sorted(inside, key=lambda path: -len(path.parts)):
        _do("codesign", *options, path)
    _do("codesign", *options, application)
    _do("codesign", "--verify", "--deep", "--strict", application)


def _is_code(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) in (b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe")


def _do(*command: str | Path) -> None:
    subprocess.run(command, check=True)
