"""All of the FAQ as a file and back, to the byte; nothing that a file holds gets past the rules of the site."""

import base64
import hashlib
import io
import json
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from faq import editing, transfer
from faq.models import (
    Language,
    LayWord,
    OldQuestionSlug,
    OldTopicSlug,
    Question,
    SearchEntry,
    SearchWord,
    Topic,
    Vote,
    Wording,
)
from ipsc import pictures
from ipsc.history import SITE
from ipsc.models import Picture
from tests import factories
from tests.factories import NOW, TODAY
from tests.faq import writers
from tests.faq.test_xss import VECTORS, dangers

pytestmark = pytest.mark.django_db


def load(data: bytes, by=SITE, **options):
    return transfer.load(data=data, by=by, now=NOW, **options)


def empty_house() -> None:
    for model in (Vote, OldQuestionSlug, OldTopicSlug, SearchEntry, SearchWord, Wording, Question, Topic, LayWord):
        model.objects.all().delete()
    Picture.objects.all().delete()


def picture(colour: str = "red") -> Picture:
    out = io.BytesIO()
    Image.new("RGB", (30, 20), colour).save(out, "PNG")
    out.seek(0)
    return pictures.store(*pictures.webp(out, largest=(100, 100)))


@pytest.fixture
def everything(loaded):
    """Every kind of row and state that the FAQ has."""
    doctor = factories.clinician(services=[], slug="doctor")
    question = Question.objects.get(slug="how-painful-it-is")
    wording = Wording.objects.get(question=question, language="en")
    editing.review(
        question=question, language="en", version=1, reviewed_by=doctor, on=TODAY,
        due_on=TODAY + timedelta(days=300), by=SITE, now=NOW,
    )  # fmt: skip
    writers.drafted(
        question, writers.draft("Draft?", picture_id=picture().pk, picture_alt="Red", sources="A\nB"), Language.ENGLISH
    )
    values = {"slug": "hurt", "reviewer": doctor, "publish_from": NOW, "unpublish_at": NOW + timedelta(days=900)}
    related = Question.objects.exclude(pk=question.pk)[:2]
    editing.amend_question(question=question, values=values, related=related, by=SITE, now=NOW)
    topic = Topic.objects.get()
    service = factories.service(slug="talk")
    editing.amend_topic(topic=topic, values={"slug": "spine", "service": service}, by=SITE, now=NOW)
    writers.published(writers.question("कमर दर्द?", of=writers.topic(published=False)), writers.draft("कमर दर्द?"))
    LayWord.objects.filter(words="backbone").update(active=False)
    return wording


def test_what_was_exported_comes_back_to_the_byte(everything):
    before = transfer.dump()
    empty_house()
    done = load(before)
    assert transfer.dump() == before
    assert len(done.made) > 60
    assert not done.changed
    assert SearchEntry.objects.count() == 15
    # And what it says, in a page.
    assert OldTopicSlug.objects.get().topic.slug == "spine"
    assert Wording.objects.get(draft_title="Draft?").draft_picture is not None
    assert Question.objects.get(slug="hurt").related.count() == 2


def test_a_file_that_says_what_is_there_changes_nothing(everything):
    before, rows = transfer.dump(), Wording.history.count()
    done = load(before)
    assert (done.made, done.changed) == ([], [])
    assert done.same > 60
    assert (transfer.dump(), Wording.history.count()) == (before, rows)


def test_what_differs_is_changed_and_its_history_keeps_what_was(everything):
    data = transfer.dump()
    question = Question.objects.get(slug="how-long-recovery-takes")
    writers.published(question, writers.draft("Changed?"))
    editing.amend_question(question=question, values={"slug": "other"}, by=SITE, now=NOW)
    done = load(data)
    assert len(done.changed) == 2
    wording = Wording.objects.get(question=question, language="en")
    assert wording.title == "How long is the recovery?"
    records = list(wording.history.order_by("-history_id")[:2])
    assert (records[0].history_change_reason, records[1].title) == ("import", "Changed?")
    assert SearchEntry.objects.get(question=question).title_en == "How long is the recovery?"
    # The address that it had meanwhile leads on.
    assert OldQuestionSlug.objects.filter(slug="other", question=question).exists()


def test_dry_it_tells_and_keeps_nothing(everything):
    data = transfer.dump()
    empty_house()
    done = load(data, dry=True)
    assert "How painful is the procedure? (English)" in done.made
    assert not Topic.objects.exists()
    assert not Picture.objects.exists()


def test_doctors_and_visits_that_are_not_there_are_left_out_and_told(everything):
    data = transfer.dump().replace(b'"doctor"', b'"nobody"').replace(b'"talk"', b'"no-visit"')
    empty_house()
    done = load(data)
    assert set(done.left_out) == {"nobody", "no-visit"}
    assert not Wording.objects.filter(reviewed_on__isnull=False).exists()


def test_a_review_is_not_believed_of_another_text_or_of_a_day_to_come(everything):
    def english(found):
        questions = [each for topic in found["topics"] for each in topic["questions"]]
        return next(each for each in questions if each["slug"] == "hurt")["wordings"]["en"]

    def other_text(found):
        english(found)["answer"] = "<p>Nobody has read this.</p>"

    def tomorrow(found):
        english(found)["reviewed_on"] = "2026-11-26"

    data = transfer.dump()
    for change in (other_text, tomorrow):
        load(changed(data, change))
        assert not Wording.objects.filter(reviewed_by__isnull=False).exists()


def test_a_sample_doctor_brings_no_review(everything):
    factories.clinician(services=[], slug="sample", is_sample=True)
    data = transfer.dump().replace(b'"doctor"', b'"sample"')
    empty_house()
    load(data)
    assert not Wording.objects.filter(reviewed_on__isnull=False).exists()


def test_it_names_no_patient_and_no_vote(everything):
    from faq import helping

    wording = Wording.objects.published(NOW).first()
    vote = helping.vote(wording=wording, browser="b", helpful=False, address="", now=NOW)
    helping.explain(vote=vote, reason="wrong", text="My name is on it", now=NOW)
    assert b"My name" not in transfer.dump()


def test_an_editor_may_not_import(everything):
    with pytest.raises(editing.MayNotPublish):
        load(transfer.dump(), by=writers.editor())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b'{"format": "else"}',
        b'{"format": "ipsc-faq-1"}',
        b'{"format": "ipsc-faq-1", "topics": 5, "lay_words": [], "pictures": []}',
        b'{"format": "ipsc-faq-1", "topics": [{}], "lay_words": [], "pictures": []}',
        b'{"format": "ipsc-faq-1", "topics": [null], "lay_words": [], "pictures": []}',
        b'{"format": "ipsc-faq-1", "topics": [], "lay_words": ["x"], "pictures": []}',
        b'{"format": "ipsc-faq-1", "topics": [], "lay_words": [], "pictures": [{"digest": 1, "content": 2}]}',
        b"[" * 100_000,
        b'{"format": "ipsc-faq-1", "pictures": [], "lay_words": [], "topics": [{"public_id": "a", "order": 1e999}]}',
        b'{"format": "ipsc-faq-1", "topics": "' + b"\\u0000" + b'", "lay_words": [], "pictures": []}',
        b'{"format": "ipsc-faq-1", "topics": "' + b"\\ud800" + b'", "lay_words": [], "pictures": []}',
    ],
)
def test_another_file_is_refused_in_words(data):
    with pytest.raises(transfer.NotAnExport):
        load(data)


def changed(data: bytes, change) -> bytes:
    found = json.loads(data)
    change(found)
    return json.dumps(found).encode()


@pytest.mark.parametrize(
    "change",
    [
        lambda found: found["topics"][0].update(slug="search"),
        lambda found: found["topics"][0].update(title=""),
        lambda found: found["topics"][0].update(order="many"),
        lambda found: found["topics"][0]["questions"][0].update(slug="ü ü"),
        lambda found: found["topics"][0]["questions"][0].update(publish_from="never"),
        lambda found: found["topics"][0]["questions"][0]["wordings"]["en"].update(title="x" * 201),
        lambda found: found["topics"][0]["questions"][0]["wordings"]["en"].update(published_at=None),
        lambda found: found["topics"][0]["questions"][0]["wordings"]["en"].update(state="gone"),
        lambda found: found["topics"][0]["questions"][0]["wordings"]["en"].update(
            picture_id="nowhere", picture_alt="x"
        ),
        lambda found: found["lay_words"][0].update(means=""),
        lambda found: found["topics"][0].update(introduction="x" * 601),
        lambda found: [each.update(source_key="same") for each in found["topics"][0]["questions"]],
        lambda found: found["topics"][0]["old_slugs"].append("x" * 99),
        lambda found: found["topics"][0]["questions"][0].update(publish_from="0001-01-01T00:00:00Z"),
        lambda found: found["topics"][0]["questions"][0]["wordings"]["en"].update(published_at="9999-12-31T00:00:00Z"),
        lambda found: found["topics"][0]["questions"][0]["wordings"]["en"].update(answer="&" * 2_000_000),
        lambda found: found["topics"][0]["questions"][0]["wordings"]["en"].update(sources="x" * 1501),
    ],
)
def test_what_breaks_a_rule_is_refused_in_words_and_nothing_is_kept(loaded, change):
    data = changed(transfer.dump(), change)
    empty_house()
    with pytest.raises(transfer.NotImportable) as refusal:
        load(data)
    assert str(refusal.value)
    assert not Topic.objects.exists()


@pytest.mark.parametrize("vector", VECTORS)
def test_an_attack_in_the_file_is_cleaned_like_any_other(vector):
    writers.published()

    def attack(found):
        found["topics"][0]["questions"][0]["wordings"]["en"]["answer"] = f"<p>x</p>{vector.replace(chr(0), '')}"

    data = changed(transfer.dump(), attack)
    load(data)
    assert dangers(Wording.objects.get().answer) == []


def webp(**options) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "WEBP", **options)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"<script>alert(1)</script>",
        b"GIF89a/*<script>alert(1)</script>*/",
        webp() + b"<script>alert(1)</script>",
        webp(exif=b"Exif\0\0place"),
        webp(xmp=b"<x:xmpmeta/>"),
        b"",
    ],
)
def test_a_picture_that_is_or_carries_anything_else_is_refused(content):
    with pytest.raises(ValidationError):
        pictures.take(content)
    told = {"digest": hashlib.sha256(content).hexdigest(), "content": base64.b64encode(content).decode()}
    data = changed(transfer.dump(), lambda found: found["pictures"].append(told))
    with pytest.raises(transfer.NotImportable):
        load(data)
    assert not Picture.objects.exists()


def test_a_picture_under_another_name_is_refused():
    told = {"digest": "0" * 64, "content": base64.b64encode(bytes(picture().content)).decode()}
    data = changed(transfer.dump(), lambda found: found["pictures"].append(told))
    with pytest.raises(transfer.NotImportable):
        load(data)
