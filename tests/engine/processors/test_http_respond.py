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


def test_config_errors():
    assert problems("http_respond", {}) == ["`config.listener` is missing"]
    assert "from 200 to 599" in problems("http_respond", {"listener": "l", "status": 99})[0]
    assert "is not a Python expression" in problems("http_respond", {"listener": "l", "status": "1 +"})[0]
