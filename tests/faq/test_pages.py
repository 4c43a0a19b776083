"""The pages that patients read: topics, a topic, a question, the leaflet; in few queries, in either language."""

import gzip
import re
from datetime import timedelta
from unittest import mock

import pytest
import segno
import time_machine
from django.core.cache import cache
from django.urls import reverse

from faq import editing
from faq.models import Language, Question, Topic, Wording
from ipsc.history import SITE
from ipsc.models import ClinicSettings
from tests import factories
from tests.factories import NOW, TODAY
from tests.faq import writers
from tests.public_pages import read
from tests.staff import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]

TOPIC = "/faq/vertebral-augmentation/"
PAIN = f"{TOPIC}how-painful-it-is/"
GENERAL = "This is general information, not advice for one person."


@pytest.fixture(autouse=True)
def settings_row(db):
    ClinicSettings(pk=1, online_booking_open=True).save()


@pytest.fixture
def service():
    return factories.service()


def page(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status, response.content.decode()[:500]
    return response


def test_the_list_of_topics_names_each_with_its_number_of_questions(client, loaded):
    said = words(page(client, "/faq/"))
    assert "Treating broken spine bones when bones are weak" in said
    assert "14 questions" in said


def test_a_topic_that_says_nothing_yet_or_is_hidden_is_not_in_the_list(client):
    writers.topic(title="Empty one")
    hidden = writers.topic(title="Hidden one", published=False)
    writers.published(writers.question(of=hidden))
    said = words(page(client, "/faq/"))
    assert "Empty one" not in said
    assert "Hidden one" not in said
    assert "No questions have been answered here yet" in said
    page(client, hidden.get_absolute_url(), 404)


def test_a_topic_shows_all_its_questions_folded_up_and_their_answers(client, loaded):
    found = read(page(client, TOPIC).content.decode())
    assert len(found.all("details")) == len(found.all("summary")) == 14
    assert not [each for each in found.all("details") if "open" in each.attributes or "name" in each.attributes]
    # A link to the id opens what is folded up around it: so it stands inside.
    folds = found.all("div", class_="fold")
    assert [each.attributes["id"] for each in folds][:2] == ["what-is-osteoporosis", "how-weak-bones-break-the-spine"]
    assert not [each for each in found.all("details") if "id" in each.attributes]


def test_a_question_has_a_page_of_its_own_with_the_ones_before_and_after_it(client, loaded):
    said = words(page(client, PAIN))
    assert "How painful is the procedure? It can be painful." in said
    assert "Previous question I have a spine metastasis." in said
    assert "Next question Is vertebroplasty safe for elderly people?" in said
    first, last = page(client, f"{TOPIC}what-is-osteoporosis/"), page(client, f"{TOPIC}going-home-afterwards/")
    assert "Previous question" not in words(first)
    assert "Next question" not in words(last)


def test_it_says_where_one_is(client, loaded):
    crumbs = read(page(client, PAIN).content.decode())
    assert [link for link in crumbs.links if link.startswith("/faq/")][:3] == ["/faq/", "/faq/", TOPIC]


def test_related_questions_lead_on_also_to_other_topics(client):
    here, there = writers.published(), writers.published(text=writers.draft("Other one?"))
    editing.amend_question(question=here.question, values={}, related=[there.question], by=SITE, now=NOW)
    found = page(client, here.question.get_absolute_url())
    assert "Related questions Other one?" in words(found)
    assert there.question.get_absolute_url() in read(found.content.decode()).links


@pytest.mark.parametrize("address", ["/faq/", TOPIC, PAIN, f"{TOPIC}leaflet/", "/faq/search/?q=bone"])
def test_every_page_says_that_it_is_no_advice_for_one_person(client, loaded, address):
    assert GENERAL in words(page(client, address))


def test_the_signs_stand_above_the_invitation_to_book(client, loaded):
    for address in (TOPIC, PAIN):
        said = words(page(client, address))
        assert 0 < said.index("Signs that cannot wait") < said.index("Book an appointment straight away")
        assert "Call 112" in said


def test_the_card_can_be_left_out_by_topic_and_not_after_a_procedure(client):
    topic = writers.topic(red_flags=False)
    plain = writers.published(writers.question(of=topic))
    after = writers.published(writers.question(of=topic, slug="after", red_flags=True))
    assert "Signs that cannot wait" not in words(page(client, plain.question.get_absolute_url()))
    assert "Signs that cannot wait" in words(page(client, after.question.get_absolute_url()))


def test_a_question_that_asks_for_the_card_brings_it_onto_the_pages_of_its_topic(client):
    topic = writers.topic(red_flags=False)
    writers.published(writers.question(of=topic, slug="after", red_flags=True))
    for address in (topic.get_absolute_url(), f"{topic.get_absolute_url()}leaflet/"):
        assert "Call 112" in words(page(client, address))


def test_a_topic_may_say_something_above_the_card(client):
    wording = writers.published(writers.question(of=writers.topic(red_flags_text="Look out after a fall.")))
    assert "Look out after a fall. Signs that cannot wait" in words(page(client, wording.question.get_absolute_url()))


def test_the_invitation_carries_the_visit_and_the_question_into_booking(client, loaded, service):
    factories.hours(factories.clinician(services=[service]))
    Topic.objects.update(service=service)
    question = Question.objects.get(slug="how-painful-it-is")
    found = read(page(client, PAIN).content.decode())
    wanted = f"/appointments/book/?service={service.public_id}&from=q-{question.public_id}"
    assert wanted in found.links
    onward = read(client.get(wanted).content.decode()).links
    assert any(service.public_id in link and f"from=q-{question.public_id}" in link for link in onward)
    topic = Topic.objects.get()
    assert (
        f"/appointments/book/?service={service.public_id}&from=t-{topic.public_id}"
        in read(page(client, TOPIC).content.decode()).links
    )


def test_while_booking_is_closed_it_says_so_and_gives_the_ways_that_there_are(client, loaded):
    ClinicSettings(pk=1, online_booking_open=False, phone="+911145678901").save()
    said = words(page(client, PAIN))
    assert "Online booking is closed at the moment." in said
    assert "Call us: +91 11 4567 8901" in said


# Reviews, told truthfully.


@pytest.fixture
def doctor():
    return factories.clinician(
        name="Consultant, pain", services=[], council="Delhi Medical Council", registration_number="DMC/1"
    )


def review(wording, doctor, due_in=365):
    return editing.review(
        question=wording.question,
        language=wording.language,
        version=wording.version,
        reviewed_by=doctor,
        on=TODAY,
        due_on=TODAY + timedelta(days=due_in),
        by=SITE,
        now=NOW,
    )


def test_it_says_that_no_doctor_has_reviewed_an_answer(client, loaded):
    response = page(client, PAIN)
    assert "This answer has not yet been reviewed by our doctors." in words(response)
    assert "lastReviewed" not in response.content.decode()


def test_it_says_who_reviewed_an_answer_and_when_the_next_review_is_due(client, doctor):
    wording = review(writers.published(), doctor)
    response = page(client, wording.question.get_absolute_url())
    assert (
        "Last reviewed on Wednesday 25 November 2026 by Consultant, pain. "
        "The next review is due on Thursday 25 November 2027." in words(response)
    )
    block = next(each for each in read(response.content.decode()).blocks if each["@type"] == "MedicalWebPage")
    assert block["lastReviewed"] == "2026-11-25"
    assert block["reviewedBy"]["name"] == "Consultant, pain"


def test_it_says_that_a_text_has_been_changed_since_its_review(client, doctor):
    wording = review(writers.published(), doctor)
    writers.published(wording.question, writers.draft("Is it safe now?"))
    response = page(client, wording.question.get_absolute_url())
    assert "The text has been changed since then." in words(response)
    assert "lastReviewed" not in response.content.decode()


def test_it_says_that_a_review_is_overdue_and_stays_public(client, doctor):
    wording = review(writers.published(), doctor, due_in=10)
    address = wording.question.get_absolute_url()
    assert "overdue" not in words(page(client, address))
    with time_machine.travel(NOW + timedelta(days=11), tick=False):
        assert "The next review is overdue: it was due on Saturday 5 December 2026." in words(page(client, address))


# Languages.


def test_each_language_has_its_own_words(client, loaded):
    assert "इस प्रक्रिया में कितना दर्द होता है?" in words(page(client, f"/hi{PAIN}"))


def test_a_text_that_is_missing_falls_back_marked_with_its_language(client):
    address = writers.published().question.get_absolute_url()
    assert read(page(client, f"/hi{address}").content.decode()).one("h1").attributes["lang"] == "en"
    assert "lang" not in read(page(client, address).content.decode()).one("h1").attributes


def test_a_hindi_draft_is_not_shown_before_it_is_published(client):
    wording = writers.published()
    writers.drafted(wording.question, writers.draft("मसौदा", "<p>मसौदा</p>"), Language.HINDI)
    assert "मसौदा" not in page(client, f"/hi{wording.question.get_absolute_url()}").content.decode()


def test_both_addresses_name_each_other(client, loaded):
    for address in ("/faq/", TOPIC, PAIN):
        found = read(page(client, f"/hi{address}").content.decode())
        assert found.canonical == f"http://testserver/hi{address}"
        assert found.alternates["en"] == f"http://testserver{address}"
        assert found.alternates["hi"] == f"http://testserver/hi{address}"


# For machines and paper.


def test_a_topic_tells_machines_each_question_with_its_whole_answer(client, loaded):
    block = read(page(client, TOPIC).content.decode()).blocks[0]
    assert block["@type"] == "FAQPage"
    assert len(block["mainEntity"]) == 14
    first = block["mainEntity"][0]
    assert first["name"] == "What is osteoporosis?"
    assert "too little calcium" in first["acceptedAnswer"]["text"]
    assert "<" not in first["acceptedAnswer"]["text"]


def test_what_staff_type_cannot_leave_the_block_for_machines(client):
    bad = '</script><script>alert(1)</script> "quoted" \u2028'
    wording = writers.published(text=writers.draft(bad, f"<p>{bad.replace('<', '&lt;')}</p>"))
    response = page(client, wording.question.get_absolute_url())
    assert "<script>alert" not in response.content.decode()
    block = next(each for each in read(response.content.decode()).blocks if each["@type"] == "MedicalWebPage")
    assert block["name"] == " ".join(bad.split())


def test_the_leaflet_has_every_answer_and_a_code_that_leads_to_the_newest_text(client, loaded):
    response = page(client, f"{TOPIC}leaflet/")
    said = words(response)
    assert said.count("vertebroplasty") >= 5
    assert "Edition of Wednesday 25 November 2026." in said
    assert "14 answers have not yet been reviewed" in said
    assert f"http://testserver{TOPIC}" in said
    drawn = re.search(r'<svg[^>]*class="qr-code".*?</svg>', response.content.decode(), re.S)[0]
    path = re.search(r' d="([^"]*)"', drawn)[1]
    code = segno.make(f"http://testserver{TOPIC}", error="m", micro=False)
    assert path in code.svg_inline(border=4, omitsize=True, light="#fff")


def test_search_engines_are_told_of_every_public_page_and_its_last_change(client, loaded):
    hidden = writers.published(writers.question(of=writers.topic(published=False), slug="hidden-one"))
    told = client.get("/sitemap.xml").content.decode()
    for address in ("/faq/", TOPIC, PAIN):
        assert f"<loc>http://testserver{address}</loc>" in told
        assert f"<loc>http://testserver/hi{address}</loc>" in told
    assert hidden.question.slug not in told
    assert re.search(rf"<loc>http://testserver{PAIN}</loc><lastmod>2026-11-25", told)


def test_sources_and_a_picture_stand_below_the_answer(client):
    from ipsc.models import Picture

    Picture.objects.create(digest="ab12", content=b"x", width=40, height=30)
    text = writers.draft(sources="A book\nhttps://example.org/x", picture_id="ab12", picture_alt="A bone")
    wording = writers.published(text=text)
    found = read(page(client, wording.question.get_absolute_url()).content.decode())
    image = found.one("img", alt="A bone").attributes
    assert (image["src"], image["width"], image["height"]) == ("/pictures/ab12.webp", "40", "30")
    assert "https://example.org/x" in found.links


# How much it costs.


def queries_of(django_assert_max_num_queries, client, address, most):
    """The settings aside, as the house counts."""
    with django_assert_max_num_queries(most + 1) as seen:
        page(client, address)
    assert len([each for each in seen if "ipsc_clinicsettings" not in each["sql"].split("SELECT")[1]]) <= most


@pytest.mark.parametrize(("address", "most"), [("/faq/", 3), (TOPIC, 3), (PAIN, 4), (f"{TOPIC}leaflet/", 3)])
def test_a_page_takes_few_queries_whatever_is_in_it(client, loaded, django_assert_max_num_queries, address, most):
    for number in range(5):
        row = writers.published(writers.question(of=Topic.objects.first(), slug=f"more-{number}"))
        related = [row.question, *Question.objects.all()[:3]]
        editing.amend_question(
            question=Question.objects.get(slug="how-painful-it-is"), values={}, related=related, by=SITE, now=NOW
        )
    queries_of(django_assert_max_num_queries, client, address, most)


@pytest.mark.parametrize("address", ["/faq/", TOPIC, PAIN, f"/hi{PAIN}", f"{TOPIC}leaflet/"])
def test_whoever_has_the_page_is_told_so_in_one_query(client, loaded, django_assert_num_queries, address):
    tag = page(client, address).headers["ETag"]
    with django_assert_num_queries(1):
        response = client.get(address, headers={"If-None-Match": tag})
    assert (response.status_code, response.content) == (304, b"")


def test_a_page_that_is_not_there_has_not_stayed_the_same(client, loaded):
    assert client.get("/faq/no-such/", headers={"If-None-Match": "*"}).status_code == 404
    assert client.get(PAIN, headers={"If-None-Match": "*"}).status_code == 200
    tag = page(client, PAIN).headers["ETag"]
    response = client.get(PAIN, headers={"If-None-Match": f'"a", {tag}'})
    assert (response.status_code, response.headers["ETag"]) == (304, tag)
    assert "Accept-Encoding" in response.headers["Vary"]


def test_a_page_goes_out_compressed_to_whoever_takes_it_so(client, loaded):
    plain = page(client, PAIN).content
    response = client.get(PAIN, headers={"Accept-Encoding": "br, gzip"})
    assert (response.headers["Content-Encoding"], gzip.decompress(response.content)) == ("gzip", plain)
    assert "Content-Encoding" not in client.get(PAIN, headers={"Accept-Encoding": "br"}).headers


@pytest.fixture
def keeping(settings):
    """Pages are kept, as on the real site; other tests make each one anew."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "faq"}}
    cache.clear()
    yield
    cache.clear()


@pytest.mark.usefixtures("keeping")
def test_a_page_that_nothing_has_changed_is_made_once(client, loaded, django_assert_num_queries):
    first = page(client, PAIN)
    with django_assert_num_queries(1), mock.patch("faq.views.reading.render") as render:
        again = page(client, PAIN)
    assert (again.content, again.headers["ETag"]) == (first.content, first.headers["ETag"])
    assert not render.called
    writers.published(Question.objects.get(slug="how-painful-it-is"), writers.draft("New?"))
    assert "New?" in words(page(client, PAIN))


@pytest.mark.usefixtures("keeping")
def test_a_page_with_a_query_is_made_each_time(client, loaded, django_assert_max_num_queries):
    page(client, f"{PAIN}?x=1")
    with django_assert_max_num_queries(5) as seen:
        page(client, f"{PAIN}?x=1")
    assert len(seen) > 1


def save_settings(**values):
    from ipsc.clinic import amend

    amend(values=values, by=SITE)


CHANGES = {
    "a text": lambda: writers.published(Question.objects.get(slug="how-painful-it-is"), writers.draft("New?")),
    "a draft": lambda: writers.drafted(Question.objects.get(slug="how-painful-it-is"), writers.draft("New?")),
    "the topic": lambda: editing.amend_topic(
        topic=Topic.objects.get(), values={"introduction": "New"}, by=SITE, now=NOW
    ),
    "a related question": lambda: editing.amend_question(
        question=Question.objects.get(slug="how-painful-it-is"),
        values={},
        related=Question.objects.exclude(slug="how-painful-it-is")[:1],
        by=SITE,
        now=NOW,
    ),
    "the clinic": lambda: save_settings(phone="+911145678901"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_the_page_is_another_one_as_soon_as_anything_on_it_has_changed(client, loaded, what):
    tag = page(client, PAIN).headers["ETag"]
    CHANGES[what]()
    assert client.get(PAIN, headers={"If-None-Match": tag}).status_code == 200


def test_the_page_is_another_one_when_a_moment_has_come(client, loaded):
    question = Question.objects.get(slug="what-is-osteoporosis")
    editing.amend_question(question=question, values={"unpublish_at": NOW + timedelta(minutes=5)}, by=SITE, now=NOW)
    tag = page(client, TOPIC).headers["ETag"]
    with time_machine.travel(NOW + timedelta(minutes=4), tick=False):
        assert client.get(TOPIC, headers={"If-None-Match": tag}).status_code == 304
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        assert "What is osteoporosis?" not in words(page(client, TOPIC))
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        assert client.get(TOPIC, headers={"If-None-Match": tag}).status_code == 200


def test_a_change_that_is_seen_after_a_later_one_makes_another_page(client, loaded):
    """Records are numbered before they are committed: the lower number may come to be seen last."""
    late = Wording.history.order_by("-history_id")[1]
    rows = Wording.history.filter(history_id=late.history_id)
    values = rows.values().get()
    rows.delete()
    tag = page(client, PAIN).headers["ETag"]
    Wording.history.model.objects.create(**values)
    assert client.get(PAIN, headers={"If-None-Match": tag}).status_code == 200


def test_the_page_is_another_one_on_the_next_day(client, doctor):
    """A review may be overdue since midnight."""
    address = review(writers.published(), doctor, due_in=1).question.get_absolute_url()
    tag = page(client, address).headers["ETag"]
    with time_machine.travel(NOW + timedelta(hours=14), tick=False):
        assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    with time_machine.travel(NOW + timedelta(days=2), tick=False):
        response = client.get(address, headers={"If-None-Match": tag})
    assert "overdue" in words(response)


def test_a_kept_page_is_never_one_of_another_address_or_release(client, loaded):
    tags = {page(client, f"{prefix}{address}").headers["ETag"] for prefix in ("", "/hi") for address in (TOPIC, PAIN)}
    assert len(tags) == 4
    assert page(client, f"{PAIN}?x=1").headers["ETag"] not in tags
    with mock.patch("faq.kept.release", return_value="another"):
        assert page(client, PAIN).headers["ETag"] not in tags


def test_reading_sets_no_cookie(client, loaded):
    for address in ("/faq/", TOPIC, PAIN, f"{TOPIC}leaflet/", "/faq/search/?q=bone", "/faq/suggest/?q=bone"):
        response = page(client, address)
        assert not response.cookies
        assert "Cookie" not in response.headers.get("Vary", "")


@pytest.mark.parametrize("address", ["/faq/no-such/", f"{TOPIC}no-such/", "/faq/no-such/leaflet/", "/faq/%00/"])
def test_what_is_not_there_is_said_so(client, loaded, address):
    page(client, address, 404)


@pytest.mark.parametrize("address", ["/faq/", TOPIC, PAIN, f"{TOPIC}leaflet/", "/faq/search/", "/faq/suggest/"])
def test_pages_are_read_and_never_sent(client, loaded, address):
    assert client.post(address).status_code == 405


def test_every_address_has_a_name(loaded):
    assert reverse("faq:question", args=["vertebral-augmentation", "how-painful-it-is"]) == PAIN
    assert Wording.objects.published(NOW).count() == 28
