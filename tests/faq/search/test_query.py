"""A query cut into words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faq.search.query import LONGEST_WORD, MOST_WORDS, cut


def test_it_keeps_the_words_that_say_something():
    query = cut("How long will it take my mother to walk again?")
    assert query.words == ["long", "mother", "walk"]
    assert query.typed[query.places[0]] == "long"


@pytest.mark.parametrize(
    "text",
    [
        "क्या यह हो सकता है",
        "kya ye ho sakta hai",
        "what is it",
        "is it?",
        "¿?",
        "...",
        "%",
        "",
        " \n ",
        "\x00",
        "़ ा ्",
        "🙂",
    ],
)
def test_it_finds_nothing_to_look_for(text):
    assert cut(text).is_empty


@pytest.mark.parametrize("mark", [*"&|!():*<>%'\"\\/;,.-+=~^$#[]{}?@\x00\x02\t\n", "\u202e", "\ud800", "🙂", "।"])
def test_it_takes_every_sign_for_a_space(mark):
    assert cut(f"bone{mark} {mark}cement").words == ["bone", "cement"]


def test_it_keeps_a_word_with_an_apostrophe_whole():
    assert cut("the patient’s bone").words == ["patients", "bone"]
    assert cut("don't").is_empty


def test_it_reads_200_characters_and_looks_for_twelve_words():
    assert len(cut("bone " * 2_000).words) == MOST_WORDS
    assert cut("x" * 10_000).words == ["x" * LONGEST_WORD]
    assert cut(" " * 200 + "bone").is_empty


def test_it_takes_devanagari_with_and_without_its_own_nukta_letters_for_the_same():
    assert cut("पढ\u093c").words == cut("प\u095d").words


def test_it_hears_phrases_with_the_small_words_in_them():
    heard = {(place, length) for place, length, _sound in cut("reedh ki haddi").phrases()}
    assert (0, 3) in heard
    assert (1, 1) in heard


@given(st.text(max_size=300))
def test_it_never_lets_an_operator_through(text):
    query = cut(text)
    assert len(query.words) <= MOST_WORDS
    assert not set("&|!():*<>%'\"\\_ \x00") & set("".join(query.typed))
