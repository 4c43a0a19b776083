"""UPI links as the linking specification has them, and the code that carries one."""

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.upi import code_of, upi_link


def link(**changed) -> str:
    values = {"upi_id": "courses@bank", "name": "IPSC", "amount": 10_000, "note": "123456782"}
    return upi_link(**(values | changed))


def test_it_names_payee_sum_currency_and_reference():
    assert link() == "upi://pay?pa=courses@bank&pn=IPSC&am=10000.00&cu=INR&tn=123456782"


@pytest.mark.parametrize(
    ("name", "encoded"),
    [
        ("Pain & Spine", "Pain%20%26%20Spine"),
        ("a=b?c#d", "a%3Db%3Fc%23d"),
        ("दर्द", "%E0%A4%A6%E0%A4%B0%E0%A5%8D%E0%A4%A6"),
        ("50% + 1", "50%25%20%2B%201"),
        ("A/B", "A%2FB"),
    ],
)
def test_what_would_end_a_value_is_encoded(name, encoded):
    assert f"&pn={encoded}&am=" in link(name=name)


def test_a_space_is_no_plus():
    assert "+" not in link(name="Pain and Spine", note="one two")


@pytest.mark.parametrize("amount", [0, -1])
def test_it_asks_for_no_nothing(amount):
    with pytest.raises(ValueError, match="above 0"):
        link(amount=amount)


@given(st.text(max_size=120), st.text(max_size=80), st.integers(1, 10**9))
def test_an_app_reads_back_what_was_written(name, note, amount):
    name, note = (each.encode("utf-8", "ignore").decode() for each in (name, note))
    made = urlsplit(link(name=name, note=note, amount=amount))
    told = parse_qs(made.query, keep_blank_values=True, strict_parsing=True)
    assert (made.scheme, made.netloc) == ("upi", "pay")
    assert list(told) == ["pa", "pn", "am", "cu", "tn"]
    assert told["pa"] == ["courses@bank"]
    assert told["pn"] == [name[:99]]
    assert told["tn"] == [note[:50]]
    assert told["am"] == [f"{amount}.00"]


def test_the_code_is_a_picture_without_script_or_the_link_in_words():
    drawn = code_of(link()).decode()
    assert drawn.startswith("<?xml")
    assert "<svg" in drawn
    assert "<script" not in drawn
    assert "style=" not in drawn
    assert "courses@bank" not in drawn
    assert drawn != code_of(link(amount=9_999)).decode()
