from pathlib import Path

from engine.model.codec import load_flow
from engine.model.validation import validate
from engine.processors.registry import catalog
from tests.drive import attributes, contents
from tests.engine.processors.declared import driver, problems

ASKED = {"http.request_id": "r1", "k": "v"}


def test_the_answer_is_handed_to_the_listener_with_the_result(tmp_path):
    config = {
        "listener": "listen",
        "status": "content['code']",
        "headers": {"X-K": "{attributes['k']}"},
        "body": "content['text']",
    }
    with driver("http_respond", config, tmp_path) as host:
        result = host.task([{"code": 201, "text": "made"}], attributes=[ASKED])
        payload = {"request_id": "r1", "status": 201, "headers": {"X-K": "v", "Content-Type": "text/plain; charset=utf-8"}}
        assert result["signals"] == [("listen", {**payload, "body": b"made"})]
        assert contents(result, 1) == [{"code": 201, "text": "made"}]


def test_a_mapping_is_sent_as_json_unless_a_header_says_otherwise(tmp_path):
    with driver("http_respond", {"listener": "listen"}, tmp_path) as host:
        [[_, payload]] = host.task([{"a": "é"}], attributes=[ASKED])["signals"]
        assert (payload["headers"], payload["body"]) == ({"Content-Type": "application/json"}, '{"a": "é"}'.encode())
    with driver("http_respond", {"listener": "listen", "headers": {"content-type": "text/html"}}, tmp_path) as host:
        [[_, payload]] = host.task(["<p>"], attributes=[ASKED])["signals"]
        assert payload["headers"] == {"content-type": "text/html"}


def test_the_listener_is_looked_for_in_the_same_subflow(tmp_path):
    for listener, expected in (("listen", "sub/inner/listen"), ("/listen", "listen")):
        with driver("http_respond", {"listener": listener}, tmp_path, id="sub/inner/respond") as host:
            assert host.task([1], attributes=[ASKED])["signals"][0][0] == expected


def test_what_cannot_be_answered_fails(tmp_path):
    config = {"listener": "listen", "status": "content", "headers": {"X": "{attributes['k']}"}}
    with driver("http_respond", config, tmp_path) as host:
        marks = [{"k": "v"}, ASKED, ASKED, {**ASKED, "k": "a\r\nSet-Cookie: b"}, ASKED]
        result = host.task([200, 1000, "x", 200, 204], attributes=marks)
        assert contents(result, 1) == [204]
        assert len(result["signals"]) == 1
        reasons = [found["error.message"] for found in attributes(result, -2)]
        assert "did not come from an http_listen" in reasons[0]
        assert "from 200 to 599, not 1000" in reasons[1]
        assert "line end" in reasons[3]


def test_the_listener_must_be_an_http_listen_of_the_flow():
    text = """
pyfi: 1
name: x
processors:
  - {id: listen, type: http_listen, config: {port: 8080, path: /, respond: true}}
  - {id: respond, type: http_respond, config: {listener: LISTENER}}
connections: [{from: listen.success, to: respond.in}]
"""
    assert validate(load_flow(text.replace("LISTENER", "listen")), catalog(), Path()) == []
    for name, reason in (
        ("lisen", "names 'lisen', which is not there; did you mean 'listen'?"),
        ("respond", "names 'respond', which is of type http_respond, not http_listen; it can be 'listen'"),
    ):
        [problem] = validate(load_flow(text.replace("LISTENER", name)), catalog(), Path())
        assert str(problem) == f"processor 'respond': `config.listener` {reason}"


def test_config_errors():
    assert problems("http_respond", {}) == ["`config.listener` is missing"]
    assert "from 200 to 599" in problems("http_respond", {"listener": "l", "status": 99})[0]
    assert "is not a Python expression" in problems("http_respond", {"listener": "l", "status": "1 +"})[0]
