"""Stands in the application for Qt's modules of OpenGL, 9 MB, which pyqtgraph imports and PYFI has no use for."""

from __future__ import annotations


class QOpenGLWidget:
    """What pyqtgraph derives a view from that PYFI never makes."""

    def __init__(self, *_: object, **__: object) -> None:
        raise NotImplementedError("OpenGL is left out of the application: install PYFI as a wheel to use it.")


def __getattr__(name: str) -> object:
    # Modules are asked for names like `__path__` by the import system, to which this is the usual answer.
    if name.startswith("__"):
        raise AttributeError(name)
    raise NotImplementedError(f"OpenGL ({name}) is left out of the application: install PYFI as a wheel to use it.")
