"""The page of the search: signs that cannot wait come first, and what was typed is nobody's way in."""

import pytest
from django.utils.html import escape

from faq.models import FruitlessSearch
from ipsc.models import ClinicSettings
from tests.faq import writers
from tests.faq.test_xss import VECTORS
from tests.public_pages import read
from tests.staff import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]
ADDRESS = "/faq/search/"


@pytest.fixture(autouse=True)
def booking_is_open(db):
    ClinicSettings(pk=1, online_booking_open=True).save()


def search(client, text, prefix=""):
    response = client.get(f"{prefix}{ADDRESS}", {"q": text})
    assert response.status_code == 200
    return response


def hits(response) -> list[str]:
    return [link for link in read(response.content.decode()).links if link.count("/") >= 4 and "vertebral" in link]


def test_it_finds_an_answer_and_marks_the_words_in_it(client, loaded):
    response = search(client, "vertibroplasty metastasis")
    assert hits(response)[0] == "/faq/vertebral-augmentation/cancer-that-has-spread-to-the-spine/"
    assert "Did you mean “vertebroplasty metastasis”?" in words(response)
    assert "<mark>" in response.content.decode()


def test_it_answers_in_the_language_of_the_page(client, loaded):
    response = search(client, "vertibroplasty", prefix="/hi")
    assert hits(response)[0].startswith("/hi/faq/")
    assert "वर्टिब्रोप्लास्टी" in words(response)


def test_an_empty_search_is_a_page_with_a_field(client, loaded):
    response = client.get(ADDRESS)
    assert "Search the questions" in words(response)
    assert not hits(response)


def test_what_nothing_answers_is_said_so_with_a_way_on(client, loaded):
    said = words(search(client, "zzqqxx"))
    assert "We have no answer to this yet." in said
    assert "All questions and answers" in said
    assert "Call me back" in said
    assert "Book an appointment straight away" in said


@pytest.mark.parametrize("text", ["the of and", "???", '" & | ! ( ) : * < > %'])
def test_a_search_without_a_word_is_said_to_be_one(client, loaded, text):
    assert "There is no word in this that we can look for." in words(search(client, text))
    assert not FruitlessSearch.objects.exists()


def test_a_sign_that_cannot_wait_puts_the_card_first_and_booking_last(client, loaded):
    said = words(search(client, "cannot pass urine after vertebroplasty"))
    assert (
        said.index("What you typed may be a sign that cannot wait")
        < said.index("Call 112")
        < said.index("Search the questions")
        < said.index("Book an appointment straight away")
    )
    assert said.count("Signs that cannot wait") == 1


def test_a_sign_at_the_end_of_a_long_complaint_is_read(client, loaded):
    assert "may be a sign that cannot wait" in words(search(client, "my back hurts " * 40 + ". I cannot pass urine"))


def test_without_a_sign_the_card_still_stands_above_the_invitation(client, loaded):
    said = words(search(client, "vertebroplasty"))
    assert said.index("Is vertebroplasty safe") < said.index("Call 112") < said.index("Book an appointment straight")


def test_a_search_that_found_nothing_is_counted_once_for_each_place(client, loaded):
    for _each in range(3):
        search(client, "zzqqxx")
    row = FruitlessSearch.objects.get()
    assert (row.times, row.term) == (1, "")


@pytest.mark.parametrize("text", ["cannot pass urine zzqqxx", "zzqqxx 98000 00001", "me@example.org", "vertebroplasty"])
def test_what_may_be_about_a_person_or_found_something_is_not_counted(client, loaded, text):
    search(client, text)
    assert not FruitlessSearch.objects.exists()


@pytest.mark.parametrize(
    "text",
    [
        "'; DROP TABLE faq_topic; --",
        "%",
        "a%b_c\\",
        "(",
        "x:*",
        "\0",
        "x" * 10_000,
        "दर्द " * 3000,
        "\u202eabc",
        "🦴",
        "\u093e",
        "a\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
    ],
)
def test_odd_queries_are_only_text(client, loaded, text):
    search(client, text)
    assert client.get("/faq/suggest/", {"q": text}).status_code == 200


@pytest.mark.parametrize("vector", VECTORS)
def test_an_attack_in_the_query_is_shown_as_text(client, vector):
    page = search(client, vector).content.decode()
    shown = " ".join(vector.replace("\0", " ").split())[:200]
    assert escape(shown) in page
    allowed = {"ipsc/site.js"}
    scripts = [tag.attributes.get("src", "") for tag in read(page).all("script")]
    assert all(any(each in source for each in allowed) for source in scripts)


def test_it_takes_four_queries_and_one_that_counts(client, loaded, django_assert_max_num_queries):
    for text in ("zzqqxx nothing", "vertibroplasty kamar dard", "what is osteoporosis", "haddi ka sement"):
        with django_assert_max_num_queries(6) as seen:
            search(client, text)
        asked = [each["sql"] for each in seen if '"ipsc_clinicsettings"' not in each["sql"]]
        writes = [sql for sql in asked if "INSERT" in sql]
        assert len(asked) - len(writes) <= 4
        assert len(writes) <= 1


def test_it_is_not_for_search_engines(client, loaded):
    page = read(search(client, "bone").content.decode())
    assert page.one("meta", name="robots").attributes["content"] == "noindex"
    assert page.canonical is None


def test_suggestions_are_titles_of_public_questions(client, loaded):
    hidden = writers.published(
        writers.question("Hidden vertebroplasty?", of=writers.topic(published=False)),
        writers.draft("Hidden vertebroplasty?"),
    )
    titles = client.get("/faq/suggest/", {"q": "vertebr"}).json()["titles"]
    assert 0 < len(titles) <= 5
    assert hidden.title not in titles
    assert client.get("/faq/suggest/", {"q": "ve"}).json() == {"titles": []}


@pytest.mark.parametrize("charset", ["utf-7", "unicode_escape", "utf-16", "nonsense"])
def test_an_encoding_that_no_browser_sends_is_not_believed(client, loaded, charset):
    header = f"text/plain; charset={charset}"
    assert client.get(f"{ADDRESS}?q=%5Cud800+bone", CONTENT_TYPE=header).status_code in (200, 400)
