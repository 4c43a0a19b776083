"""How hard an answer is to read: what is counted, and that any text can be counted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faq.html import text_of
from faq.reading import Reading, reading_level
from tests.faq.test_html import QUESTIONS

# Words and their syllables, counted by ear, that had no part in choosing how to count.
HEARD = """
backbone 2; bandage 2; blood 1; brain 1; careful 2; cartilage 3; chronic 2; clinic 2; collapse 2; contagious 3; cough 1
degree 2; dizzy 2; dosage 2; elbow 2; exercise 3; fever 2; finger 2; frozen 2; healthy 2; height 1; infected 3; iron 2
kidney 2; ligament 3; lumbar 2; massage 2; migraine 2; mobile 2; needles 2; nerve 1; operation 4; orthopaedic 4
outpatient 3; paralysis 4; physician 3; pillow 2; posture 2; prescription 3; pregnancy 3; recovering 4; relief 2
repeated 3; sciatica 4; shoulder 2; sitting 2; sleep 1; sneeze 1; steroid 2; stiffness 2; surgeon 2; swollen 2
symptom 2; tablet 2; therapy 3; tingling 2; vertebra 3; virus 2; walked 1; weight 1; wheelchair 2; wrist 1; x-ray 2
"""

PARTS = st.sampled_from(["e.g.", "a.m.", "MRI", "90%", ".", "!", "\n", "-", "'", "bone", " ", "1.5", "\x85", "²"])


def syllables(word: str) -> int:
    reading = reading_level(word)
    assert reading is not None
    return reading.syllables


def counted(text: str) -> tuple[int, int]:
    """Words and sentences."""
    reading = reading_level(text)
    assert reading is not None
    return reading.words, reading.sentences


def test_it_is_the_formula_of_kincaid():
    assert reading_level("The cat sat on the mat.") == Reading(6, 1, 6, pytest.approx(0.39 * 6 + 11.8 - 15.59))
    long = reading_level("Osteoporosis weakens vertebrae considerably.")
    assert long.grade == pytest.approx(0.39 * 4 + 11.8 * long.syllables / 4 - 15.59)


def test_words_have_the_syllables_that_are_heard():
    pairs = [entry.rsplit(" ", 1) for line in HEARD.strip().splitlines() for entry in line.split("; ")]
    wrong = {word: syllables(word) for word, heard in pairs if syllables(word) != int(heard)}
    assert len(wrong) <= len(pairs) * 0.05, wrong


@pytest.mark.parametrize(
    ("word", "heard"), [("variety", 4), ("area", 3), ("physiotherapy", 6), ("biopsy", 3), ("usual", 3), ("station", 2)]
)
def test_two_vowels_side_by_side_may_be_two_syllables(word, heard):
    assert syllables(word) == heard


def test_a_row_of_stops_ends():
    assert reading_level("." * 200_000 + "x").words == 1


@pytest.mark.parametrize("word", ["a", "I", "the", "me", "rhythm", "hmm", "Mr", "th", "e", "'s"])
def test_every_word_has_a_syllable(word):
    assert syllables(word) >= 1


@pytest.mark.parametrize(
    "text", ["", " \n ", "...", "90%", "1 2 3", "हड्डी टूटी है।", "4 से 5 घंटे", "骨折", "\x00", "-'-", "_"]
)
def test_a_text_without_an_english_word_has_no_level(text):
    assert reading_level(text) is None


@pytest.mark.parametrize(
    ("text", "words_and_sentences"),
    [
        ("One. Two! Three? Four…", (4, 4)),
        ("No stop at the end", (5, 1)),
        ("A heading\nA sentence.", (4, 2)),
        ("Do not:\nbend\ntwist\nlift", (5, 4)),
        ("He said “Stop.” Then he left.", (6, 2)),
        ("It costs 1.5 times 2,000.", (5, 1)),
        ("Sit for 4 to 5 hours.", (6, 1)),
        ("More than 90% feel better.", (5, 1)),
        ("More than 90 % feel better.", (5, 1)),
        ("Painkillers, e.g. paracetamol, help.", (4, 1)),
        ("Ask Dr. Rao or Mrs. Das.", (6, 1)),
        ("Come at 9 a.m. with a friend.", (7, 1)),
        ("Come at 9 a.m. Bring a friend.", (7, 2)),
        ("No. It does not.", (4, 2)),
        ("Take no. 3 first.", (4, 1)),
        ("Take vitamin D. Eat well.", (5, 2)),
        ("An X-ray isn't enough.", (4, 1)),
        ("What?! Wait... Now.", (3, 3)),
    ],
)
def test_it_counts_words_and_sentences_as_people_do(text, words_and_sentences):
    assert counted(text) == words_and_sentences


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        *(("MRI", 3), ("CT", 2), ("A", 1), ("WHO", 5), ("An MRI scan", 5), ("e.g. x", 3), ("STOP NOW", 2)),
        *(("x 90%", 5), ("x 17", 4), ("x 42", 4), ("x 75", 5), ("x 1.5", 4)),
    ],
)
def test_numbers_and_abbreviations_have_the_syllables_that_are_spoken(text, spoken):
    assert syllables(text) == spoken


@given(
    st.text()
    | st.lists(st.sampled_from(["e.g.", "a.m.", "MRI", "90%", ".", "!", "\n", "-", "'", "bone", " ", "1.5"])).map(
        "".join
    )
)
def test_any_text_can_be_read(text):
    reading = reading_level(text)
    if reading is not None:
        assert 1 <= reading.sentences <= reading.words <= reading.syllables


@pytest.mark.parametrize("part", ["a", "a-", "a'", "e.g.", ".", '."', "1", "1.", "A", "bone. ", "é", "x.\n", ") "])
def test_a_long_text_of_any_shape_is_read_to_its_end(part):
    reading = reading_level(part * (200_000 // len(part)))
    assert reading is None or 1 <= reading.sentences <= reading.words


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["slug"])
def test_an_answer_that_ships_reads_at_grade_seven_or_below(question):
    assert reading_level(text_of(question["answer"])).grade <= 7


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["slug"])
def test_a_hindi_answer_is_given_no_english_grade(question):
    assert reading_level(text_of(question["answer_hi"])) is None
