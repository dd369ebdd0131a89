"""Where code comes from: inline, from a checkout, with modules beside it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.drive import HOSTS, HostDriver, attributes, contents

Start = Callable[..., HostDriver]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "repo" / "ext" / "processors"
    folder.mkdir(parents=True)
    return tmp_path / "repo"


def write(checkout: Path, name: str, text: str) -> None:
    (checkout / "ext" / "processors" / name).write_text(text)


def test_a_python_module_of_a_checkout(host: Start, checkout: Path) -> None:
    write(checkout, "__init__.py", "")
    write(checkout, "tables.py", "FACTOR = 3\n")
    write(checkout, "sample.py", "from ext.processors.tables import FACTOR\ndef triple(x):\n    return x * FACTOR\n")
    driver = host(None, module="ext.processors.sample", checkout=str(checkout), function="triple")
    assert contents(driver.task([2]), 1) == [6]


@pytest.mark.parametrize("module", ["ext.processors.sample", "ext/processors/sample.js", "ext/processors/sample"])
def test_a_node_module_of_a_checkout(host: Start, checkout: Path, module: str) -> None:
    write(checkout, "tables.js", "exports.factor = 3;\n")
    write(checkout, "sample.js", "const { factor } = require('./tables'); exports.triple = (x) => x * factor;\n")
    driver = host(None, "node", module=module, checkout=str(checkout), function="triple")
    assert contents(driver.task([2]), 1) == [6]


@pytest.mark.parametrize("export", ["export default (x) => x * factor;", "export function process(x) { return x * factor; }"])
def test_a_node_module_in_the_newer_form(host: Start, checkout: Path, export: str) -> None:
    write(checkout, "tables.mjs", "export const factor = 3;\n")
    write(checkout, "sample.mjs", f"import {{ factor }} from './tables.mjs';\n{export}\n")
    driver = host(None, "node", module="ext.processors.sample", checkout=str(checkout))
    assert contents(driver.task([2]), 1) == [6]


def test_a_module_that_is_not_there_is_told(host: Start, checkout: Path) -> None:
    driver = host(None, "node", module="ext.processors.other", checkout=str(checkout))
    assert driver.ready["message"] == "there is no module 'ext.processors.other' in the repository"
    driver = host(None, module="ext.processors.other", checkout=str(checkout))
    assert driver.ready["type"] == "ModuleNotFoundError"


def test_inline_node_code_requires_what_lies_beside_the_flow(host: Start, tmp_path: Path) -> None:
    (tmp_path / "beside.js").write_text("module.exports = 7;\n")
    (tmp_path / "node_modules" / "pack").mkdir(parents=True)
    (tmp_path / "node_modules" / "pack" / "index.js").write_text("module.exports = 5;\n")
    code = "const a = require('./beside'), b = require('pack'); module.exports = () => [a, b, require('path').sep, __dirname]"
    assert contents(host(code, "node").task([0]), 1) == [[7, 5, "/", str(tmp_path)]]


def test_an_error_class_of_the_users_own_gives_its_name_in_node(host: Start) -> None:
    code = """
class Late extends Error {}
class Named extends Error { name = 'Own'; }
class Later extends Late {}
const kinds = [Error, TypeError, Late, Named, Later];
module.exports = (n) => { throw new kinds[n]('no'); };
"""
    failed = attributes(host(code, "node").task([0, 1, 2, 3, 4]), -2)
    assert [each["error.type"] for each in failed] == ["Error", "TypeError", "Late", "Own", "Later"]


def test_the_log_shows_values_in_node(host: Start) -> None:
    driver = host("module.exports = (x, ctx) => ctx.log('got', x, [1, 'a'], new Map([[1, 2]]), null, 5n)", "node")
    driver.task([{"a": {"b": 1}}])
    assert driver.logs == [(0, "info", "got { a: { b: 1 } } [ 1, 'a' ] Map(1) { 1 => 2 } null 5n")]


def test_tracebacks_show_the_users_lines(host: Start) -> None:
    (failed,) = attributes(host("def helper(x):\n    return x['a']\n\ndef process(x):\n    return helper(x)").task([{}]), -2)
    assert "File \"<it>\", line 2, in helper\n    return x['a']" in failed["error.traceback"]
    code = "function helper(x) {\n  return x.a.b;\n}\nmodule.exports = (x) => helper(x);"
    (failed,) = attributes(host(code, "node").task([{}]), -2)
    assert "at helper (<it>:2:14)" in failed["error.traceback"]
    assert "(<it>:4:25)" in failed["error.traceback"]


OURS = str(HOSTS)


@pytest.mark.parametrize(
    ("kind", "body", "last"),
    [
        ("python", "while True: pass", "in helper\n    while True: pass"),
        ("python", "__import__('time').sleep(100)", "in helper\n    __import__('time').sleep(100)"),
        ("python", "ctx.emit('nowhere', x)", "in helper\n    ctx.emit('nowhere', x)"),
        ("python", "ctx.state['k'] = object()", "in helper\n    ctx.state['k'] = object()"),
        ("python", "ctx.log(x, level='shout')", "in helper\n    ctx.log(x, level='shout')"),
        ("node", "for (;;);", ""),
        ("node", "return new Promise(() => {});", ""),
        ("node", "ctx.emit('nowhere', x);", "at helper (<it>:2:7)"),
        ("node", "ctx.state.set('k', undefined);", "at helper (<it>:2:13)"),
        ("node", "ctx.emit('other', {get a() { throw new Error('inner'); }});", "at helper (<it>:2:7)"),
        ("node", "return JSON.parse('{');", "at helper (<it>:2:15)"),
        ("node", "return require('fs').readFileSync('/nowhere/at/all');", "at helper (<it>:2:24)"),
    ],
)
def test_tracebacks_show_no_lines_but_the_users(host: Start, kind: str, body: str, last: str) -> None:
    code = {
        "python": f"def helper(x, ctx):\n    {body}\n\ndef process(x, ctx):\n    return helper(x, ctx)",
        "node": f"function helper(x, ctx) {{\n  {body}\n}}\nmodule.exports = (x, ctx) => helper(x, ctx);",
    }[kind]
    driver = host(code, kind, timeout=0.3, outputs=["success", "other", "failure"])
    (failed,) = attributes(driver.task([1]), -2)
    told = failed["error.traceback"]
    assert OURS not in told
    assert last in told
    if last:
        assert "process" in told if kind == "python" else told.endswith("at module.exports (<it>:4:30)")


@pytest.mark.parametrize("kind", ["python", "node"])
def test_a_value_that_cannot_be_carried_has_no_lines_of_the_host(host: Start, kind: str) -> None:
    code = {"python": "def f(x):\n    return lambda: 1", "node": "module.exports = (x) => (() => 1);"}[kind]
    (failed,) = attributes(host(code, kind).task([1]), -2)
    assert failed["error.type"] == "UnsupportedValue"
    assert OURS not in failed["error.traceback"]
