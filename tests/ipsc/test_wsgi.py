"""What reaches Django at all."""

import pytest

from ipsc.wsgi import only_plain_charsets


def answer(content_type: str | None) -> str:
    told = []
    serve = only_plain_charsets(lambda environ, start_response: start_response("200 OK", []) or [b""])
    list(
        serve(
            {} if content_type is None else {"CONTENT_TYPE": content_type}, lambda status, headers: told.append(status)
        )
    )
    return told[0][:3]


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "",
        "text/plain",
        "application/x-www-form-urlencoded; charset=UTF-8",
        "multipart/form-data; boundary=x",
        "text/plain; charset=",
        'text/html; charset="utf-8"',
    ],
)
def test_it_lets_through_what_browsers_send(content_type):
    assert answer(content_type) == "200"


@pytest.mark.parametrize(
    "charset", ["base64", "idna", "unicode_escape", "utf-16", "zip", "no-such", "utf-8x", "\u202e"]
)
def test_it_refuses_other_charsets_before_django_reads_by_them(charset):
    assert answer(f"text/plain; charset={charset}") == "400"


@pytest.mark.parametrize(
    "parameters",
    ["charset=utf-8; charset=base64", "charset=utf-8; charset*=utf-8''base64", "CHARSET=idna", "charset*=x"],
)
def test_it_reads_a_charset_that_stands_there_twice_as_django_does(parameters):
    assert answer(f"multipart/form-data; boundary=x; {parameters}") == "400"
