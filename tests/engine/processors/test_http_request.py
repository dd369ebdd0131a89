import socket

import pytest

from tests.drive import attributes, contents
from tests.engine.processors.declared import driver, problems
from tests.engine.processors.web_server import WebServer


@pytest.fixture
def web():
    with WebServer() as server:
        yield server


def test_the_answers_come_in_the_order_of_the_messages(web, tmp_path):
    config = {
        "url": web.url + "/echo/{content['n']}",
        "query": {"q": "{content['q']}"},
        "headers": {"X-Key": "{secrets['key']}"},
    }
    with driver("http_request", config, tmp_path, secrets={"key": "s3"}) as host:
        result = host.task([{"n": n, "q": f"a&b={n}"} for n in range(50)], attributes=[{"k": str(n)} for n in range(50)])
        assert [answer["path"] for answer in contents(result, 1)] == [f"/echo/{n}?q=a%26b%3D{n}" for n in range(50)]
        found = attributes(result, 1)[7]
        assert (found["k"], found["http.status"], found["http.url"]) == ("7", "200", web.url + "/echo/7?q=a%26b%3D7")
        assert {seen[2]["x-key"] for seen in web.seen} == {"s3"}
        assert all("idempotency-key" not in seen[2] for seen in web.seen)


def test_what_is_filled_into_an_address_is_quoted_unless_it_is_all_of_it(web, tmp_path):
    with driver("http_request", {"url": web.url + "/echo/{content}"}, tmp_path) as host:
        assert contents(host.task(["a/../b?c=1#d é"]), 1)[0]["path"] == "/echo/a%2F..%2Fb%3Fc%3D1%23d%20%C3%A9"
    with driver("http_request", {"url": "{content}"}, tmp_path) as host:
        result = host.task([web.url + "/echo/x?y=1", "nonsense", "ftp://x/"])
        assert [answer["path"] for answer in contents(result, 1)] == ["/echo/x?y=1"]
        assert [found["error.type"] for found in attributes(result, -2)] == ["InvalidURL", "InvalidURL"]


def test_what_is_sent(web, tmp_path):
    with driver("http_request", {"url": web.url + "/echo", "method": "POST"}, tmp_path) as host:
        host.task([{"a": "é"}], attributes=None)
        host.task(["text"])
        host.task([b"\x00"])
    assert [(seen[0], seen[2]["content-type"], seen[3]) for seen in web.seen] == [
        ("POST", "application/json", b'{"a": "\xc3\xa9"}'),
        ("POST", "text/plain; charset=utf-8", b"text"),
        ("POST", "application/octet-stream", b"\x00"),
    ]
    config = {"url": web.url, "method": "PUT", "body": "content['x']", "headers": {"content-type": "text/csv"}}
    with driver("http_request", config, tmp_path) as host:
        host.task([{"x": "1;2"}])
    assert (web.seen[-1][2]["content-type"], web.seen[-1][3]) == ("text/csv", b"1;2")


def test_a_request_tried_again_has_the_same_idempotency_key(web, tmp_path):
    config = {"url": web.url + "/status/{content}", "method": "POST"}
    with driver("http_request", config, tmp_path, retry=[1, 0.0]) as host:
        result = host.task([200, 503, 200])
        assert contents(result, 1) == ["told so", "told so"]
        [held] = contents(result, 0)
        assert held[1] == 503
        result = host.task([held], attempt=1, kind=1)
        assert contents(result, -2) == [503]
        found = attributes(result, -2)[0]
        assert (found["error.type"], found["http.status"]) == ("HTTP503", "503")
        assert found["error.message"].endswith("/status/503 was answered with 503 Service Unavailable: told so")
    keys = [seen[2]["idempotency-key"] for seen in web.seen if seen[1] == "/status/503"]
    assert keys == [held[0]] * 2


def test_a_request_that_is_wrong_is_not_tried_again(web, tmp_path):
    with driver("http_request", {"url": web.url + "/status/{content}", "accept": [404]}, tmp_path, retry=[5, 0.0]) as host:
        result = host.task([400, 404, 429])
        assert contents(result, 1) == ["told so"]
        assert contents(result, -2) == [400]
        assert [content for _, content in contents(result, 0)] == [429]


def test_the_server_may_say_when_to_ask_again(web, tmp_path):
    with driver("http_request", {"url": web.url + "/status/503?wait"}, tmp_path, retry=[1, 0.0]) as host:
        first = host.task([1])["outputs"][0]
    with driver("http_request", {"url": web.url + "/status/503"}, tmp_path, retry=[1, 0.0]) as host:
        second = host.task([1])["outputs"][0]
    assert first[4] - second[4] > 40_000


def test_a_server_that_is_not_there(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        with driver("http_request", {"url": f"http://127.0.0.1:{free.getsockname()[1]}/x?token=secret"}, tmp_path) as host:
            found = attributes(host.task([1]), -2)[0]
            assert found["error.type"] == "ConnectError"
            assert "secret" not in found["error.message"]


@pytest.mark.parametrize("path", ["/slow", "/drip"])
def test_an_answer_that_is_too_long_in_coming(web, tmp_path, path):
    with driver("http_request", {"url": web.url + path, "timeout": "300ms"}, tmp_path) as host:
        found = attributes(host.task([1]), -2)[0]
        assert found["error.message"] == f"GET {web.url}{path} took longer than 0.3 s"


def test_an_answer_that_is_too_large(web, tmp_path):
    with driver("http_request", {"url": web.url + "/echo", "max_size": "10B"}, tmp_path) as host:
        assert attributes(host.task([1]), -2)[0]["error.type"] == "TooLarge"


@pytest.mark.parametrize(
    ("response", "kinds", "expected"),
    [
        (
            "auto",
            ["application/problem+json", "text/html", "text/html; charset=latin-1", "image/png"],
            [{"a": "é"}, '{"a": "é"}', '{"a": "Ã©"}', b'{"a": "\xc3\xa9"}'],
        ),
        ("json", ["image/png"], [{"a": "é"}]),
        ("text", ["image/png"], ['{"a": "é"}']),
        ("bytes", ["application/json"], [b'{"a": "\xc3\xa9"}']),
    ],
)
def test_what_the_answer_becomes(web, tmp_path, response, kinds, expected):
    with driver(
        "http_request", {"url": web.url + "/type", "query": {"kind": "{content}"}, "response": response}, tmp_path
    ) as host:
        assert contents(host.task(kinds), 1) == expected


def test_redirects(web, tmp_path):
    with driver("http_request", {"url": web.url + "/redirect"}, tmp_path) as host:
        result = host.task([1])
        assert contents(result, 1)[0]["path"] == "/echo"
        assert attributes(result, 1)[0]["http.url"] == web.url + "/echo"
    with driver("http_request", {"url": web.url + "/redirect", "redirects": False}, tmp_path) as host:
        assert attributes(host.task([1]), -2)[0]["http.status"] == "302"


def test_an_expression_that_raises_fails_its_message_only(web, tmp_path):
    with driver("http_request", {"url": web.url + "/echo/{content['a']}"}, tmp_path) as host:
        result = host.task([{"a": 1}, {}, {"a": 2}])
        assert [answer["path"] for answer in contents(result, 1)] == ["/echo/1", "/echo/2"]
        assert contents(result, -2) == [{}]


def test_config_errors():
    assert "must begin with http://" in problems("http_request", {"url": "example.com"})[0]
    assert "no Python expression" in problems("http_request", {"url": "http://x/{content[}"})[0]
    assert "closes nothing" in problems("http_request", {"url": "http://x/}"})[0]
    assert "more than zero" in problems("http_request", {"url": "http://x", "timeout": 0})[0]
