"""Starts a host: `python engine/runtime/hosts FD PARENT`. Makes this folder a package of its own, `pyfi_host`."""

import importlib.util
import os
import sys

_HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[0:1] = []
_spec = importlib.util.spec_from_file_location(
    "pyfi_host", os.path.join(_HERE, "__init__.py"), submodule_search_locations=[_HERE]
)
assert _spec is not None
_package = importlib.util.module_from_spec(_spec)
sys.modules["pyfi_host"] = _package

if __name__ == "__main__":
    from pyfi_host.host import main  # type: ignore[import-not-found]

    main()
