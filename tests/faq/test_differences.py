"""What changed between two texts, told word by word and without loss (rule F1)."""

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from faq import differences as module
from faq.differences import Piece, differences

WORDS = st.sampled_from(
    ["bone", "bones", "can't", "हड्डी", "हड्डियाँ", " ", "  ", ".", ",", "\n", "\r\n", "\u2028", "े", "'"]
)
TEXT = st.lists(WORDS, max_size=30).map("".join) | st.text()


def told(old: str, new: str) -> str:
    """The pieces on one line: [gone] {new} same."""
    marks = {"same": "{}", "gone": "[{}]", "new": "{{{}}}"}
    return "".join(marks[piece.kind].format(piece.text) for piece in differences(old, new))


def side(pieces: list[Piece], kind: str) -> str:
    return "".join(piece.text for piece in pieces if piece.kind in ("same", kind))


@given(TEXT, TEXT)
@example("", "")
@example("a\r\nb", "a\nb")
@example("a b", "c d")
def test_both_texts_can_be_put_together_again(old, new):
    pieces = differences(old, new)
    assert side(pieces, "gone") == old
    assert side(pieces, "new") == new


@given(TEXT, TEXT)
def test_no_piece_is_empty_and_no_two_neighbours_are_of_one_kind(old, new):
    pieces = differences(old, new)
    assert all(piece.text for piece in pieces)
    assert all(one.kind != other.kind for one, other in pairwise(pieces))


@given(TEXT)
def test_nothing_changed_is_one_piece(text):
    assert differences(text, text) == ([Piece("same", text)] if text else [])


@given(TEXT, TEXT)
def test_what_went_is_told_before_what_came(old, new):
    kinds = [piece.kind for piece in differences(old, new)]
    assert ("new", "gone") not in set(pairwise(kinds))


@pytest.mark.parametrize(
    ("old", "new", "pieces"),
    [
        ("The bone is weak.", "The bone is brittle.", "The bone is [weak]{brittle}."),
        ("It heals", "It heals.", "It heals{.}"),
        ("It heals slowly.", "It heals.", "It heals[ slowly]."),
        ("one two three", "1 2 three", "[one two]{1 2} three"),
        ("It can't break", "It can break", "It [can't]{can} break"),
        ("the doctor’s word", "the doctors word", "the [doctor’s]{doctors} word"),
        ("5 hours", "4 to 5 hours", "{4 to }5 hours"),
        ("", "new", "{new}"),
        ("old", "", "[old]"),
    ],
)
def test_it_tells_words_and_signs_apart(old, new, pieces):
    assert told(old, new) == pieces


@pytest.mark.parametrize(
    ("old", "new", "pieces"),
    [
        ("हड्डी टूटी है।", "हड्डी टूटती है।", "हड्डी [टूटी]{टूटती} है।"),
        ("मरीज़ों को", "मरीज़ को", "[मरीज़ों]{मरीज़} को"),
        ("क\u094d\u200dष ठीक", "क\u094dष ठीक", "[क\u094d\u200dष]{क\u094dष} ठीक"),
        ("क\u094d\u200dष", "क\u094d\u200dत", "[क\u094d\u200dष]{क\u094d\u200dत}"),
        ("cafe\u0301 a", "cafe a", "[cafe\u0301]{cafe} a"),
        ("骨折 עצם", "骨折 عظم", "骨折 [עצם]{عظم}"),
    ],
)
def test_a_mark_stays_with_its_word_in_any_script(old, new, pieces):
    assert told(old, new) == pieces


def test_lines_that_did_not_change_stay_whole_and_keep_their_ends():
    old = "First\nSecond line\nThird\n"
    assert told(old, "First\nSecond word\nThird\n") == "First\nSecond [line]{word}\nThird\n"
    assert told(old, "First\nThird\n") == "First\n[Second line\n]Third\n"
    assert told(old, "New\n" + old) == "{New\n}First\nSecond line\nThird\n"


def test_a_shared_line_end_is_never_told_as_changed_with_its_neighbours():
    assert told("one\ntwo\n", "1\n2\n") == "[one]{1}\n[two]{2}\n"


def test_a_word_changed_in_a_paragraph_of_20000_is_still_found():
    paragraph = " ".join(f"word{number}" for number in range(20_000))
    pieces = differences(paragraph, paragraph.replace("word9000 ", "changed "))
    assert [piece.text for piece in pieces if piece.kind != "same"] == ["word9000", "changed"]


def test_beyond_the_bound_changed_lines_stand_whole(monkeypatch):
    monkeypatch.setattr(module._Budget, "__init__", lambda budget: setattr(budget, "steps", 10))
    assert told("a b c d e f\nsame\n", "1 b 2 d 3 f\nsame\n") == "[a b c d e]{1 b 2 d 3} f\nsame\n"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\n" * 300_000, "x\n" * 150_000),
        ("a " * 200_000, "b a " * 100_000),
        ("ab\n" * 100_000, "ba\nab\n" * 50_000),
        ("".join(f"{number} x\n" for number in range(60_000)), "".join(f"{number} y\n" for number in range(60_000))),
        ("".join(f"w{number} a\n" for number in range(2_000)), "".join(f"w{number} b\n" for number in range(2_000))),
        (" ".join(f"w{number} a" for number in range(1_500)), " ".join(f"w{number} b" for number in range(1_500))),
        ("." * 400_000, "!." * 200_000),
    ],
)
def test_long_texts_made_to_be_slow_are_told_whole(old, new):
    pieces = differences(old, new)
    assert side(pieces, "gone") == old
    assert side(pieces, "new") == new
