"""validate: checks messages against a JSON Schema."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from typing import Any

from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import Draft202012Validator, validator_for
from referencing.jsonschema import EMPTY_REGISTRY

from .. import body
from ..errors import Failure, describe
from ..rows import Attributes, Rows
from ..stage import Delivery

_MAX_TEXT = 1000


class Body(body.Body):
    """What is invalid goes to `invalid`, with what is wrong as attributes."""

    fresh = True

    def __init__(self, config: Mapping[str, Any], ctx: body.BodyContext) -> None:
        super().__init__(config, ctx)
        schema: Any = config["schema"]
        if schema is None:
            schema = json.loads((ctx.folder / config["schema_file"]).read_text(encoding="utf-8"))
        kind: Any = validator_for(schema, Draft202012Validator)
        checker = kind.FORMAT_CHECKER if config["formats"] else None
        # A registry of its own: references to other addresses are errors, nothing is fetched from the network.
        self._validator: Validator = kind(schema, registry=EMPTY_REGISTRY, format_checker=checker)
        self._most: int = config["most_errors"]

    def process(self, port: str, rows: Rows, out: Delivery) -> None:
        """Check every row."""
        valid: list[int] = []
        invalid: list[int] = []
        found: list[Attributes | None] = []
        failures: dict[int, Failure] = {}
        done: list[None] = []
        self.ctx.progress(done)
        for row, content in enumerate(rows.contents):
            try:
                errors = list(itertools.islice(self._validator.iter_errors(content), self._most))
            except Exception as error:  # a reference that leads nowhere, a pattern that is none
                failures[row] = describe(error)
            else:
                if errors:
                    invalid.append(row)
                    found.append({**rows.attributes_of(row), **_described(errors)})
                else:
                    valid.append(row)
            done.append(None)
        if len(valid) == len(rows):
            out.send("success", rows.contents, packed=bytes(rows.packed) if rows.packed is not None else None)
            return
        out.send("success", [rows.contents[row] for row in valid], valid)
        out.send("invalid", [rows.contents[row] for row in invalid], invalid, found)
        for row, failure in failures.items():
            out.fail(row, failure)


def _described(errors: list[ValidationError]) -> Attributes:
    """The first error, and all of them as a JSON list of [path, message]."""
    first = errors[0]
    listed = [[error.json_path, error.message[:_MAX_TEXT]] for error in errors]
    return {
        "validate.path": first.json_path,
        "validate.message": first.message[:_MAX_TEXT],
        "validate.errors": json.dumps(listed, ensure_ascii=False),
    }
