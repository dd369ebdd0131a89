"""Lets a debugger into this process: debugpy, which listens on a port of this machine."""

from __future__ import annotations

import importlib.util
import json
import os
import sys
import threading
import time
from collections.abc import Mapping
from typing import Any, NoReturn

from .watch import unstopped

LOOPBACK = "127.0.0.1"
_LOST_S = 0.2
"""After at most so long it is noticed that a debugger is gone."""


def listen(wish: Mapping[str, Any]) -> int:
    """Listen for debuggers on the port that is wished, 0 for any that is free; returns it.

    debugpy is taken from the folder named, not from `sys.path`: the environment of the user's code need not have it.
    """
    os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"  # of frozen modules, into which nobody steps, it warns on stderr
    here = os.path.dirname(os.path.abspath(__file__))
    os.environ["PYDEVD_FILTERS"] = json.dumps({os.path.join(here, "**"): True})  # a step out of the user's code goes on
    # In this process: the adapter that debugpy would start otherwise outlives it.
    _, port = _debugpy(wish["folder"]).listen((LOOPBACK, wish["port"]), in_process_debug_adapter=True)
    unstopped(threading.Thread(target=_release_when_lost, name="debugger", daemon=True)).start()
    return port


def wait(wish: Mapping[str, Any]) -> None:
    """Until a debugger has come and set its breakpoints."""
    _debugpy(wish["folder"]).wait_for_client()


def _release_when_lost() -> NoReturn:
    """Have code go on whose debugger is gone without a word: debugpy itself would let it stand for ever."""
    api = importlib.import_module("_pydevd_bundle.pydevd_api").PyDevdAPI()
    debugger = importlib.import_module("_pydevd_bundle.pydevd_constants").get_global_debugger()
    released = None
    while True:
        time.sleep(_LOST_S)
        reader = getattr(debugger, "reader", None)
        if reader is not None and reader is not released and not reader.is_alive():
            released = reader
            api.request_disconnect(debugger, resume_threads=True)


def _debugpy(folder: str) -> Any:
    if "debugpy" not in sys.modules:
        spec = importlib.util.spec_from_file_location(
            "debugpy", os.path.join(folder, "__init__.py"), submodule_search_locations=[folder]
        )
        assert spec is not None
        assert spec.loader is not None
        module = sys.modules["debugpy"] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return sys.modules["debugpy"]
