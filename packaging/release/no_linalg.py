"""Stands in the application where the compiled part of numpy's linear algebra would be, which needs a BLAS of 28 MB."""

from __future__ import annotations


def __getattr__(name: str) -> object:
    # Modules are asked for names like `__path__` by the import system, to which this is the usual answer.
    if name.startswith("__"):
        raise AttributeError(name)
    raise NotImplementedError(f"numpy.linalg ({name}) is left out of the application: install PYFI as a wheel to use it.")
