"""read_csv: the rows of tables."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta

from engine.processors.base import Config, ProcessorType, fixed
from engine.processors.file_check import csv_problems, encoding_problem, missing_problem
from engine.processors.notation import Separator

Kind = Literal["text", "int", "float", "decimal", "bool", "date", "datetime"]


class ReadCsvConfig(Config, frozen=True):
    """Settings of `read_csv`."""

    path: Annotated[
        str,
        Meta(min_length=1, description="The file, or a pattern such as *.csv.gz; relative to the flow file's folder."),
    ]
    header: Annotated[bool, Meta(description="Whether the first row holds the names of the columns.")] = True
    columns: Annotated[list[str], Meta(description="Names of the columns, instead of those in the header.")] = []
    types: Annotated[dict[str, Kind], Meta(description="Types of columns, by name or number; the others are text.")] = {}
    infer: Annotated[bool, Meta(description="Find out the types of the other columns from the first 1,000 rows.")] = False
    delimiter: Annotated[Separator, Meta(description="What stands between cells.")] = ","
    quotechar: Annotated[str, Meta(description="What stands around cells that hold a delimiter or a line end.")] = '"'
    encoding: Annotated[str, Meta(description="How its text is written, for example utf-8, latin-1 or utf-16.")] = "utf-8"
    errors: Annotated[
        Literal["replace", "strict"],
        Meta(description="Bytes that are not in the encoding become U+FFFD (replace), or end the reading (strict)."),
    ] = "replace"
    attributes: Annotated[bool, Meta(description="Give every message the attributes `path` and `line`.")] = False


def _check(config: ReadCsvConfig, folder: Path) -> list[str]:
    problems = [
        missing_problem(config.path, folder),
        encoding_problem(config.encoding),
        *csv_problems(config.delimiter, config.quotechar, config.columns),
    ]
    return [problem for problem in problems if problem]


TYPE = ProcessorType(
    name="read_csv",
    title="Read CSV",
    summary="Reads the rows of tables; each row is a message, rows that are wrong go to `failure`.",
    category="sources",
    config=ReadCsvConfig,
    inputs=fixed(()),
    check=_check,
    exclusive=True,
    paths=("path",),
)
