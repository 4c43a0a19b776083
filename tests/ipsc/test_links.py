"""Signed links: genuine, of the present version, for their own purpose."""

import pytest

from ipsc import links
from ipsc.identifiers import opaque_id
from ipsc.links import Link


def test_it_reads_what_it_signed():
    token = links.sign("appointment", "abc123", 7)
    assert links.read("appointment", token) == Link("abc123", 7)
    assert set(token) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")


def test_an_sms_can_carry_it():
    """At most 30 characters may differ from the text that a carrier has registered."""
    assert len(links.sign("appointment", opaque_id(), 9)) == 28
    assert len(links.sign("appointment", opaque_id(), 999)) == 30


@pytest.mark.parametrize(
    "forge",
    [
        lambda token: token[:-1],
        lambda token: token[1:],
        lambda token: token.replace("7_abc123", "8_abc123"),
        lambda token: token.replace("7_abc123", "07_abc123"),
        lambda token: token.replace("7_abc123", "٧_abc123"),
        lambda token: token.replace("7_abc123", "_abc123"),
        lambda token: token.replace("7_abc123", "7_abc124"),
        lambda token: token.swapcase(),
        lambda token: "",
        lambda token: "~",
        lambda token: "\0" + token,
        lambda token: token * 50,
        lambda token: token.partition("_abc")[0],
    ],
)
def test_it_refuses_what_it_did_not_sign(forge):
    assert links.read("appointment", forge(links.sign("appointment", "abc123", 7))) is None


def test_it_refuses_a_token_made_for_something_else():
    assert links.read("appointment", links.sign("enrolment", "abc123", 7)) is None


def test_it_refuses_a_token_of_another_secret(settings):
    token = links.sign("appointment", "abc123", 7)
    settings.SECRET_KEY = "another"
    assert links.read("appointment", token) is None
