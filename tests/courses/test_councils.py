"""How registration numbers and addresses are compared (rule C3)."""

from hypothesis import given
from hypothesis import strategies as st

from courses.councils import LONGEST_NUMBER, email_key, registration_key


@given(st.text(max_size=LONGEST_NUMBER))
def test_spaces_slashes_and_case_tell_nobody_apart(number):
    key = registration_key(number)
    assert registration_key(f" {number.replace('/', ' ')} ") == registration_key(number.replace("/", ""))
    assert registration_key(key) == key
    assert not set(key) & set(" /-.\0")


def test_digits_of_any_script_are_digits():
    assert registration_key("डी १२/३४") == registration_key("डी 12 34")
    assert registration_key("１２３") == "123"


def test_two_numbers_stay_two():
    assert registration_key("DMC/R/1234") != registration_key("DMC/R/1243")


@given(st.emails())
def test_an_address_is_like_itself_in_any_case(email):
    assert email_key(email) == email_key(email.upper()) or not email.isascii()
    assert "@" in email_key(email)


def test_what_is_before_the_at_never_becomes_nothing():
    assert email_key("...@example.org") == "...@example.org"
    assert email_key("+x@example.org") == "+x@example.org"


def test_dots_of_the_domain_stay():
    assert email_key("a.b@mail.example.org") == "ab@mail.example.org"
