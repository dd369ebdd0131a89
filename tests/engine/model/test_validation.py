"""Every rule of validation: a flow that breaks it, and the sentence that says so."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent, indent

import msgspec
import pytest
import yaml
from hypothesis import given, settings

from engine.errors import InvalidFlow
from engine.model.codec import load_flow
from engine.model.flow import Connection, Flow, Header, Label, Processor
from engine.model.validation import Problem, all_problems, validate
from tests.engine.model.strategies import flows, sound_flows
from tests.engine.model.types import CATALOG

ALL = frozenset({"python", "node", "bash"})
SOUND = """
parameters: {slow_ms: 500}
processors:
  - {id: make, type: make, config: {count: 3}}
  - id: parse
    type: python
    code: |
      def process(line):
          return {"ms": int(line)}
  - {id: sort, type: route, config: {rules: {slow: "content['ms'] > params['slow_ms']"}}}
  - {id: out, type: store, config: {path: out/slow.jsonl}}
connections:
  - {from: make.success, to: parse.in}
  - {from: parse.success, to: sort.in}
  - {from: sort.slow, to: out.in}
auto_terminate: [sort.rest]
"""


def problems(text: str, runtimes: frozenset[str] | None = ALL, folder: Path = Path("/nowhere")) -> list[str]:
    flow = load_flow("pyfi: 1\nname: x\n" + dedent(text))
    return [str(problem) for problem in validate(flow, CATALOG, folder, runtimes, "flow.yaml")]


def one(part: str, runtimes: frozenset[str] | None = ALL) -> list[str]:
    """The problems of one more processor `p`, fed by a source and with its usual outputs dropped."""
    return problems(
        "processors:\n  - {id: m, type: make}\n  - id: p\n"
        + indent(dedent(part).strip("\n"), "    ")
        + "\nconnections: [{from: m.success, to: p.in}]\nauto_terminate: [p.success]\n",
        runtimes,
    )


def joined(steps: str, connections: str, terminate: str = "") -> list[str]:
    """The problems of a few steps."""
    return problems(f"processors: [{steps}]\nconnections: [{connections}]\nauto_terminate: [{terminate}]\n")


def test_a_sound_flow_has_no_problems():
    assert problems(SOUND) == []


def test_the_example_of_the_manual():
    assert problems(SOUND.replace("    type: python\n", "    type: python\n    function: proces\n")) == [
        "flow.yaml: processor 'parse': no function 'proces' in its code; did you mean 'process'?"
    ]


def test_all_problems_are_told_at_once_in_the_order_of_the_file():
    text = (
        SOUND.replace("count: 3", "count: -3, cont: 1")
        .replace("def process(line)", "def process(line")
        .replace("out.in", "ot.in")
    )
    assert problems(text) == [
        "flow.yaml: processor 'make': `config.count`: expected a whole number >= 0",
        "flow.yaml: processor 'make': 'cont' is not one of its settings; did you mean 'count'?",
        "flow.yaml: processor 'parse': its code does not compile: line 1: '(' was never closed",
        "flow.yaml: connection 'sort.slow->ot.in': `to` names 'ot', which is no processor here; did you mean 'out'?",
        "flow.yaml: processor 'out': input 'in' is not connected, so nothing would ever reach it; connect it",
    ]


def test_a_problem_carries_its_key():
    flow = load_flow("{pyfi: 1, name: x, subflows: [{name: d, processors: [{id: a, type: zzz, inputs: []}]}]}")
    assert validate(flow, CATALOG, Path()) == [
        Problem(
            "processor 'd/a'",
            "there is no processor type 'zzz'; it can be python, node, bash, make, route, merge, store, send, answer",
            "",
            "d/a",
        )
    ]


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        ("type: rout", "there is no processor type 'rout'; did you mean 'route'?"),
        ("{type: python}", "has no code; add `code` or `git`"),
        ("{type: python, code: '  '}", "has no code"),
        (
            "{type: python, code: 'def f(x): return x', git: {repo: r, commit: c, module: m}}",
            "has both `code` and `git`; keep one",
        ),
        ("{type: python, git: {repo: r, commit: c, module: 'a b'}}", "`git.module` 'a b' is no dotted module name"),
        ("{type: python, git: {repo: r, commit: '${n}', module: m}}", "there is no parameter 'n'"),
        ("{type: python, git: {repo: '--upload-pack=x', commit: c, module: m}}", "`git.repo` '--upload-pack=x' is not allowed"),
        ("{type: merge, code: x}", "has `code`, but type 'merge' is built in; remove it or use type python"),
        ("{type: merge, function: f}", "has `function`, but type 'merge' is built in"),
        ("{type: merge, batch: true}", "`batch` and `mode` are for the user's code"),
        ("{type: merge, outputs: [success, other]}", "type 'merge' has the outputs 'success', 'failure'; remove `outputs`"),
        ("{type: merge, inputs: [in, more]}", "type 'merge' has the inputs 'in'; remove `inputs`"),
        ("{type: merge, concurrency: 2}", "so `concurrency` must be 1, not 2"),
        ("{type: merge, replicas: {min: 1, max: 2}}", "so `replicas.max` must be 1, not 2"),
        ("{type: merge, concurrency: 0}", "`concurrency` must be from 1 to 1000, not 0"),
        ("{type: merge, replicas: {min: 3, max: 2}}", "`replicas` must have 0 <= min <= max"),
        ("{type: merge, retry: {attempts: -1}}", "`retry` must have attempts and a penalty of 0 or more"),
        ("{type: merge, timeout: 0s}", "`timeout` must be more than 0"),
        (
            "{type: python, code: 'def f(x): return x', state: seen}",
            "`state` has no effect yet; remove it: what `ctx.state` holds",
        ),
        ("{type: merge, memory: 512B}", "`memory` must be at least 1MB, not 512 bytes; did you mean 512MB?"),
        ("{type: merge, schedule: {every: -5s}}", "`schedule.every` must be 0s or more"),
        ("{type: merge, schedule: {every: 5s, cron: '* * * * *'}}", "`schedule` must be one of `every`, `cron` and `once`"),
        ("{type: merge, schedule: {cron: '61 * * * *'}}", "`schedule.cron` '61 * * * *' is not a cron expression"),
        ("{type: store}", "`config.path` is missing"),
        ("{type: store, config: {path: 5}}", "`config.path`: expected text, got a whole number"),
        ("{type: store, config: {path: out/}}", "`config.path` is a folder; name a file in it"),
        ("{type: store, config: {path: '${file}'}}", "there is no parameter 'file'; define it under `parameters`"),
        ("{type: python, code: 'def f(x) return x'}", "its code does not compile: line 1: expected ':'"),
        ("{type: python, code: 'def f(): return 1'}", "'f' takes no content; give it a parameter"),
        ("{type: python, code: 'def f(ctx): return 1'}", "'f' takes no content"),
        ("{type: python, code: 'def f(x, y): return 1'}", "'f' gets one content, and nothing gives it 'y'"),
        ("{type: python, code: 'async def f(x): return 1'}", "'f' is async, which Python processors do not run"),
        ("{type: python, code: 'def f(x): return 1', mode: lines}", "`mode: lines` is for bash"),
        ("{type: bash, code: cat, batch: true}", "`batch` is not for bash; use `mode: lines`"),
        ("{type: python, code: 'def f(x): return 1', inputs: [in, in]}", "`inputs` names a port twice"),
        (
            "{type: python, code: 'def f(x): return 1', outputs: [success, 'a b']}",
            "`outputs` holds 'a b'; a port's name is letters",
        ),
    ],
)
def test_a_wrong_processor(part, reason):
    found = one(_lines(part))
    assert [problem for problem in found if reason in problem], found


def _lines(part: str) -> str:
    """A flow mapping as the block that stands behind `id`."""
    return yaml.safe_dump(yaml.safe_load(part), sort_keys=False, width=1000)


@pytest.mark.parametrize(
    "part",
    [
        "{type: python, code: 'def f(x, ctx): return x'}",
        "{type: python, code: 'def f(*contents): return 1'}",
        "{type: python, code: 'def f(message, *args, plugs={}, output={}, **kwargs): return message'}",
        "{type: python, code: 'from elsewhere import f', function: f}",
        "{type: python, code: '@wrapped\n\ndef f(a, b, c): return 1'}",
        "{type: python, code: 'def f(rows): return rows', batch: true}",
        "{type: python, git: {repo: 'https://example.org/r.git', commit: 955e44e, module: ext.sample}}",
        "{type: node, code: 'module.exports = content => content'}",
        "{type: bash, code: cat, mode: lines}",
        "{type: merge, outputs: [success, failure], inputs: [in]}",
        "{type: merge, schedule: {cron: '*/5 * * * *'}}",
        "{type: merge, retry: {attempts: 3, penalty: 0s}, concurrency: 1}",
    ],
)
def test_a_right_processor(part):
    assert one(_lines(part)) == []


@pytest.mark.parametrize(
    ("steps", "connections", "reason"),
    [
        ("{id: m, type: make}", "", "processor 'm': output 'success' is not connected; connect it, or put m.success under"),
        ("{id: s, type: send}", "", "processor 's': input 'in' is not connected, so nothing would ever reach it"),
        (
            "{id: m, type: make}, {id: s, type: send}",
            "{from: m.sucess, to: s.in}",
            "'m' has no output 'sucess'; did you mean 'success'?",
        ),
        (
            "{id: m, type: make}, {id: s, type: send}",
            "{from: m.x, to: s.in}",
            "'m' has no output 'x'; it has 'success', 'failure'",
        ),
        (
            "{id: m, type: make}, {id: s, type: send}",
            "{from: m.success, to: s.inn}",
            "'s' has no input 'inn'; did you mean 'in'?",
        ),
        (
            "{id: m, type: make}, {id: s, type: send}",
            "{from: s.in, to: s.in}",
            "'in' is an input of 's'; `from` must name an output",
        ),
        (
            "{id: m, type: make}, {id: s, type: send}",
            "{from: m.success, to: s.success}",
            "'success' is an output of 's'; `to` must name",
        ),
        (
            "{id: m, type: make}, {id: n, type: make}",
            "{from: m.success, to: n.in}",
            "'n' is a source and takes no input; remove",
        ),
        (
            "{id: m, type: make}",
            "{from: m.success, to: out}",
            "`to: out` must be `processor.port`; a port alone is one of a subflow's",
        ),
        ("{id: m, type: make}", "{from: m.success, to: none.in}", "`to` names 'none', which is no processor here"),
        (
            "{id: m, type: make}, {id: s, type: send}",
            "{from: m.success, to: s.in, priority: urgent}",
            "`priority` must be fifo, lifo",
        ),
        ("{id: m, type: make}, {id: s, type: send}", "{from: m.success, to: s.in, limit: {messages: -1}}", "`limit` must have"),
        ("{id: m, type: make}, {id: s, type: send}", "{from: m.success, to: s.in, expire: -1s}", "`expire` must be 0s"),
    ],
)
def test_a_wrong_connection(steps, connections, reason):
    found = joined(steps, connections)
    assert [problem for problem in found if reason in problem], found


def test_ends_that_need_no_connection():
    # A sink's success ends there, failure goes to the dead letters.
    assert joined("{id: m, type: make}, {id: s, type: send}", "{from: m.success, to: s.in}") == []
    assert joined("{id: m, type: make}, {id: s, type: send}", "{from: m.success, to: s.in}", "s.success, m.failure") == []


def test_an_output_is_connected_or_dropped_but_not_both():
    both = joined("{id: m, type: make}, {id: s, type: send}", "{from: m.success, to: s.in}", "m.success")
    assert both == ["flow.yaml: processor 'm': output 'success' is connected and under `auto_terminate`; keep one of both"]
    unknown = joined("{id: m, type: make}, {id: s, type: send}", "{from: m.success, to: s.in}", "s.sucess")
    assert unknown == [
        "flow.yaml: processor 's': `auto_terminate` drops output 'sucess', which it has not; did you mean 'success'?"
    ]


def test_a_loop_is_allowed():
    code = "code: 'def f(x): return x'"
    assert (
        joined(
            f"{{id: m, type: make}}, {{id: a, type: python, {code}}}, {{id: b, type: python, {code}}}",
            "{from: m.success, to: a.in}, {from: a.success, to: b.in}, {from: b.success, to: a.in}",
        )
        == []
    )


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("def f(x): yield x", "'f' needs 'x', but a source (`inputs: []`) gets no message"),
        ("def f(): pass", "'f' yields nothing, but a source (`inputs: []`) must; write `yield value`"),
        ("def f(): yield 1", None),
        ("def f(): return [1, 2]", None),
        ("def f(ctx): ctx.emit('success', 1)", None),
        ("def f(n=5): yield n", None),
    ],
)
def test_a_source_of_user_code(code, reason):
    found = joined(
        f"{{id: p, type: python, inputs: [], code: {code!r}}}".replace("'" + code + "'", f'"{code}"'), "", "p.success"
    )
    assert [reason in problem for problem in found] == ([True] if reason else []), found


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ("code: 'def f(a, b): return a'", None),
        ("code: 'def f(a, b, c): return a'", "'f' joins 'a', 'b', and nothing gives it 'c'"),
        ("code: 'def f(a, b): return a', concurrency: 2", "a join keeps what waits in one place, so `concurrency` must be 1"),
        ("code: 'def f(a): return a', concurrency: 2", None),
    ],
)
def test_a_join_of_user_code(fields, reason):
    found = joined(
        f"{{id: m, type: make}}, {{id: p, type: python, inputs: [a, b], {fields}}}",
        "{from: m.success, to: p.a}, {from: m.success, to: p.b}",
        "p.success",
    )
    assert [reason in problem for problem in found] == ([True] if reason else []), found


def test_expressions_are_parsed():
    assert problems(SOUND.replace("content['ms'] >", "content['ms'] > >")) == [
        "flow.yaml: processor 'sort': `config.rules.slow` is no Python expression: invalid syntax; correct it"
    ]


def test_a_missing_runtime_is_told():
    assert one("type: node\ncode: x", frozenset({"python"})) == [
        "flow.yaml: processor 'p': needs Node.js, which is not installed; install it or write the step in another language"
    ]
    assert one("type: bash\ncode: cat", frozenset({"python"}))[0].startswith("flow.yaml: processor 'p': needs bash")
    assert one("type: node\ncode: x", None) == []


def test_disabled_parts_are_not_checked():
    assert joined("{id: a, type: none, enabled: false, concurrency: 0}, {id: s, flow: none, enabled: false}", "") == []


def test_what_leads_to_a_disabled_part_counts_as_connected():
    assert joined("{id: m, type: make}, {id: a, type: none, enabled: false}", "{from: m.success, to: a.in}") == []


def test_ids_are_checked():
    flow = Flow(
        header=Header(name=" "),
        steps={"a b": Processor(id="a b", type="make", auto_terminate=("success",))},
        parameters={"p q": 1},
        labels={"l/m": Label(id="l/m")},
    )
    reasons = [str(problem) for problem in validate(flow, CATALOG, Path())]
    assert reasons[0] == "`name` must not be empty"
    assert [reason.split(":")[0] for reason in reasons[1:]] == ["parameter 'p q'", "label 'l/m'", "processor 'a b'"]


def test_a_flow_of_its_own_has_no_ports():
    assert problems("inputs: [in]\n") == [
        "flow.yaml: has `inputs` or `outputs`, which only a flow under `subflows` can have; remove them"
    ]


def test_two_writers_of_one_file(tmp_path):
    text = """
        processors:
          - {id: m, type: make}
          - {id: a, type: store, config: {path: out/x}}
          - {id: b, type: store, config: {path: out/../out/./x}}
          - {id: c, type: store, config: {path: out/y}}
          - {id: d, type: store, config: {path: out/y}, enabled: false}
        connections: [{from: m.success, to: a.in}, {from: m.success, to: b.in}, {from: m.success, to: c.in}]
    """
    assert problems(text, folder=tmp_path) == [
        "flow.yaml: processor 'b': writes 'out/../out/./x', which 'a' writes too; give each its own file"
    ]
    absolute = text.replace("out/../out/./x", str(tmp_path / "out" / "x"))
    assert len(problems(absolute, folder=tmp_path)) == 1


@pytest.mark.parametrize(
    ("key", "to", "reason"),
    [
        ("a", "ask", ""),
        ("a", "/ask", ""),
        ("a", "s/ask2", ""),
        ("a", "axk", "names 'axk', which is not there; did you mean 'ask'?"),
        ("a", "ask2", "names 'ask2', which is not there; did you mean 's/ask2'?"),
        ("a", "b", "names 'b', which is of type answer, not make; it can be 'ask', 's/ask2'"),
        ("s/b", "ask2", ""),
        ("s/b", "/ask", ""),
        ("s/b", "/s/ask2", ""),
        ("s/b", "ask", "names 'ask', which is not there; did you mean '/ask'?"),
        ("s/b", "${where}", ""),
        ("s/b", "nobody", "names 'nobody', which is not there; it can be '/ask', 'ask2'"),
    ],
)
def test_a_setting_that_names_another_processor(key, to, reason):
    outer, inner = (to, "ask2") if key == "a" else ("ask", to)
    text = f"""
        processors:
          - {{id: ask, type: make}}
          - {{id: a, type: answer, config: {{to: "{outer}"}}}}
          - {{id: b, type: answer, config: {{to: ask}}}}
          - {{id: s, flow: d, parameters: {{where: ask2}}}}
        connections: [{{from: ask.success, to: a.in}}, {{from: ask.success, to: b.in}}]
        subflows:
          - name: d
            inputs: []
            outputs: []
            parameters: {{where: ""}}
            processors:
              - {{id: ask2, type: make}}
              - {{id: b, type: answer, config: {{to: "{inner}"}}}}
            connections: [{{from: ask2.success, to: b.in}}]
    """
    assert problems(text) == ([f"flow.yaml: processor '{key}': `config.to` {reason}"] if reason else [])


def test_a_setting_that_names_a_processor_that_there_cannot_be():
    text = "{id: m, type: generate}, {id: a, type: answer, config: {to: m}}"
    found = problems(f"processors: [{text.replace('generate', 'send')}]\nconnections: []")
    assert (
        "flow.yaml: processor 'a': `config.to` names 'm', which is of type send, not make; add a processor of type make"
        in found
    )


SUBFLOW = """
    parameters: {file: a}
    processors:
      - {id: m, type: make}
      - {id: s, flow: keep, parameters: {path: one}}
      - {id: t, flow: keep, parameters: {path: "${file}"}}
    connections: [{from: m.success, to: s.in}, {from: m.success, to: t.in}]
    subflows:
      - name: keep
        inputs: [in]
        parameters: {path: null}
        processors: [{id: store, type: store, config: {path: "${path}"}}]
        connections: [{from: in, to: store.in}]
"""


def test_a_definition_is_checked_with_the_parameters_of_its_uses():
    assert problems(SUBFLOW) == []
    assert problems(SUBFLOW.replace("path: one", "path: 1")) == [
        "flow.yaml: processor 'keep/store': `config.path`: expected text, got a whole number"
    ]
    assert problems(SUBFLOW.replace("path: one", "path: a")) == [
        "flow.yaml: processor 't/store': writes 'a', which 's/store' writes too; give each its own file"
    ]


def test_an_unused_definition_is_checked_with_its_own_parameters():
    head = SUBFLOW[: SUBFLOW.index("    processors:")]
    unused = head + SUBFLOW[SUBFLOW.index("    subflows:") :]
    assert problems(unused) == ["flow.yaml: processor 'keep/store': `config.path`: expected text, got nothing"]


def test_a_definition_of_disabled_subflows_only_is_not_checked():
    assert (
        problems("""
            processors: [{id: s, flow: d, enabled: false}]
            subflows: [{name: d, processors: [{id: a, type: none}]}]
        """)
        == []
    )


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (
            "flow: keep, parameters: {path: one}",
            "flow: kep",
            "subflow 's': there is no definition 'kep' under `subflows`; did you mean",
        ),
        ("{path: one}", "{path: one, more: 1}", "subflow 's': definition 'keep' has no parameter 'more'"),
        ("{path: one}", "{path: '${fil}'}", "subflow 's': there is no parameter 'fil'; did you mean 'file'?"),
        (
            'config: {path: "${path}"}',
            "config: {path: '${file}'}",
            "processor 'keep/store': parameter 'file' belongs to the flow around",
        ),
        ("{from: in, to: store.in}", "", "subflow definition 'keep': its input port 'in' leads nowhere"),
        ("{from: in, to: store.in}", "{from: inn, to: store.in}", "the subflow has no input port 'inn'; did you mean 'in'?"),
        (
            "{from: in, to: store.in}",
            "{from: in, to: store.in}, {from: store.success, to: out}",
            "has no output port 'out'; it has none",
        ),
        ("inputs: [in]", "inputs: [in, 'a b']", "subflow definition 'keep': `inputs` holds 'a b'"),
        ("name: keep", "name: ke/ep", "its name must be letters, digits"),
        ("{from: m.success, to: s.in}, ", "", "subflow 's': input 'in' is not connected"),
        ('config: {path: "${path}"}', "config: {path: x}", "writes 'x', which 's/store' writes too"),
        (
            "connections: [{from: in",
            "subflows: [{name: q, processors: [{id: z, flow: keep}]}]\n        connections: [{from: in",
            "",
        ),
        (
            "processors: [{id: store,",
            "processors: [{id: again, flow: keep}, {id: store,",
            "subflow 'keep/again': definition 'keep' uses itself",
        ),
    ],
)
def test_a_wrong_subflow(old, new, reason):
    assert old in SUBFLOW
    found = problems(SUBFLOW.replace(old, new, 1))
    assert [problem for problem in found if reason in problem], found


def test_two_ways_to_one_input_through_ports():
    assert problems("""
        processors: [{id: m, type: make}, {id: s, flow: d}]
        connections: [{from: m.success, to: s.one}, {from: m.success, to: s.two}]
        subflows:
          - name: d
            inputs: [one, two]
            processors: [{id: p, type: send}]
            connections: [{from: one, to: p.in}, {from: two, to: p.in}]
    """)[0].startswith("flow.yaml: connection 'm.success->s/p.in': two ways through ports of subflows join the same two ends")


def test_a_way_that_meets_no_processor():
    assert problems("""
        processors: [{id: m, type: make}, {id: s, flow: d}]
        connections: [{from: m.success, to: s.in}, {from: s.success, to: s.in}]
        subflows: [{name: d, inputs: [in], outputs: [success], connections: [{from: in, to: success}]}]
    """)[0].startswith("flow.yaml: connection 'm.success->s.in': it goes round through ports of subflows without meeting")


def test_a_flow_that_unfolds_without_end_is_refused_quickly():
    levels = "\n".join(
        f"  - {{name: d{level}, processors: [{{id: a, flow: d{level + 1}, parameters: {{p: '${{p}}a'}}}},"
        f" {{id: b, flow: d{level + 1}, parameters: {{p: '${{p}}b'}}}}], parameters: {{p: ''}}}}"
        for level in range(50)
    )
    text = f"processors: [{{id: s, flow: d0}}]\nsubflows:\n{levels}\n  - {{name: d50, parameters: {{p: ''}}}}\n"
    assert problems(text) == ["flow.yaml: it unfolds to more than 200,000 steps; use fewer subflows in each other"]


def test_a_check_that_meets_an_impossible_path_is_a_problem():
    catalog = dict(CATALOG)
    store = catalog["store"]
    catalog["store"] = msgspec.structs.replace(store, check=lambda config, folder: [str((folder / config.path).stat())])
    flow = Flow(
        header=Header(name="x"),
        steps={"m": Processor(id="m", type="make"), "s": Processor(id="s", type="store", config={"path": "a\0b"})},
        connections={"m.success->s.in": Connection(source="m.success", target="s.in")},
    )
    assert "its config cannot be checked" in str(validate(flow, catalog, Path())[0])


@settings(max_examples=40, deadline=None)
@given(flows())
def test_any_flow_can_be_validated(flow):
    for problem in validate(flow, CATALOG, Path("/nowhere"), ALL, "f"):
        assert problem.reason
        assert str(problem).startswith("f: ")


@settings(max_examples=25, deadline=None)
@given(sound_flows())
def test_a_flow_that_can_be_unfolded_has_no_problem_about_unfolding(flow):
    reasons = " ".join(problem.reason for problem in validate(flow, CATALOG, Path("/nowhere")))
    assert "no definition" not in reasons
    assert "uses itself" not in reasons
    assert "which is no processor here" not in reasons


def torn(text: str) -> list[str]:
    """Everything that is wrong with a file that holds no flow."""
    with pytest.raises(InvalidFlow) as caught:
        load_flow("pyfi: 1\nname: x\n" + dedent(text), "flow.yaml")
    return [str(each) for each in all_problems(caught.value, CATALOG, Path("/nowhere"), ALL, "flow.yaml")]


def test_parts_that_cannot_be_read_do_not_hide_what_is_wrong_with_the_others() -> None:
    found = torn("""
        processors:
          - {id: m, type: make}
          - {id: torn, type: python, code: "def f(x): return x", retry: {penalty: soon}}
          - {id: typo, type: pithon}
          - {id: p, type: python, code: "def f(x): return"}
        connections:
          - {from: m.success, to: torn.in}
          - {from: torn.success, to: p.in, limit: 5}
          - {from: p.sucess, to: typo.in}
        auto_terminate: [torn.failure, nobody.success]
        """)
    said = [sentence.removeprefix("flow.yaml: ") for sentence in found]
    assert said == [
        "processor 'torn': `retry.penalty` must be a duration such as 500ms, 30s, 5m or 1h30m, not 'soon'",
        "connection 'torn.success->p.in': `limit` must be a mapping, not 5",
        "`auto_terminate` holds 'nobody.success', but there is no processor 'nobody'; remove it",
        "processor 'typo': there is no processor type 'pithon'; did you mean 'python'?",
        "connection 'p.sucess->typo.in': 'p' has no output 'sucess'; did you mean 'success'?",
        "processor 'p': output 'success' is not connected; connect it, or put p.success under `auto_terminate`",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "parmeters: {a: 1}\nprocessors: [{id: m, type: make, config: {count: '${a}'}}]\nauto_terminate: [m.success]",
        "parameters: 5\nprocessors: [{id: m, type: make, config: {count: '${a}'}}]\nauto_terminate: [m.success]",
        "processors: [{id: 5, type: make}, {id: p, type: store, config: {path: x}}]\nconnections: [{from: m.a, to: p.in}]",
        "processors: [{id: m, type: make}, {id: p, type: store, config: {path: x}}]\nconnections: [{from: 5, to: p.in}]",
    ],
)
def test_nothing_is_said_that_only_follows_from_what_could_not_be_read(text: str) -> None:
    assert len(torn(text)) == 1
