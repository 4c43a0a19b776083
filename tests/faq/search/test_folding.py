"""How a word sounds, in either script."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faq.search.folding import distance, plain, sound, sound_of_phrase


@pytest.mark.parametrize(
    "words",
    [
        "vertebroplasty vertibroplasty vertebroplasti vertebroplastee",
        "kyphoplasty kifoplasty kyphoplastee काइफ़ोप्लास्टी",
        "osteoporosis ostioporosis ऑस्टियोपोरोसिस",
        "fracture fractur frakture phracture",
        "haddi haddee hadi हड्डी",
        "kamar kamr कमर",
        "dard दर्द",
        "reedh reed rid रीढ़ रीढ",
        "bujurg buzurg bujurga बुज़ुर्ग बुजुर्ग",
        "cement sement ciment सीमेंट सीमेन्ट",
        "sui सुई",
        "ilaj ilaaj इलाज",
        "painful painfull",
        "thik theek ठीक",
        "ghar gharr घर",
        "mareez mariz marij मरीज़",
    ],
)
def test_it_hears_the_same_in_every_spelling(words):
    assert len({sound(word) for word in words.split()}) == 1, {word: sound(word) for word in words.split()}


@pytest.mark.parametrize(
    "words", ["vertebroplasty kyphoplasty", "pain bone", "haddi reedh", "cement cancer", "दर्द हड्डी", "old cold"]
)
def test_it_tells_different_words_apart(words):
    one, other = words.split()
    assert sound(one) != sound(other)


@pytest.mark.parametrize(
    ("typed", "meant", "most"),
    [
        ("osteoporsis", "osteoporosis", 1),
        ("anasthesia", "anaesthesia", 1),
        ("वर्टीब्रोप्लास्टी", "vertebroplasty", 1),
        ("फ्रैक्चर", "fracture", 1),
        ("vertabroplasty", "vertebroplasty", 1),
        ("kypoplasty", "kyphoplasty", 1),
    ],
)
def test_it_brings_a_mistake_near_to_the_right_word(typed, meant, most):
    assert distance(sound(typed), sound(meant)) <= most


def test_it_closes_up_the_words_of_a_phrase():
    assert sound_of_phrase("back bone") == sound_of_phrase("backbone")
    assert sound_of_phrase("kamar  dard") == sound_of_phrase("कमर दर्द")


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [("", "", 0), ("a", "", 1), ("", "ab", 2), ("bone", "bone", 0), ("bone", "boen", 1), ("kitten", "sitting", 3)],
)
def test_it_counts_the_mistakes_between_two_words(one, other, apart):
    assert distance(one, other) == distance(other, one) == apart


@given(st.text())
def test_it_makes_small_latin_letters_and_digits_of_anything(text):
    heard = sound(text)
    assert heard == "" or (heard.isascii() and heard.isalnum() and heard == heard.lower())


@given(st.text())
def test_it_leaves_nothing_in_a_text_that_does_not_print(text):
    kept = plain(text)
    assert not [each for each in kept if unicodedata.category(each)[0] == "C"]
    assert plain(kept) == kept


def test_it_takes_what_joins_or_marks_out_of_a_text():
    assert plain("a\x00b\x02c\x03d\u200de\ud800f\ng\u202eh") == "a b c de f g h"
