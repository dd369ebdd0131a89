"""Brings the translations up to date with the texts in the code; `dev.py translate` runs it in PYFI's own environment.

`resources/translations/pyfi_CODE.ts` is what translators edit, by hand or in Qt Linguist; `pyfi_CODE.qm`, which the desktop
reads, is compiled from it and kept beside it, so that nobody needs Qt's tools to set PYFI up. Texts come from calls of
`tr` and `translate`, from tables whose texts are marked by `_("…")`, and from the settings of processor types and parts, so
that forms speak the language too.
"""

from __future__ import annotations

import ast
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "resources" / "translations"
CONTEXT_OF_TYPES = "processors"
Text = tuple[str, str]
"""Context and source."""


def sources() -> list[Path]:
    """The code of the desktop."""
    return sorted((ROOT / "app").rglob("*.py"))


def texts_of(path: Path) -> Iterator[Text]:
    """What a module translates: by `tr` of a class, whose name is the context; by `translate`; by functions of its own.

    Those are at the top of the module and give `QT_TRANSLATE_NOOP` or `translate` their context, as `_` does in tables.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    constants = {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    own = {
        node.name: context
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and (context := _context_of(node, constants)) is not None
    }

    def walk(node: ast.AST, owner: str) -> Iterator[Text]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Call):
                texts = [arg.value for arg in child.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
                if isinstance(child.func, ast.Name) and child.func.id in own and texts:
                    yield own[child.func.id], texts[0]
                elif isinstance(child.func, ast.Attribute) and child.func.attr == "tr" and texts:
                    yield owner, texts[0]
                elif _name(child) == "translate" and len(texts) > 1:
                    yield texts[0], texts[1]
            yield from walk(child, child.name if isinstance(child, ast.ClassDef) else owner)

    return walk(tree, "")


def _context_of(function: ast.FunctionDef, constants: Mapping[str, object]) -> str | None:
    """The context of a function that translates, or marks, the text that it is given."""
    for call in ast.walk(function):
        if isinstance(call, ast.Call) and _name(call) in ("QT_TRANSLATE_NOOP", "translate") and len(call.args) == 2:
            first, second = call.args
            is_given = isinstance(second, ast.Name) and second.id in {each.arg for each in function.args.args}
            context = first.value if isinstance(first, ast.Constant) else constants.get(getattr(first, "id", ""))
            if is_given and context:
                return str(context)
    return None


def _name(call: ast.Call) -> str:
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def type_texts() -> Iterator[Text]:
    """Titles and meanings of everything that forms show."""
    sys.path.insert(0, str(ROOT))
    from engine.client.part_setting import header_settings, part_settings
    from engine.client.processor_type import describe_types
    from engine.client.type_setting import type_settings
    from engine.model.flow import Connection, Label, Processor, Subflow

    def of(setting: object) -> Iterator[str]:
        yield from (setting.title, setting.meaning, setting.pattern_meaning)  # type: ignore[attr-defined]
        inner = (*setting.fields, *setting.alternatives, *((setting.item,) if setting.item else ()))  # type: ignore[attr-defined]
        for each in inner:
            yield from of(each)

    texts: list[str] = []
    for described in describe_types():
        texts += (described.title, described.summary)
        for setting in type_settings(described.name):
            texts += of(setting)
    parts = [Processor(id="p", type=name) for name in ("python", "node", "bash", "log", "generate", "join")]
    others = (Subflow(id="s", flow="f"), Connection(source="a.b", target="c.d"), Label(id="l"))
    for part in (*parts, *others):
        for settings in part_settings(part).values():
            for setting in settings:
                texts += of(setting)
    for is_definition in (False, True):
        for setting in header_settings(is_definition=is_definition):
            texts += of(setting)
    yield from ((CONTEXT_OF_TYPES, text) for text in dict.fromkeys(texts) if text)


def all_texts() -> list[Text]:
    """Everything that is to be translated."""
    return list(dict.fromkeys((*(text for path in sources() for text in texts_of(path)), *type_texts())))


def update(files: Iterable[Path]) -> None:
    """Take new texts into `.ts` files, drop those that are gone, and compile.

    lupdate is given the texts alone: it knows neither tables nor functions that name a context.
    """
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "texts.py"
        lines = [
            f"translate({context!r}, {text!r}, '', 2)" if "%n" in text else f"QT_TRANSLATE_NOOP({context!r}, {text!r})"
            for context, text in all_texts()
        ]
        made.write_text("\n".join(lines), encoding="utf-8")
        for ts in files:
            tool("lupdate", str(made), "-no-obsolete", "-locations", "none", "-silent", "-ts", str(ts))
            tool("lrelease", "-silent", str(ts), "-qm", str(ts.with_suffix(".qm")))


def tool(name: str, *arguments: str) -> None:
    """Run one of Qt's tools that come with PySide6."""
    subprocess.run([str(Path(sys.executable).with_name(f"pyside6-{name}")), *arguments], check=True)


def unfinished(ts: Path) -> list[Text]:
    """The texts of a file that have no translation."""
    return [
        (context.findtext("name") or "", message.findtext("source") or "")
        for context in ET.parse(ts).getroot().iter("context")  # noqa: S314 - our own file
        for message in context.iter("message")
        if (translation := message.find("translation")) is None or translation.get("type") == "unfinished"
    ]


def main() -> int:
    files = sorted(FOLDER.glob("pyfi_*.ts"))
    update(files)
    for ts in files:
        missing = unfinished(ts)
        for context, text in missing:
            print(f"{ts.name}: {context}: {text!r} has no translation", file=sys.stderr)
        print(f"{ts.name}: {len(missing)} texts without translation")
    return 0


if __name__ == "__main__":
    sys.exit(main())
