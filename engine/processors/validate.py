"""validate: checks messages against a JSON Schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

from msgspec import Meta

from engine.processors.base import Config, ProcessorType, fixed


class ValidateConfig(Config, frozen=True, kw_only=True):
    """Settings of `validate`."""

    schema: Annotated[dict[str, Any] | None, Meta(description="A JSON Schema, here in the flow.")] = None
    schema_file: Annotated[str | None, Meta(description="A JSON file with the schema, relative to the flow file.")] = None
    formats: Annotated[bool, Meta(description="Also check formats such as date-time and email.")] = False
    most_errors: Annotated[int, Meta(ge=1, le=1000, description="How many errors to list on an invalid message.")] = 20


def _check(config: ValidateConfig, folder: Path) -> list[str]:
    if (config.schema is None) == (config.schema_file is None):
        return ["give either `schema` or `schema_file`"]
    schema = config.schema
    if config.schema_file is not None:
        try:
            schema = json.loads((folder / config.schema_file).read_text(encoding="utf-8"))
        except OSError as error:
            return [f"`schema_file` '{config.schema_file}' cannot be read ({error.strerror}); correct its path"]
        except ValueError as error:
            return [f"`schema_file` '{config.schema_file}' is not JSON ({error}); correct it"]
    return _schema_problems(schema)


def _schema_problems(schema: Any) -> list[str]:
    from jsonschema.exceptions import SchemaError
    from jsonschema.validators import Draft202012Validator, validator_for

    if type(schema) not in (dict, bool):
        return ["the schema must be a mapping; see json-schema.org"]
    try:
        validator_for(schema, Draft202012Validator).check_schema(schema)
    except SchemaError as error:
        return [f"the schema is wrong at '{error.json_path}': {error.message}"]
    return []


TYPE = ProcessorType(
    name="validate",
    title="Validate",
    summary="Checks messages against a JSON Schema.",
    category="routing",
    config=ValidateConfig,
    outputs=fixed(("success", "invalid")),
    check=_check,
    packages=("jsonschema",),
    paths=("schema_file",),
)
