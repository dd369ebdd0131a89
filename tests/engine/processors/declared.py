"""Built-in types as a flow would use them: configs decoded by their declarations, bodies in a real host."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from engine.model.catalog import decode_config
from engine.processors.registry import catalog
from tests.drive import HostDriver, into, out, step


def problems(type: str, config: dict[str, Any], folder: Path = Path()) -> list[str]:
    """Everything the declaration of a type says against a config."""
    declaration = catalog()[type]
    decoded, reasons = decode_config(declaration, config)
    return reasons or declaration.check(decoded, folder)


def built_in(type: str, config: dict[str, Any], folder: Path = Path(), **settings: Any) -> dict[str, Any]:
    """The specification of a step of a type, for a driver: its first output leads to link 1, its second to link 2 and so on."""
    declaration = catalog()[type]
    assert problems(type, config, folder) == []
    decoded, _ = decode_config(declaration, config)
    outputs = declaration.outputs(decoded)
    return step(
        settings.pop("id", type),
        kind="builtin",
        body=type,
        config=msgspec.to_builtins(decoded),
        **{
            "inputs": list(declaration.inputs(decoded)),
            "outputs": [*outputs, "failure"],
            "routes": {port: [number] for number, port in enumerate(outputs, 1)},
            "dead": ["failure"],
            **settings,
        },
    )


def driver(type: str, config: dict[str, Any], folder: Path, **settings: Any) -> HostDriver:
    """A host that runs one step of a type; link 0 leads to it, link n is its n-th output, link -2 its failures."""
    made = built_in(type, config, folder, **settings)
    return HostDriver([made], [into(0), *(out() for _ in made["routes"])], folder)
