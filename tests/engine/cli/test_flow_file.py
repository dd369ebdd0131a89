from __future__ import annotations

import json

from engine.model.codec import read_flow
from tests.engine.cli.command import CHAIN, answer, process, pyfi, write_flow

BROKEN = CHAIN.replace("id: double\n    type: python", "id: double\n    type: pithon")


def test_validate_tells_everything_about_every_file(tmp_path):
    write_flow(tmp_path)
    write_flow(tmp_path, BROKEN, "broken.flow.yaml")
    (tmp_path / "torn.flow.yaml").write_text("pyfi: 1\nname: [")

    done = process("validate", "chain.flow.yaml", "broken.flow.yaml", "torn.flow.yaml", "gone.yaml", ".", cwd=tmp_path)

    assert done.returncode == 2
    assert done.stdout == "chain.flow.yaml: 'chain' is valid\n"
    assert "broken.flow.yaml: processor 'double': there is no processor type 'pithon'; did you mean 'python'?" in done.stderr
    assert "torn.flow.yaml: line " in done.stderr
    assert "there is no flow file gone.yaml; check the path" in done.stderr
    assert "Is a directory" in done.stderr


def test_validate_speaks_json(tmp_path):
    write_flow(tmp_path)
    write_flow(tmp_path, BROKEN, "broken.flow.yaml")

    good = pyfi("validate", "chain.flow.yaml", "--json", cwd=tmp_path)
    both = pyfi("validate", "chain.flow.yaml", "broken.flow.yaml", "--json", cwd=tmp_path)

    assert (good.returncode, both.returncode) == (0, 2)
    assert answer(good) == {
        "valid": True,
        "flows": [{"path": "chain.flow.yaml", "flow": "chain", "valid": True, "problems": []}],
    }
    (problem,) = answer(both)["flows"][1]["problems"]
    assert (problem["part"], problem["key"]) == ("processor 'double'", "double")


def test_layout_changes_nothing_but_the_layout(tmp_path):
    text = CHAIN.replace("  - id: double", "  # the heart of it\n  - id: double") + "layout: {make: [7, 7]}\n"
    path = write_flow(tmp_path, text)

    shown = pyfi("layout", path, "--json", cwd=tmp_path)
    assert path.read_text() == text
    done = process("layout", path, "--write", cwd=tmp_path)

    assert (shown.returncode, done.returncode) == (0, 0), done.stderr
    written = path.read_text()
    assert written.startswith(text.partition("layout:")[0])
    positions = {key: list(step.position or ()) for key, step in read_flow(path).steps.items()}
    assert positions == answer(shown)
    assert len({tuple(position) for position in positions.values()}) == 3


def test_layout_of_json_stays_json(tmp_path):
    path = write_flow(tmp_path)
    flow = tmp_path / "chain.json"
    pyfi("import", path, cwd=tmp_path)
    pyfi("export", "chain", flow, cwd=tmp_path)

    done = pyfi("layout", flow, "--write", cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    assert set(json.loads(flow.read_text())["layout"]) == {"make", "double", "keep"}


def test_diff_shows_parts_and_the_code_line_by_line(tmp_path):
    write_flow(tmp_path)
    changed = CHAIN.replace("* 2}", "* 3}").replace("count: 20", "count: 21").replace(", fuse: false", "")
    write_flow(tmp_path, changed + "layout: {make: [1, 1]}\n", "other.flow.yaml")

    same = pyfi("diff", "chain.flow.yaml", "chain.flow.yaml", cwd=tmp_path)
    done = process("diff", "chain.flow.yaml", "other.flow.yaml", cwd=tmp_path)
    listed = pyfi("diff", "chain.flow.yaml", "other.flow.yaml", "--json", "--ignore-layout", cwd=tmp_path)
    missing = pyfi("diff", "chain.flow.yaml", "nothing", cwd=tmp_path)

    assert (same.returncode, same.stdout) == (0, "")
    assert done.returncode == 1
    lines = [line.strip() for line in done.stdout.splitlines()]
    assert "changed processor 'double'" in lines
    assert '-      return {"n": message["n"] * 2}' in lines
    assert '+      return {"n": message["n"] * 3}' in lines
    assert "changed parameter 'count'" in lines
    assert "changed connection 'double.success->keep.in'" in lines
    assert lines[-1] == "moved processor 'make'"
    found = {each["key"]: each["change"] for each in answer(listed)["differences"]}
    assert found == {"parameter:count": "changed", "double": "changed", "double.success->keep.in": "changed"}
    assert (missing.returncode, missing.stderr.count("\n")) == (2, 1)
    assert "there is no flow 'nothing' in the database" in missing.stderr
