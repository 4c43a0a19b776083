"""The last part of an address, made from a title in any script."""

import re

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from faq.slugs import LONGEST, RESERVED, not_reserved, slug_of

SHAPE = re.compile(r"[a-z0-9]+(?:[-_]+[a-z0-9]+)*")


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("What is osteoporosis?", "what-is-osteoporosis"),
        ("  Vertebroplasty –  or kyphoplasty  ", "vertebroplasty-or-kyphoplasty"),
        ("Crème & café", "creme-cafe"),
        ("L4/L5: 2 bones", "l4l5-2-bones"),
        ("\u202eDisc\u200b", "disc"),
    ],
)
def test_a_title_becomes_an_address(title, slug):
    assert slug_of(title) == slug


def test_devanagari_becomes_latin_letters():
    assert slug_of("कमर दर्द") == "kmr-drd"


@pytest.mark.parametrize("title", ["", " ", "?!…", "– —", "।", "\x00", "\u200d", "---", "\ud800"])
def test_a_title_without_a_letter_takes_the_fallback(title):
    assert slug_of(title) == "question"
    assert slug_of(title, fallback="topic") == "topic"
    assert slug_of(title, {"question"}) == "question-2"


def test_titles_that_collide_are_numbered_one_after_the_other():
    taken: list[str] = []
    for _each in range(12):
        taken.append(slug_of("Back pain", taken))
    assert taken == ["back-pain", *(f"back-pain-{number}" for number in range(2, 13))]


@pytest.mark.parametrize("word", sorted(RESERVED))
def test_a_word_that_the_site_uses_is_numbered(word):
    assert slug_of(word.title()) == f"{word}-2"
    assert slug_of(word, {f"{word}-2"}) == f"{word}-3"


@pytest.mark.parametrize("word", sorted(RESERVED))
def test_a_word_that_the_site_uses_is_refused(word):
    with pytest.raises(ValidationError) as refused:
        not_reserved(word)
    assert refused.value.code == "reserved"


def test_a_word_that_only_begins_like_one_that_the_site_uses_is_not_refused():
    not_reserved("searching")


@pytest.mark.parametrize("title", ["x" * 500, "ab " * 170, "क" * 500, "a" * 79 + " b" * 50])
def test_a_long_title_is_cut_and_still_numbered(title):
    taken: list[str] = []
    for _each in range(12):
        taken.append(slug_of(title, taken))
        assert len(taken[-1]) <= LONGEST
        assert SHAPE.fullmatch(taken[-1])
    assert len(set(taken)) == 12


@given(st.text() | st.sampled_from(sorted(RESERVED)) | st.text("क ख-_ा", max_size=200), st.integers(0, 12))
def test_a_slug_is_always_short_new_and_free(title, others):
    taken: list[str] = []
    for _each in range(others):
        taken.append(slug_of(title, taken))
    slug = slug_of(title, taken)
    assert 0 < len(slug) <= LONGEST
    assert slug not in taken
    assert slug not in RESERVED
    assert SHAPE.fullmatch(slug)
    assert slug_of(title, taken) == slug
