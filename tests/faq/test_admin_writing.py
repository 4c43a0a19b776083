"""How staff write, compare, publish and review: nothing is lost, nothing is overwritten unseen (rule F1)."""

import io
import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from faq import editing
from faq.models import Language, Question, State, Wording
from ipsc.history import SITE
from ipsc.models import Picture
from ipsc.roles import EDITOR, PUBLISHER
from tests import factories
from tests.factories import NOW, TODAY
from tests.faq import writers
from tests.staff import client_of, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]


@pytest.fixture
def editor():
    return client_of(EDITOR)


@pytest.fixture
def publisher():
    return client_of(PUBLISHER)


@pytest.fixture
def question() -> Question:
    return writers.question(of=writers.topic(slug="one"), slug="a")


def address(question, page, language="en"):
    return f"/admin/faq/question/{question.pk}/{language}/{page}/"


def write(client, question, language="en", button="_save", **typed):
    wording = Wording.objects.filter(question=question, language=language).first()
    values = {
        "title": "Is it safe?",
        "answer": "<p>Ask.</p>",
        "sources": "",
        "picture_alt": "",
        "why": "",
        "seen": wording.sequence if wording else 0,
    }
    return client.post(address(question, "write", language), values | {button: ""} | typed)


def image(colour="red", format_="PNG", name="a.png") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(out, format_)
    return SimpleUploadedFile(name, out.getvalue())


def leads_to(response) -> str:
    assert response.status_code == 302, words(response)
    return urlsplit(response.headers["Location"]).path


def test_a_draft_is_saved_and_the_public_sees_nothing_of_it(editor, question):
    assert leads_to(write(editor, question, why="first try")) == address(question, "write")
    wording = Wording.objects.get()
    assert (wording.draft_title, wording.draft_answer, wording.state) == ("Is it safe?", "<p>Ask.</p>", State.DRAFT)
    record = wording.history.first()
    assert (record.actor, record.history_change_reason) == ("content-editor", "first try")
    assert editor.get("/faq/one/a/").status_code == 404


@pytest.mark.parametrize(
    ("button", "page"), [("_preview", "preview"), ("_publish", "publish"), ("_send", None), ("_save", "write")]
)
def test_each_button_goes_on_as_it_says(publisher, question, button, page):
    wanted = address(question, page) if page else f"/admin/faq/question/{question.pk}/change/"
    assert leads_to(write(publisher, question, button=button)) == wanted
    assert Wording.objects.get().state == (State.REVIEW if button == "_send" else State.DRAFT)


def test_a_draft_without_an_answer_stays_a_draft_when_it_is_sent(editor, question):
    response = write(editor, question, button="_send", answer="")
    assert leads_to(response) == address(question, "write")
    assert "The draft has no answer yet." in words(editor.get(response.headers["Location"]))
    assert Wording.objects.get().state == State.DRAFT


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"title": ""}, "Type the question."),
        ({"title": "x" * 201}, "at most 200 characters"),
        ({"title": "a\0b"}, "Null characters are not allowed"),
        ({"answer": "<p>" + "x" * 40_000 + "</p>"}, "at most 30000 can be kept"),
        ({"answer": "<p>" + "y" * 1_000_000 + "</p>"}, "at most 30000 can be kept"),
        ({"answer": "<div>" * 60_000}, None),
        ({"sources": "x" * 1501}, "at most 1500 characters"),
    ],
)
def test_what_cannot_be_kept_is_told_and_what_was_typed_stays(editor, question, typed, told):
    response = write(editor, question, why="my reason", **typed)
    if told is None:
        assert response.status_code == 302
        return
    assert response.status_code == 200
    page = response.content.decode()
    assert told in words(response)
    assert "my reason" in page
    for value in typed.values():
        assert value[:300].replace("<", "&lt;").replace(">", "&gt;").replace("\0", "")[:50] in page.replace("\0", "")
    assert not Wording.objects.exists()


def test_two_editors_do_not_overwrite_each_other(editor, publisher, question):
    write(editor, question)
    write(publisher, question, answer="<p>Theirs.</p>")
    response = write(editor, question, answer="<p>Mine.</p>", seen=1)
    assert response.status_code == 409
    said = words(response)
    assert "Somebody else has saved this text since you opened it." in said
    assert "The last draft is by publisher" in said
    page = response.content.decode()
    assert "&lt;p&gt;Mine.&lt;/p&gt;" in page
    assert re.search(r"<del>Theirs</del>\s*<ins>Mine</ins>", page)
    assert Wording.objects.get().draft_answer == "<p>Theirs.</p>"
    seen = re.search(r'name="seen" value="(\d+)"', page)[1]
    assert leads_to(write(editor, question, answer="<p>Mine.</p>", seen=seen)) == address(question, "write")
    assert [each.draft_answer for each in Wording.objects.get().history.all()][:2] == ["<p>Mine.</p>", "<p>Theirs.</p>"]


@pytest.mark.parametrize("seen", ["", "x", "-1", "99999999999", "٣"])
def test_a_forged_count_is_somebody_elses_save_and_no_error(editor, question, seen):
    write(editor, question)
    assert write(editor, question, answer="<p>New.</p>", seen=seen).status_code == 409


def test_the_field_of_the_other_language_stands_beside_the_english_text(editor, question):
    writers.published(question)
    said = words(editor.get(address(question, "write", "hi")))
    assert "Ask the doctor." in said
    write(editor, question, "hi", title="क्या?", answer="<p>हाँ।</p>")
    assert Wording.objects.get(language="hi").draft_title == "क्या?"


def test_a_translation_that_is_older_is_said_to_be(editor, question):
    writers.published(question)
    writers.published(question, writers.draft("क्या?", "<p>हाँ।</p>"), Language.HINDI)
    writers.published(question, writers.draft("Is it safe now?"))
    assert "The English text has been published anew" in words(editor.get(address(question, "write", "hi")))
    assert "Older than the English text." in words(editor.get(f"/admin/faq/question/{question.pk}/change/"))
    assert "older than the English" in words(editor.get("/admin/faq/question/?work=hindi"))


# Pictures.


def test_a_picture_is_written_anew_and_needs_words(editor, question):
    response = write(editor, question, picture_file=image())
    assert "Say in words what the picture shows." in words(response)
    write(editor, question, picture_file=image(), picture_alt="A red bone")
    wording = Wording.objects.get()
    assert bytes(wording.draft_picture.content)[:4] == b"RIFF"
    assert wording.draft_picture_alt == "A red bone"
    write(editor, question, picture_alt="A bone")
    write(editor, question, picture_alt="A bone", picture_gone="on")
    wording.refresh_from_db()
    assert (wording.draft_picture, wording.draft_picture_alt) == (None, "")


def test_words_for_a_picture_that_is_not_there_are_dropped(editor, question):
    write(editor, question, picture_alt="Nothing")
    assert Wording.objects.get().draft_picture_alt == ""


@pytest.mark.parametrize(
    "content", [b"<script>alert(1)</script>", b"<svg onload=alert(1)>", b"GIF89a" + b"\0" * 20, b""]
)
def test_a_picture_that_is_a_script_is_refused(editor, question, content):
    response = write(editor, question, picture_file=SimpleUploadedFile("a.png", content), picture_alt="x")
    assert "This is not a picture that we can read." in words(response)
    assert not Picture.objects.exists()


# Preview, difference, publishing.


def test_the_preview_is_the_public_page_with_the_draft_in_it(publisher, question, client):
    write(publisher, question, button="_preview")
    preview = publisher.get(address(question, "preview")).content.decode()
    made = Wording.objects.get()
    editing.publish(question=question, language="en", seen=made.sequence, by=SITE, now=NOW)
    public = client.get("/faq/one/a/").content.decode()

    def main(page):
        return re.search(r"<main.*</main>", page, re.S)[0]

    assert main(preview) == main(public)
    assert "Preview:" in preview
    assert f"/admin/faq/question/{question.pk}/change/" in preview
    assert "noindex" in preview or 'rel="canonical"' not in preview


def test_the_preview_of_a_translation_is_in_its_language(editor, question):
    write(editor, question, "hi", title="क्या?", answer="<p>हाँ।</p>")
    page = editor.get(address(question, "preview", "hi")).content.decode()
    assert '<html lang="hi">' in page
    assert "क्या?" in page


def test_publishing_shows_the_difference_first_and_then_publishes_what_was_shown(publisher, question, client):
    writers.published(question)
    write(publisher, question, answer="<p>Ask the other doctor.</p>")
    page = publisher.get(address(question, "publish"))
    assert re.search(r"Ask the\s+<ins>other\s*</ins>", page.content.decode())
    assert client.get("/faq/one/a/").content.decode().count("other doctor") == 0
    seen = Wording.objects.get().sequence
    response = publisher.post(address(question, "publish"), {"seen": seen, "why": "better"})
    assert leads_to(response) == f"/admin/faq/question/{question.pk}/change/"
    assert "other doctor" in client.get("/faq/one/a/").content.decode()
    assert Wording.objects.get().history.first().history_change_reason == "better"


def test_what_was_changed_after_the_difference_was_shown_is_not_published(publisher, editor, question):
    write(editor, question)
    seen = Wording.objects.get().sequence
    write(editor, question, answer="<p>Sneaked in.</p>")
    response = publisher.post(address(question, "publish"), {"seen": seen})
    assert response.status_code == 409
    assert "Sneaked in" in words(response)
    assert not Wording.objects.get().published_at


def test_publishing_without_the_right_is_refused_in_words(editor, question):
    write(editor, question)
    page = editor.get(address(question, "publish"))
    assert "Your account may write, but not publish." in words(page)
    assert 'type="submit" class="button">Publish' not in page.content.decode()
    response = editor.post(address(question, "publish"), {"seen": 1})
    assert response.status_code == 409
    assert "Your account may write, but not publish." in words(response)
    assert not Wording.objects.get().published_at
    assert "Publish…" not in words(editor.get(address(question, "write")))


def test_publishing_into_a_hidden_topic_or_time_is_said(publisher, question):
    write(publisher, question)
    editing.amend_topic(topic=question.topic, values={"published": False}, by=SITE, now=NOW)
    response = publisher.post(address(question, "publish"), {"seen": 1}, follow=True)
    assert "Its topic is not published, so that nobody sees it yet." in words(response)


def test_a_text_is_taken_back_and_a_draft_thrown_away_by_a_button(publisher, question, client):
    writers.published(question)
    assert client.get("/faq/one/a/").status_code == 200
    publisher.post(address(question, "withdraw"), {"seen": Wording.objects.get().sequence})
    assert client.get("/faq/one/a/").status_code == 404
    publisher.post(address(question, "discard"), {"seen": Wording.objects.get().sequence})
    assert not Wording.objects.get().has_draft
    assert publisher.get(address(question, "discard")).status_code == 405


def test_the_history_shows_each_change_and_leads_back(publisher, question):
    writers.published(question)
    writers.published(question, writers.draft("Is it safe now?"))
    page = publisher.get(address(question, "revisions"))
    assert "published as version 2" in words(page)
    first = Wording.objects.get().history.order_by("history_id").first().history_id
    seen = Wording.objects.get().sequence
    response = publisher.post(address(question, "revisions"), {"revision": first, "seen": seen})
    assert leads_to(response) == address(question, "publish")
    assert Wording.objects.get().draft_title == "Is it safe?"
    assert leads_to(publisher.post(address(question, "revisions"), {"revision": "x", "seen": "y"})) == address(
        question, "revisions"
    )


def test_a_review_is_recorded_by_name_and_day(publisher, question, client):
    doctor = factories.clinician(name="Consultant, pain", services=[])
    factories.clinician(name="Sample one", services=[], is_sample=True)
    wording = writers.published(question)
    page = publisher.get(address(question, "review"))
    assert "Consultant, pain" in words(page)
    assert "Sample one" not in words(page)
    typed = {
        "version": wording.version,
        "reviewed_by": doctor.pk,
        "reviewed_on": TODAY.isoformat(),
        "due_on": (TODAY + timedelta(days=300)).isoformat(),
        "has_read": "on",
    }
    publisher.post(address(question, "review"), typed)
    wording.refresh_from_db()
    assert (wording.reviewed_by, wording.reviewed_on) == (doctor, TODAY)
    assert "by Consultant, pain." in words(client.get("/faq/one/a/"))


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"has_read": ""}, "Record it only when the doctor has read the answer"),
        ({"reviewed_on": "2030-01-01", "due_on": "2031-01-01"}, "This day has not come yet."),
        ({"due_on": "2026-11-25"}, "The next review is due after this one."),
        ({"reviewed_on": "soon"}, "Enter a valid date."),
        ({"reviewed_by": ""}, "Choose the doctor who has read the answer."),
    ],
)
def test_a_review_that_cannot_be_is_told(publisher, question, typed, told):
    doctor = factories.clinician(services=[])
    writers.published(question)
    good = {
        "version": 1,
        "reviewed_by": doctor.pk,
        "reviewed_on": "2026-11-25",
        "due_on": "2027-11-25",
        "has_read": "on",
    }
    assert told in words(publisher.post(address(question, "review"), good | typed))
    assert Wording.objects.get().reviewed_by is None


def test_a_review_of_what_has_changed_meanwhile_is_refused(publisher, question):
    doctor = factories.clinician(services=[])
    writers.published(question)
    writers.published(question, writers.draft("Another?"))
    good = {
        "version": 1,
        "reviewed_by": doctor.pk,
        "reviewed_on": "2026-11-25",
        "due_on": "2027-11-25",
        "has_read": "on",
    }
    response = publisher.post(address(question, "review"), good)
    assert response.status_code == 409
    assert "Please read it once more." in words(response)


@pytest.mark.parametrize("page", ["write", "preview", "publish", "revisions", "review"])
def test_a_language_or_question_that_is_none_is_not_found(publisher, question, page):
    assert publisher.get(address(question, page, "fr")).status_code == 404
    assert publisher.get(f"/admin/faq/question/999999/en/{page}/").status_code == 404


@pytest.mark.parametrize("page", ["preview", "publish", "review"])
def test_a_page_about_a_text_that_is_not_there_leads_back_with_words(publisher, question, page):
    response = publisher.get(address(question, page), follow=True)
    assert response.status_code == 200
    assert response.redirect_chain


def test_an_error_does_not_hide_that_somebody_else_has_saved(editor, publisher, question):
    write(editor, question)
    write(publisher, question, answer="<p>Theirs.</p>")
    page = write(editor, question, title="", seen=1).content.decode()
    assert re.search(r'name="seen" value="1"', page)
    assert write(editor, question, answer="<p>Mine.</p>", seen=1).status_code == 409
    assert Wording.objects.get().draft_answer == "<p>Theirs.</p>"


def test_an_error_in_a_review_does_not_make_it_one_of_another_text(publisher, question):
    doctor = factories.clinician(services=[])
    writers.published(question)
    typed = {"version": 1, "reviewed_by": doctor.pk, "reviewed_on": "soon", "due_on": "2027-11-25", "has_read": "on"}
    writers.published(question, writers.draft("Another?"))
    page = publisher.post(address(question, "review"), typed).content.decode()
    assert re.search(r'name="version" value="1"', page)
    page = publisher.post(address(question, "review"), typed | {"reviewed_on": "2026-11-25"}).content.decode()
    assert re.search(r'name="version" value="2"', page)
    assert not re.search(r'name="has_read"[^>]*checked', page)
    assert Wording.objects.get().reviewed_by is None


def test_the_preview_says_of_a_review_what_the_page_will_say(publisher, question):
    doctor = factories.clinician(name="Consultant, pain", services=[])
    wording = writers.published(question)
    editing.review(
        question=question, language="en", version=wording.version, reviewed_by=doctor, on=TODAY,
        due_on=TODAY + timedelta(days=9), by=SITE, now=NOW,
    )  # fmt: skip
    write(publisher, question, answer="<p>New.</p>")
    assert "The text has been changed since then." in words(publisher.get(address(question, "preview")))


def test_who_is_told_of_a_draft_is_said_truthfully(editor, question):
    response = editor.get(write(editor, question, button="_send").headers["Location"])
    assert "Choose who looks after this question." in words(response)
    doctor = factories.clinician(name="Consultant, pain", services=[])
    editing.amend_question(question=question, values={"reviewer": doctor}, by=SITE, now=NOW)
    response = editor.get(write(editor, question, button="_send", answer="<p>b</p>").headers["Location"])
    assert "No e-mail goes to Consultant, pain" in words(response)
    doctor.user = writers.account("Publisher")
    doctor.user.email = "doctor@clinic.example"
    doctor.user.save()
    doctor.save()
    response = editor.get(write(editor, question, button="_send", answer="<p>c</p>").headers["Location"])
    assert "Consultant, pain is told by e-mail" in words(response)


def test_going_back_to_a_text_whose_picture_is_gone_brings_its_words(publisher, question):
    write(publisher, question, picture_file=image(), picture_alt="A bone")
    write(publisher, question, picture_gone="on", answer="<p>Without.</p>")
    Picture.objects.all().delete()
    first = Wording.objects.get().history.order_by("history_id").first().history_id
    response = publisher.post(address(question, "revisions"), {"revision": first, "seen": 2})
    assert leads_to(response) == address(question, "publish")
    assert (Wording.objects.get().draft_answer, Wording.objects.get().draft_picture_alt) == ("<p>Ask.</p>", "")
