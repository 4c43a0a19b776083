"""What a search brings back, and to whom."""

from datetime import timedelta

import pytest

from faq.models import LayWord, Question, SearchWord, Topic
from faq.search import entries
from faq.search.extracts import marked
from faq.search.finding import MOST_HITS, find
from ipsc.history import SITE, save_as
from tests.factories import NOW
from tests.faq.search.conftest import make_question, make_topic

pytestmark = pytest.mark.django_db


def slugs(text: str, language: str = "en") -> list[str]:
    return [hit.question.slug for hit in find(text, language=language, at=NOW).hits]


def test_it_brings_the_question_with_its_topic_and_an_extract(fourteen, django_assert_num_queries):
    with django_assert_num_queries(3):
        found = find("when can I go home", language="en", at=NOW)
        hit = found.hits[0]
        assert hit.question.topic == fourteen
    assert (hit.title, hit.language) == ("Can I go home after vertebroplasty?", "en")
    assert "<mark>home</mark>" in hit.extract
    assert (found.corrected, found.is_empty_query) == ("", False)


def test_it_shows_the_page_s_language_and_searches_both(fourteen):
    hit = find("metastasis", language="hi", at=NOW).hits[0]
    assert hit.language == "hi"
    assert hit.title.startswith("मेरी रीढ़ में कैंसर")
    assert find("कैंसर", language="en", at=NOW).hits[0].language == "en"


def test_it_shows_the_other_language_where_there_is_only_that():
    question = make_question(make_topic(), "stent", texts={"hi": ("स्टेंट क्या है?", "<p>एक नली।</p>")}, keywords="stent")
    entries.write([question.pk])
    hit = find("stent", language="en", at=NOW).hits[0]
    assert (hit.language, hit.title) == ("hi", "स्टेंट क्या है?")


def test_it_marks_every_form_of_a_word(fourteen):
    hit = find("fracture", language="en", at=NOW).hits[0]
    assert "<mark>fracture" in hit.extract.lower()
    assert "<mark>हड्डि" in find("हड्डी", language="hi", at=NOW).hits[0].extract


@pytest.mark.parametrize(
    ("text", "corrected"),
    [
        ("vertibroplsty", "vertebroplasty"),
        ("what is osteoporsis", "what is osteoporosis"),
        ("infecton after the cement", "infection after the cement"),
        ("वर्टिब्रोप्लस्टी", "वर्टिब्रोप्लास्टी"),
        ("cement injection", ""),
        ("fracturing", ""),
        ("haddi", ""),
        ("my mother", ""),
    ],
)
def test_it_says_what_it_took_a_word_for(fourteen, text, corrected):
    assert find(text, language="en", at=NOW).corrected == corrected


def test_it_takes_a_word_for_none_that_only_keywords_have(fourteen):
    assert find("kifoplasti", language="en", at=NOW).corrected == "kyphoplasty"


def test_it_finds_the_beginning_of_the_last_word(fourteen):
    assert slugs("verteb")
    assert slugs("kyph")[0] == "vertebroplasty-or-kyphoplasty"
    assert slugs("काइफ़ो")[0] == "vertebroplasty-or-kyphoplasty"
    assert slugs("kyph ")[0] == "vertebroplasty-or-kyphoplasty"


def test_it_says_what_it_looked_for(fourteen):
    found = find("sement in my backbone", language="en", at=NOW)
    assert {"cement", "spine", "backbone"} <= set(found.looked_for)
    assert "my" not in found.looked_for


@pytest.mark.parametrize(
    ("text", "queries"), [("what is it?", 0), ("  ", 0), ("xqzzv jjwwqk", 1), ("cement", 3), ("semant in teh bakc", 3)]
)
def test_it_needs_at_most_three_queries(fourteen, text, queries, django_assert_num_queries):
    with django_assert_num_queries(queries):
        find(text, language="en", at=NOW)


def test_it_says_that_there_was_nothing_to_look_for(fourteen):
    found = find("what is it?", language="en", at=NOW)
    assert found.is_empty_query
    assert not found.hits


def test_it_finds_nothing_for_what_no_text_has(fourteen):
    found = find("zebra parking", language="en", at=NOW)
    assert (found.hits, found.is_empty_query) == ([], False)


def set_question(**fields) -> None:
    question = Question.objects.get(slug="what-is-osteoporosis")
    for name, value in fields.items():
        setattr(question, name, value)
    save_as(question, by=SITE)


def test_it_hides_what_is_not_public_yet_or_no_longer(fourteen):
    assert "what-is-osteoporosis" in slugs("osteoporosis")
    set_question(publish_from=NOW + timedelta(seconds=1))
    assert "what-is-osteoporosis" not in slugs("osteoporosis")
    set_question(publish_from=NOW)
    assert "what-is-osteoporosis" in slugs("osteoporosis")
    set_question(publish_from=None, unpublish_at=NOW)
    assert "what-is-osteoporosis" not in slugs("osteoporosis")


def test_it_hides_the_questions_of_a_topic_that_is_not_published(fourteen):
    fourteen.published = False
    save_as(fourteen, by=SITE)
    found = find("osteoporsis", language="en", at=NOW)
    assert (found.hits, found.corrected) == ([], "")


def test_it_shows_at_most_twenty_hits():
    topic = make_topic()
    for number in range(MOST_HITS + 5):
        make_question(topic, f"stent-{number}", texts={"en": (f"Stent {number}?", "<p>metal</p>")})
    entries.write_all()
    assert len(slugs("stent")) == MOST_HITS


def test_it_puts_a_word_of_the_question_before_a_word_of_the_answer():
    topic = make_topic()
    make_question(topic, "body", texts={"en": ("A tube?", "<p>stent and more</p>")})
    make_question(topic, "keyword", texts={"en": ("A pipe?", "<p>more</p>")}, keywords="stent")
    make_question(topic, "title", texts={"en": ("A stent?", "<p>more</p>")})
    entries.write_all()
    assert slugs("stent") == ["title", "keyword", "body"]


def test_it_gives_a_rare_word_more_weight_than_a_common_one():
    topic = make_topic()
    for number in range(8):
        make_question(topic, f"common-{number}", texts={"en": (f"Pain {number} of the spine?", "<p>more</p>")})
    make_question(topic, "rare", texts={"en": ("Anything else?", "<p>A parrot.</p>")})
    entries.write_all()
    assert slugs("spine pain parrot")[0] == "rare"


def test_it_finds_the_one_question_that_has_two_common_words():
    """Where both words stand in more questions than are compared."""
    topic = make_topic()
    texts = {word: {"en": (f"What {word}?", f"<p>{word}</p>")} for word in ("metal", "plastic")}
    for number in range(160):
        for word in texts:
            make_question(topic, f"{word}-{number}", texts=texts[word])
    make_question(topic, "both", texts={"en": ("Which metal or plastic?", "<p>Either.</p>")})
    entries.write_all()
    assert "both" in slugs("metal plastic")


def test_it_follows_the_list_of_lay_words_at_once(fourteen):
    assert slugs("zebra") == []
    row = LayWord.objects.create(words="Zebra", means="metastasis")
    assert slugs("zebra")[0] == "cancer-that-has-spread-to-the-spine"
    assert slugs("ज़ेबरा")[0] == "cancer-that-has-spread-to-the-spine"
    row.active = False
    row.save()
    assert slugs("zebra") == []


HOSTILE = "<script>alert(1)</script> &lt;img src=x onerror=alert(1)&gt; metal \"'><b>tube</b> &amp; {{ 7 }} </mark>"


def test_it_escapes_everything_in_an_extract():
    answer = HOSTILE.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    question = make_question(make_topic(), "stent", texts={"en": ("<b>Stent</b>?", f"<p>{answer}</p>")})
    entries.write([question.pk])
    assert "<script>" in question.search_entry.body_en
    for text in ("metal", "alert", "tube", "stent"):
        extract = find(text, language="en", at=NOW).hits[0].extract
        rest = extract.replace("<mark>", "").replace("</mark>", "")
        assert "<" not in rest, extract
        assert ">" not in rest, extract
        assert extract.count("<mark>") == extract.count("</mark>")
    assert "<mark>metal</mark>" in find("metal", language="en", at=NOW).hits[0].extract


def test_it_makes_an_extract_of_a_very_long_answer():
    long = f"<p>{'word ' * 5_000}</p>"
    question = make_question(make_topic(), "long", texts={"en": ("A stent?", long)})
    entries.write([question.pk])
    assert len(find("stent", language="en", at=NOW).hits[0].extract) < 1_000


def test_it_knows_the_words_of_the_fourteen_questions(fourteen):
    assert SearchWord.objects.filter(word="vertebroplasty", shown__gte=5).exists()
    assert SearchWord.objects.filter(word="हड्डी", shown__gte=5).exists()
    assert Topic.objects.count() == 1


@pytest.mark.parametrize(
    ("piece", "begins", "shown"),
    [
        ("It is \x02safe\x03.", "It is safe.", "It is <mark>safe</mark>."),
        ("is \x02safe\x03 for", "It is safe", "… is <mark>safe</mark> for …"),
        ("It is \x02safe\x03 for", "It is safe", "It is <mark>safe</mark> for …"),
        ("", "It is safe", ""),
    ],
)
def test_dots_say_where_an_extract_is_cut(piece, begins, shown):
    assert marked(piece, begins) == shown
