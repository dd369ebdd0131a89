"""The bill of materials, in CycloneDX: what scanners for known faults read."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from release.bill import Content, Part

_NAMESPACE = uuid.UUID("6f1c1d1e-0d35-5e0a-9a51-7a2f5a1c9b10")
"""Of serial numbers of these bills, so that the same parts have the same."""


def write_bill(found: Sequence[Part], path: Path, epoch: int) -> None:
    """Write the bill of `found`, the first of which is made of the others."""
    own, *rest = found
    bill = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(_NAMESPACE, ' '.join(part.url for part in found))}",
        "version": 1,
        "metadata": {
            "timestamp": datetime.fromtimestamp(epoch, UTC).isoformat().replace("+00:00", "Z"),
            "component": {**_component(own), "type": "application"},
        },
        "components": [_component(part) for part in rest],
        "dependencies": [{"ref": own.url, "dependsOn": [part.url for part in rest]}],
    }
    path.write_text(json.dumps(bill, indent=2) + "\n", encoding="utf-8")


def _component(part: Part) -> dict[str, Any]:
    within = {"components": [_content(each) for each in part.contents]} if part.contents else {}
    return {
        "type": part.kind,
        "bom-ref": part.url,
        "name": part.name,
        "version": part.version,
        "purl": part.url,
        "licenses": [{"license": {"name": part.licence}}],
        **within,
    }


def _content(content: Content) -> dict[str, Any]:
    named = {"name": content.name, "version": content.version, "licenses": [{"license": {"name": content.licence}}]}
    return {"type": "library", **named, **({"purl": content.url} if content.url else {})}
