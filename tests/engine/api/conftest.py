from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.api.remote import path_of
from tests.engine.api.served import Served


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """An engine for all tests of a module, which ends without a fault."""
    with Served(tmp_path_factory.mktemp("engine")) as served:
        yield served
        assert served.end() == 0
        assert "Traceback" not in served.said


@pytest.fixture
def served(engine: Served) -> Iterator[Served]:
    """The module's engine; what a test deployed and wrote is taken away after it."""
    yield engine
    for each in engine.get("/deployments"):
        engine.delete(path_of("deployments", each["name"]))
    for path in engine.folder.glob("*.txt"):
        if path.name != "serve.txt":
            path.unlink()
