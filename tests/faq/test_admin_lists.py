"""Topics and questions in the admin: made, placed, put in order, counted, exported and brought in."""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from faq import editing, helping, transfer
from faq.admin.votes import least_share
from faq.models import FruitlessSearch, LayWord, OldQuestionSlug, Question, Topic, Wording
from ipsc.history import SITE
from ipsc.roles import EDITOR, PUBLISHER
from tests import factories
from tests.factories import NOW, TODAY
from tests.faq import writers
from tests.staff import client_of, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]

TOPIC = {
    "title": "Back pain",
    "slug": "back-pain",
    "introduction": "",
    "introduction_hi": "",
    "title_hi": "",
    "medical_name": "",
    "medical_name_hi": "",
    "red_flags": "on",
    "red_flags_text": "",
    "red_flags_text_hi": "",
    "service": "",
}


@pytest.fixture
def editor():
    return client_of(EDITOR)


@pytest.fixture
def publisher():
    return client_of(PUBLISHER)


def facts(question, **changed):
    values = {
        "topic": question.topic_id,
        "slug": question.slug,
        "keywords": question.keywords,
        "to_confirm": question.to_confirm,
        "reviewer": "",
        "publish_from_0": "",
        "publish_from_1": "",
        "unpublish_at_0": "",
        "unpublish_at_1": "",
    }
    return {key: value for key, value in (values | changed).items() if value is not None}


def change(client, question, **changed):
    return client.post(f"/admin/faq/question/{question.pk}/change/", facts(question, **changed))


def test_an_editor_makes_a_topic_and_does_not_publish_it(editor):
    assert editor.post("/admin/faq/topic/add/", TOPIC).status_code == 302
    topic = Topic.objects.get()
    assert (topic.slug, topic.published) == ("back-pain", False)
    assert topic.history.first().actor == "content-editor"
    response = editor.post(f"/admin/faq/topic/{topic.pk}/change/", TOPIC | {"published": "on"})
    assert "Your account may write, but not publish." in words(response)
    assert not Topic.objects.get().published


def test_a_publisher_publishes_a_topic_and_renames_it(publisher, editor, client):
    publisher.post("/admin/faq/topic/add/", TOPIC | {"published": "on"})
    topic = Topic.objects.get()
    publisher.post(f"/admin/faq/topic/{topic.pk}/change/", TOPIC | {"published": "on", "slug": "spine"})
    assert client.get("/faq/back-pain/").headers["Location"] == "/faq/spine/"
    assert editor.post(f"/admin/faq/topic/{topic.pk}/change/", TOPIC).status_code == 403
    assert editor.get(f"/admin/faq/topic/{topic.pk}/change/").status_code == 200


@pytest.mark.parametrize("slug", ["search", "leaflet", "", "a b", "कमर"])
def test_a_bad_address_is_told(publisher, slug):
    response = publisher.post("/admin/faq/topic/add/", TOPIC | {"slug": slug})
    assert response.status_code == 200
    assert "Please correct the error" in words(response)
    assert not Topic.objects.exists()


def test_an_address_that_led_elsewhere_is_told(publisher):
    old = writers.topic(slug="back-pain")
    editing.amend_topic(topic=old, values={"slug": "spine"}, by=SITE, now=NOW)
    response = publisher.post("/admin/faq/topic/add/", TOPIC)
    assert "This address led to another page before" in words(response)
    question = writers.published(writers.question(of=old, slug="a")).question
    editing.amend_question(question=question, values={"slug": "b"}, by=SITE, now=NOW)
    response = change(publisher, writers.question(of=old), slug="a")
    assert "This address led to another page before" in words(response)


def test_a_new_question_goes_on_to_the_page_where_its_answer_is_written(editor):
    topic = writers.topic()
    response = editor.post("/admin/faq/question/add/", {"topic": topic.pk, "title": "कमर दर्द?"})
    question = Question.objects.get()
    assert response.headers["Location"] == f"/admin/faq/question/{question.pk}/en/write/"
    assert (question.slug, Wording.objects.get().draft_title) == ("kmr-drd", "कमर दर्द?")


@pytest.mark.parametrize(
    "typed", [{"title": ""}, {"topic": ""}, {"topic": "999"}, {"title": "x" * 201}, {"topic": "x"}]
)
def test_a_new_question_that_cannot_be_is_told(editor, typed):
    good = {"topic": writers.topic().pk, "title": "A?"}
    assert editor.post("/admin/faq/question/add/", good | typed).status_code == 200
    assert not Question.objects.exists()


def test_facts_of_a_question_are_changed_and_its_old_address_leads_on(publisher, client):
    question = writers.published(writers.question(of=writers.topic(slug="one"), slug="a")).question
    other = writers.question()
    assert change(publisher, question, slug="b", keywords="bone, haddi", related=[other.pk]).status_code == 302
    question.refresh_from_db()
    assert (question.slug, question.keywords, question.related.get()) == ("b", "bone, haddi", other)
    assert client.get("/faq/one/a/").headers["Location"] == "/faq/one/b/"
    assert question.history.first().actor == "publisher"


def test_moving_a_public_question_into_a_hidden_topic_is_said(publisher):
    question = writers.published().question
    hidden = writers.topic(published=False)
    response = publisher.post(
        f"/admin/faq/question/{question.pk}/change/", facts(question, topic=hidden.pk), follow=True
    )
    assert "Its new topic is not published, so that nobody outside sees it now." in words(response)


def test_an_end_before_the_beginning_is_told(publisher):
    question = writers.question()
    response = change(
        publisher,
        question,
        publish_from_0="2026-12-02",
        publish_from_1="10:00",
        unpublish_at_0="2026-12-01",
        unpublish_at_1="10:00",
    )
    assert "“Public until” has to be later than “public from”." in words(response)


def test_an_editor_sees_and_cannot_change_what_the_public_depends_on(editor):
    question = writers.published(writers.question(slug="a")).question
    change(editor, question, slug="b", keywords="haddi", publish_from_0="2030-01-01", publish_from_1="00:00")
    question.refresh_from_db()
    assert (question.slug, question.keywords, question.publish_from) == ("a", "haddi", None)


def test_what_the_verb_refuses_is_told_and_no_error(editor):
    question = writers.published(writers.question(to_confirm="A claim")).question
    response = editor.post(f"/admin/faq/question/{question.pk}/change/", facts(question, to_confirm=""), follow=True)
    assert response.status_code == 200
    assert "Your account may write, but not publish." in words(response)
    question.refresh_from_db()
    assert question.to_confirm == "A claim"


@pytest.mark.parametrize("day", ["0001-01-01", "1999-12-31", "9999-12-31"])
def test_a_moment_that_cannot_be_told_elsewhere_is_refused(editor, day):
    question = writers.question()
    response = change(editor, question, publish_from_0=day, publish_from_1="00:00")
    assert "Give a moment of the years 2000 to 2199." in words(response)
    assert editor.get("/admin/faq/question/").status_code == 200


def test_facts_that_somebody_else_has_changed_are_not_overwritten_unseen(publisher):
    question = writers.question(keywords="old")
    address = f"/admin/faq/question/{question.pk}/change/"
    seen = re.search(r'name="seen" value="(\d+)"', publisher.get(address).content.decode())[1]
    editing.amend_question(question=question, values={"keywords": "theirs"}, by=SITE, now=NOW)
    response = change(publisher, question, keywords="old", to_confirm="mine", seen=seen)
    assert "Somebody else has changed this since you opened the page" in words(response)
    question.refresh_from_db()
    assert (question.keywords, question.to_confirm) == ("theirs", "")
    newer = re.search(r'name="seen" value="(\d+)"', response.content.decode())[1]
    assert newer != seen
    assert change(publisher, question, keywords="both", to_confirm="mine", seen=newer).status_code == 302


def test_a_topic_that_somebody_else_has_changed_is_not_overwritten_unseen(publisher):
    topic = writers.topic(slug="back-pain")
    address = f"/admin/faq/topic/{topic.pk}/change/"
    seen = re.search(r'name="seen" value="(\d+)"', publisher.get(address).content.decode())[1]
    editing.amend_topic(topic=topic, values={"introduction": "Theirs."}, by=SITE, now=NOW)
    response = publisher.post(address, TOPIC | {"published": "on", "seen": seen})
    assert "Somebody else has changed this since you opened the page" in words(response)
    topic.refresh_from_db()
    assert topic.introduction == "Theirs."


def test_the_order_is_changed_by_numbers_and_told_where_they_are_none(publisher):
    topic = writers.topic()
    rows = [writers.question(str(number), of=topic, slug=f"q{number}") for number in range(3)]
    address = f"/admin/faq/topic/{topic.pk}/order/"
    typed = {f"order-{row.pk}": number for row, number in zip(rows, ("9", "0", "5"), strict=True)}
    assert publisher.post(address, typed).status_code == 302
    assert [row.slug for row in topic.questions.all()] == ["q1", "q2", "q0"]
    for bad in ("", "x", "-1", "99999", "٣"):
        response = publisher.post(address, typed | {f"order-{rows[0].pk}": bad})
        assert "Type a number from 0 to 9999." in words(response)
    assert [row.slug for row in topic.questions.all()] == ["q1", "q2", "q0"]


def test_topics_are_put_in_order_by_whoever_may_publish(publisher, editor):
    first, second = writers.topic(), writers.topic()
    typed = {f"order-{first.pk}": "2", f"order-{second.pk}": "1"}
    assert editor.post("/admin/faq/topic/order/", typed).status_code == 403
    publisher.post("/admin/faq/topic/order/", typed)
    assert list(Topic.objects.all()) == [second, first]


def listed(client, query="") -> str:
    return words(client.get(f"/admin/faq/question/{query}"))


def test_the_list_tells_the_state_of_each_text(publisher):
    doctor = factories.clinician(services=[])
    wording = writers.published(writers.question("First?"), writers.draft("First?"))
    editing.review(
        question=wording.question, language="en", version=1, reviewed_by=doctor, on=TODAY,
        due_on=TODAY.replace(year=2027), by=SITE, now=NOW,
    )  # fmt: skip
    writers.drafted(writers.question("Second?"), writers.draft("Second?"))
    said = listed(publisher)
    assert "published missing due 25.11.2027" in said
    assert "draft missing –" in said


@pytest.mark.parametrize(
    ("work", "shown"),
    [("drafts", ["D", "S"]), ("doctor", ["S"]), ("review", ["P"]), ("confirm", ["C"]), ("hindi", ["D", "S", "P", "C"])],
)
def test_the_list_shows_what_is_to_be_done(publisher, work, shown):
    texts = {name: writers.question(name) for name in "DSPC"}
    writers.drafted(texts["D"], writers.draft("D draft"))
    sent = writers.drafted(texts["S"], writers.draft("S draft"))
    editing.send_to_doctor(question=texts["S"], language="en", seen=sent.sequence, by=SITE, now=NOW)
    writers.published(texts["P"], writers.draft("P draft"))
    editing.amend_question(question=texts["C"], values={"to_confirm": "A claim"}, by=SITE, now=NOW)
    writers.drafted(texts["C"], writers.draft("C draft"))
    editing.discard(question=texts["C"], language="en", seen=1, by=SITE, now=NOW)
    page = publisher.get(f"/admin/faq/question/?work={work}").content.decode()
    for name, row in texts.items():
        assert (f"/admin/faq/question/{row.pk}/change/" in page) is (name in shown), name


def test_the_list_takes_as_many_queries_however_many_questions(publisher, django_assert_max_num_queries):
    def count():
        with django_assert_max_num_queries(25) as seen:
            publisher.get("/admin/faq/question/")
        return len(seen)

    writers.published()
    few = count()
    for _each in range(4):
        writers.published()
    assert count() == few


def test_the_first_page_of_the_admin_tells_what_waits(editor):
    sent = writers.drafted()
    editing.send_to_doctor(question=sent.question, language="en", seen=1, by=SITE, now=NOW)
    writers.drafted()
    writers.published(writers.question(to_confirm="A claim"))
    said = words(editor.get("/admin/"))
    assert "1 draft with the doctor 1 draft 1 text to review 1 claim to confirm" in said
    assert "Questions and answers" not in words(client_of("Reception").get("/admin/"))


def test_odd_filters_and_searches_are_no_error(publisher):
    writers.published()
    for query in ("?work=nonsense", "?topic__id__exact=x", "?q=%00", "?q=%25", "?topic__id__exact=999"):
        assert publisher.get(f"/admin/faq/question/{query}").status_code in (200, 302)


# What patients say.


def say(question, browser, helpful, **why):
    wording = question.wordings.get(language="en")
    vote = helping.vote(wording=wording, browser=browser, helpful=helpful, address="", now=NOW)
    if why:
        helping.explain(vote=vote, now=NOW, **why)


def test_the_answer_that_helped_least_stands_first(editor):
    rows = {
        name: writers.published(writers.question(name), writers.draft(name)).question
        for name in ("Good", "Bad", "Rare")
    }
    for number in range(10):
        say(rows["Good"], f"g{number}", number > 0)
        say(
            rows["Bad"],
            f"b{number}",
            number > 5,
            **({} if number > 5 else {"reason": "unclear", "text": "<b>what</b>"}),
        )
    say(rows["Rare"], "f", False)
    response = editor.get("/admin/faq/vote/", follow=True)
    said = words(response)
    assert said.index("Bad") < said.index("Rare") < said.index("Good")
    assert "I do not understand it: 6" in said
    single = editor.get(f"/admin/faq/vote/?question__id__exact={rows['Bad'].pk}&helpful__exact=0").content.decode()
    assert "&lt;b&gt;what&lt;/b&gt;" in single


@pytest.mark.parametrize(
    ("fewer", "more"), [((1, 1), (3, 3)), ((30, 100), (3, 3)), ((0, 50), (1, 50)), ((0, 0), (1, 9))]
)
def test_a_share_counts_for_more_the_more_have_answered(fewer, more):
    assert least_share(*fewer) < least_share(*more) <= 1


def test_nobody_writes_what_patients_say(publisher):
    question = writers.published().question
    say(question, "b", True)
    for page in ("add", "1/change", "1/delete"):
        assert publisher.post(f"/admin/faq/vote/{page}/", {"helpful": ""}).status_code in (302, 403)
    assert question.votes.get().helpful


def test_lay_words_are_added_and_turned_off_and_never_deleted(editor):
    assert (
        editor.post(
            "/admin/faq/layword/add/", {"words": "haddi jodna", "means": "fracture", "active": "on"}
        ).status_code
        == 302
    )
    row = LayWord.objects.get()
    editor.post(f"/admin/faq/layword/{row.pk}/change/", {"words": "haddi jodna", "means": "fracture"})
    assert not LayWord.objects.get().active
    assert editor.post(f"/admin/faq/layword/{row.pk}/delete/", {"post": "yes"}).status_code == 403
    assert "Type" in words(editor.post("/admin/faq/layword/add/", {"words": "???", "means": "x", "active": "on"}))


def test_only_terms_of_several_people_are_shown(editor):
    FruitlessSearch.objects.create(key="a", term="ghutna", times=5, places="aaaa", first_on=TODAY, last_on=TODAY)
    FruitlessSearch.objects.create(key="b", term="", times=2, places="aaaa", first_on=TODAY, last_on=TODAY)
    said = words(editor.get("/admin/faq/fruitlesssearch/"))
    assert "ghutna" in said
    assert "1 search" in said


# Away and back as a file.


def send_file(client, data: bytes, **typed):
    return client.post("/admin/faq/question/transfer/", {"content": SimpleUploadedFile("a.json", data)} | typed)


def test_everything_is_taken_away_as_a_file(editor, loaded):
    response = editor.post("/admin/faq/question/export/")
    assert response.headers["Content-Disposition"] == 'attachment; filename="ipsc-faq-2026-11-25.json"'
    assert response.content == transfer.dump()
    assert len(json.loads(response.content)["topics"][0]["questions"]) == 14
    assert editor.get("/admin/faq/question/export/").status_code == 405


def test_a_file_is_looked_at_before_it_is_brought_in(publisher, loaded):
    data = transfer.dump()
    question = Question.objects.get(slug="how-painful-it-is")
    writers.published(question, writers.draft("Changed?"))
    said = words(send_file(publisher, data))
    assert "This file would add 0 and change 1" in said
    assert "How painful is the procedure? (English)" in said
    assert question.wordings.get(language="en").title == "Changed?"
    assert send_file(publisher, data, sure="on").status_code == 302
    assert question.wordings.get(language="en").title == "How painful is the procedure?"


def test_a_file_that_is_none_of_ours_is_told(publisher):
    assert "This is not a file that was exported here." in words(send_file(publisher, b"{}"))
    assert "This file is empty." in words(send_file(publisher, b""))
    assert "Choose a file." in words(publisher.post("/admin/faq/question/transfer/", {}))


def test_only_who_may_publish_brings_a_file_in(editor, loaded):
    assert send_file(editor, transfer.dump(), sure="on").status_code == 403
    assert "Bring a file in" not in words(editor.get("/admin/faq/question/transfer/"))


def test_an_appointment_tells_reception_which_question_it_came_from(loaded):
    question = Question.objects.get(slug="how-painful-it-is")
    visit = factories.appointment(came_from=f"q-{question.public_id}")
    page = client_of("Reception").get(f"/admin/appointments/appointment/{visit.pk}/change/")
    assert "How painful is the procedure?" in words(page)
    assert re.search(r'href="/faq/vertebral-augmentation/how-painful-it-is/"', page.content.decode())


def test_an_old_address_is_kept_by_the_page_and_not_by_the_draft():
    question = writers.drafted(writers.question(slug="a")).question
    change(client_of(PUBLISHER), question, slug="b")
    assert not OldQuestionSlug.objects.exists()
