"""The installer for Windows, by Inno Setup.

`PYFI_SIGN_TOOL` is a command that signs a file, with `$f` in its place, such as `signtool sign /a /fd sha256 $f`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from environment import ROOT
from progress import SetupError
from release.wheel import DIST, version

_SCRIPT = ROOT / "packaging" / "windows" / "pyfi.iss"
_USUAL = Path(os.environ.get("PROGRAMFILES(X86)", "C:/Program Files (x86)")) / "Inno Setup 6" / "ISCC.exe"


def build_installer(folder: Path = DIST) -> Path:
    """Make the installer from the application; returns it."""
    compiler = shutil.which("iscc") or (str(_USUAL) if _USUAL.is_file() else None)
    if compiler is None:
        raise SetupError(
            "the installer is made by Inno Setup 6, which is not installed: `winget install JRSoftware.InnoSetup`."
        )
    signing = os.environ.get("PYFI_SIGN_TOOL")
    signed = ["/DSignTool=pyfi", f"/Spyfi={signing}"] if signing else []
    subprocess.run([compiler, "/Qp", f"/DVersion={version()}", *signed, f"/O{folder}", _SCRIPT], check=True)
    return folder / f"pyfi-{version()}-windows-x86_64.exe"
