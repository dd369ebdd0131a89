from __future__ import annotations

import warnings

import pytest

from engine.errors import UsageError
from engine.model.code import CodeFacts, check_expression, inspect_python


@pytest.mark.parametrize(
    ("code", "function", "chosen"),
    [
        ("def process(x): pass\ndef other(x): pass", None, "process"),
        ("def only(x): pass", None, "only"),
        ("def _helper(x): pass\ndef only(x): pass", None, "only"),
        ("def a(x): pass\ndef b(x): pass", "b", "b"),
        ("def _hidden(x): pass", "_hidden", "_hidden"),
        ("process = lambda x: x", None, "process"),
        ("try:\n  import a\nexcept ImportError:\n  def only(x): pass", None, "only"),
        ("if True:\n  def f(x): pass\nelse:\n  def f(x): pass", None, "f"),
        ("from m import f", "f", "f"),
        ("import a.b", "a", "a"),
        ("from m import *", "f", "f"),
        ("f, g = make()", "g", "g"),
        ("with x:\n  f: object = 1", "f", "f"),
        ("match 1:\n  case 1:\n    def f(x): pass", None, "f"),
        ("class F:\n  def __call__(self, x): pass", "F", "F"),
    ],
)
def test_the_function_is_found(code, function, chosen):
    assert inspect_python(code, function).function == chosen


@pytest.mark.parametrize(
    ("code", "function", "message"),
    [
        ("def process(x): pass", "proces", "no function 'proces' in its code; did you mean 'process'?"),
        ("def process(x): pass", "zzz", "no function 'zzz' in its code; it has 'process'"),
        ("x = 1", "f", "no function 'f' in its code; write `def f"),
        ("x = 1", None, "no function in its code; write one"),
        ("def a(x): pass\ndef b(x): pass", None, "several functions \\('a', 'b'\\); name one with `function: a`"),
        ("class A:\n  def process(x): pass", None, "no function in its code"),
        ("def f(x):\n  return (", None, "does not compile: line 2: '\\(' was never closed"),
        ("x = 1\nreturn 5", None, "does not compile: line 2: 'return' outside function"),
        ("def f(a, a): pass", None, "does not compile: line 1: duplicate argument"),
        ("\0", None, "does not compile: .*null bytes"),
        ("(" * 1000, None, "does not compile: line 1: too many nested parentheses"),
        ("-" * 100_000 + "1", None, "does not compile: it is nested too deeply"),
        ("\ud800", None, "does not compile"),
    ],
)
def test_code_without_the_function_is_refused_with_a_cure(code, function, message):
    with pytest.raises(UsageError, match=message):
        inspect_python(code, function)


def test_the_facts_of_a_function():
    code = "def process(content, extra=1, *, ctx):\n    def inner():\n        yield 1\n    return content"
    assert inspect_python(code) == CodeFacts(
        function="process",
        parameters=("content", "extra", "ctx"),
        required=("content", "ctx"),
        positional=("content", "extra"),
        wants_ctx=True,
    )


@pytest.mark.parametrize(
    ("code", "is_generator", "makes_values"),
    [
        ("def f(x):\n  yield x", True, True),
        ("def f(x):\n  yield from x", True, True),
        ("def f(x):\n  y = yield", True, True),
        ("def f(x):\n  return (y for y in x)", False, True),
        ("def f(x):\n  def g():\n    yield 1\n    return 2\n", False, False),
        ("def f(x):\n  g = lambda: (yield)\n", False, False),
        ("def f(x):\n  return", False, False),
        ("def f(x):\n  return None", False, False),
        ("def f(x):\n  if x:\n    return 5", False, True),
        ("f = lambda x: x", False, True),
    ],
)
def test_what_a_function_makes(code, is_generator, makes_values):
    facts = inspect_python(code)
    assert (facts.is_generator, facts.makes_values) == (is_generator, makes_values)


@pytest.mark.parametrize(
    ("code", "inputs", "is_join"),
    [
        ("def f(a, b): pass", ("a", "b"), True),
        ("def f(b, a, ctx): pass", ("a", "b"), True),
        ("def f(a, b, c): pass", ("a", "b"), True),
        ("def f(a): pass", ("a",), False),
        ("def f(a): pass", ("a", "b"), False),
        ("def f(a, b): pass", ("a", "b", "c"), False),
        ("def f(content, other): pass", ("a", "b"), False),
        ("def f(a, b, *args, plugs={}, output={}, **kwargs): pass", ("a", "b"), True),
    ],
)
def test_a_join_has_a_parameter_for_every_input(code, inputs, is_join):
    assert inspect_python(code, None, inputs).is_join is is_join


def test_the_first_signature_is_recognised():
    facts = inspect_python("def f(message, *args, plugs={}, output={}, **kwargs): return message")
    assert facts.is_original_signature
    assert facts.takes_any
    assert facts.required == ("message",)


@pytest.mark.parametrize("code", ["@wrapped\ndef f(a, b): pass", "f = make()", "from m import f", "class f: pass"])
def test_what_the_source_does_not_show_is_not_certain(code):
    assert not inspect_python(code, "f").is_certain


def test_async_functions_are_recognised():
    assert inspect_python("async def f(x): return x").is_async


def test_user_code_is_never_run(tmp_path):
    trace = tmp_path / "ran"
    code = f"open({str(trace)!r}, 'w')\nraise SystemExit\ndef f(x=open({str(trace)!r}, 'w')): pass"
    assert inspect_python(code).function == "f"
    assert check_expression(f"open({str(trace)!r}, 'w')") is None
    assert not trace.exists()


def test_warnings_about_user_code_stay_inside():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert inspect_python("def f(x): return '\\d' is 5").function == "f"


@pytest.mark.parametrize("text", ["content['ms'] > 5", " 1 +\n1 ".replace("\n", ""), "[x for x in content]", "lambda: 1"])
def test_an_expression_is_accepted(text):
    assert check_expression(text) is None


@pytest.mark.parametrize("text", ["", "1 +", "a = 1", "import os", "\0", "((((" * 100, "return 1"])
def test_what_is_no_expression_has_a_reason(text):
    assert check_expression(text)
