"""Random and mutated flow files against everything that reads them.

Whatever the bytes, reading ends in a flow or in an error for people (a PyfiError); a flow that could be read can be validated,
written and read again.
"""

from __future__ import annotations

import random
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from engine.errors import PyfiError
from engine.model.codec import dump_flow, load_flow
from engine.model.flatten import flatten
from engine.model.layout import placed
from engine.model.validation import validate
from engine.processors.registry import catalog

EXAMPLES = Path(__file__).resolve().parents[2] / "resources" / "examples"

SEED_FILE = """\
pyfi: 1
name: seed
parameters: {slow_ms: 500, path: out.txt}
processors:
  - id: make
    type: generate
    config: {count: 3, content: {n: "{n}"}}
  - id: parse
    type: python
    code: |
      def process(line, ctx):
          if line:
              yield {"ms": int(line["n"]), "slow": ctx.params["slow_ms"]}
    outputs: [success, failure]
    schedule: {every: 5s}
    retry: {attempts: 3, penalty: 10s}
    tests:
      - {content: {n: 1}, expect: {success: [{ms: 1}]}}
  - {id: clean, flow: clean-text, parameters: {upper: "${slow_ms}"}}
  - {id: shell, type: bash, code: cat, mode: lines, memory: 64MB}
connections:
  - {from: make.success, to: parse.in}
  - {from: parse.success, to: clean.in, limit: {messages: 10, bytes: 1GB}, expire: 1h, bends: [[1, 2]]}
  - {from: clean.success, to: shell.in, breakpoint: true, fuse: false, priority: attribute:urgency}
auto_terminate: [shell.success, parse.failure]
subflows:
  - name: clean-text
    inputs: [in]
    outputs: [success, failure]
    parameters: {upper: null}
    processors:
      - {id: strip, type: python, code: "def f(x): return x", config: {a: &a [1, 2], b: *a}}
      - {id: deep, flow: deep}
    connections:
      - {from: in, to: strip.in}
      - {from: strip.success, to: deep.in}
      - {from: deep.success, to: success}
    subflows:
      - {name: deep, inputs: [in], outputs: [success], connections: [{from: in, to: success}]}
labels:
  - {id: note, text: "# Hi", size: [200, 80]}
layout: {make: [0, 0], parse: [320, 0.5], label:note: [0, -100]}
"""

# fmt: off
_TOKENS = (
    *"{}[],:-?&*!|>%@`'\"#~\\\t\n\r =<",
    "\x00", "\x85", "\u2028", "\ufeff", "\U0001f680",
    "&a ", "*a", "<<: ", "!!python/object:os.system ", "!!binary ", "!!int ", "---\n", "...\n", "? ", "- ", ": ",
    "null", "true", "1e999", "-.inf", ".nan", "9" * 5000, "0x" + "f" * 2000, "2024-01-31",
    "${slow_ms}", "${none}", "$${", "->", ".", "/", "..", "[" * 300, "{a: " * 300,
    "id", "flow", "type", "from", "to", "in", "success", "clean-text", "python", "generate", "every", "cron",
)
_WORDS = (
    b"null", b"true", b"-1", b"0", b"1e999", b".nan", b"99999999999999999999", b"''", b"' '", b"[]", b"{}", b"[[]]",
    b"{a: b}", b"'a b'", b"a/b", b"in", b"route", b"merge", b"write_lines", b"node", b"deep", b"'\x00'", b"once",
    b"'def f(:'", b"'${none}'",
)
# fmt: on


def mutated(text: bytes, dice: random.Random) -> bytes:
    """A file with a few wounds: bytes changed, lines moved, tokens put in, pieces cut out or doubled."""
    for _ in range(dice.choice((1, 1, 1, 2, 5))):
        kind = dice.randrange(10)
        at = dice.randrange(len(text) + 1)
        lines = text.split(b"\n")
        line = dice.randrange(len(lines))
        if kind == 0:
            text = text[:at] + bytes([dice.randrange(256)]) + text[at + 1 :]
        elif kind == 1:
            text = text[:at] + dice.choice(_TOKENS).encode() + text[at + dice.randrange(3) :]
        elif kind == 2:
            text = text[:at] + text[at + dice.choice((1, 2, 40)) :]
        elif kind == 3:
            text = b"\n".join([*lines[:line], lines[dice.randrange(len(lines))], *lines[line:]])
        elif kind == 4:
            text = b"\n".join([*lines[:line], *lines[line + 1 :]])
        elif kind == 5:
            text = b"\n".join([*lines[:line], b" " * dice.randrange(4) + lines[line].strip(), *lines[line + 1 :]])
        elif kind == 6:
            text = text[:at] + text[at : at + dice.randrange(60)] * dice.randint(2, 3) + text[at:]
        else:
            text = _other_word(text, dice)
    return text


def _other_word(text: bytes, dice: random.Random) -> bytes:
    """The text with one of its words, or a token, in the place of another: most often still YAML."""
    words = list(re.finditer(rb"[\w./$]+", text))
    if not words:
        return text
    old = dice.choice(words)
    new = dice.choice(words)[0] if dice.random() < 0.7 else dice.choice(_WORDS)
    return text[: old.start()] + new + text[old.end() :]


def random_text(dice: random.Random) -> bytes:
    """Bytes, tokens of YAML in any order, or letters of any script."""
    length = dice.choice((1, 5, 30, 300, 3000))
    kind = dice.randrange(3)
    if kind == 0:
        return dice.randbytes(length)
    if kind == 1:
        return "".join(dice.choice(_TOKENS) for _ in range(dice.randrange(length // 3 + 2))).encode()
    return "".join(chr(dice.choice((dice.randrange(128), dice.randrange(0xD800)))) for _ in range(length)).encode()


def seeds() -> list[bytes]:
    """The real files that mutations start from."""
    examples = sorted(EXAMPLES.rglob("*.flow.yaml"))
    return [SEED_FILE.encode(), *(path.read_bytes() for path in examples)]


def cases(random_count: int, mutated_count: int, seed: int) -> Iterator[bytes]:
    """The texts to try, the same for the same seed."""
    dice = random.Random(seed)
    for _ in range(random_count):
        yield random_text(dice)
    files = seeds()
    for number in range(mutated_count):
        yield mutated(files[number % len(files)], dice)


def fuzz(random_count: int = 10_000, mutated_count: int = 1_000, seed: int = 1) -> dict[str, int]:
    """Tries so many texts; gives how many were refused, unsound and sound.

    Raises:
        AssertionError: something other than a PyfiError came out, or a flow changed by being written; tells the text.
    """
    counts = {"refused": 0, "unsound": 0, "sound": 0}
    with tempfile.TemporaryDirectory() as folder:
        for text in cases(random_count, mutated_count, seed):
            try:
                counts[_try(text, Path(folder))] += 1
            except Exception as error:
                raise AssertionError(f"{type(error).__name__} from {text!r}") from error
    return counts


def _try(text: bytes, folder: Path) -> str:
    try:
        flow = load_flow(text)
    except PyfiError as error:
        if not str(error):
            raise AssertionError("an error without a sentence") from error
        return "refused"
    problems = validate(flow, catalog(), folder, {"python", "bash"}, "flow.yaml")
    written = dump_flow(flow)
    assert dump_flow(load_flow(written)) == written
    placed(flow)
    if problems:
        assert all(problem.reason for problem in problems)
        return "unsound"
    flatten(flow)
    return "sound"
