"""What doctors are told: a draft that waits, and each week the answers whose review is due (rule M1)."""

import io
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command

from faq import editing, reminding
from faq.models import Language, Wording
from ipsc.history import SITE
from ipsc.models import Message, MessageState
from tests import factories
from tests.factories import NOW, TODAY
from tests.faq import writers

pytestmark = pytest.mark.django_db


def send(at=NOW) -> None:
    with time_machine.travel(at, tick=False):
        call_command("send_messages", "--once", stdout=io.StringIO())


@pytest.fixture
def doctor():
    user = writers.account("Publisher")
    user.email = "doctor@clinic.example"
    user.save()
    return factories.clinician(services=[], user=user)


@pytest.fixture
def question(doctor):
    return writers.question(reviewer=doctor)


def sent_to_doctor(question) -> Wording:
    wording = writers.drafted(question)
    return editing.send_to_doctor(question=question, language=Language.ENGLISH, seen=wording.sequence, by=SITE, now=NOW)


def test_the_doctor_is_told_of_a_draft_with_the_way_to_it(question):
    sent_to_doctor(question)
    send()
    letter = mail.outbox[0]
    assert letter.to == ["doctor@clinic.example"]
    assert letter.subject == "A text waits for you to read it"
    assert f"/admin/faq/question/{question.pk}/en/publish/" in letter.body
    assert "Is it safe?" in letter.body


def test_nobody_is_told_of_a_draft_that_waits_no_more(question):
    wording = sent_to_doctor(question)
    editing.publish(question=question, language="en", seen=wording.sequence, by=SITE, now=NOW)
    send()
    assert not mail.outbox
    assert Message.objects.get().state == MessageState.WITHDRAWN


@pytest.mark.parametrize("without", ["doctor", "account", "address", "active account"])
def test_a_draft_without_anybody_to_tell_waits_all_the_same(question, doctor, without):
    if without == "doctor":
        editing.amend_question(question=question, values={"reviewer": None}, by=SITE, now=NOW)
    user = doctor.user
    if without == "account":
        doctor.user = None
        doctor.save()
    if without == "address":
        user.email = ""
    if without == "active account":
        user.is_active = False
    user.save()
    question.refresh_from_db()
    assert sent_to_doctor(question).state == "review"
    assert not Message.objects.exists()


def review(wording, doctor, due_in=365):
    return editing.review(
        question=wording.question, language=wording.language, version=wording.version, reviewed_by=doctor, on=TODAY,
        due_on=TODAY + timedelta(days=due_in), by=SITE, now=NOW,
    )  # fmt: skip


def test_the_digest_names_what_is_due_overdue_changed_and_never_reviewed(doctor):
    texts = {name: writers.question(name, reviewer=doctor) for name in ("Never", "Soon", "Later", "Changed", "Over")}
    made = {name: writers.published(row, writers.draft(name)) for name, row in texts.items()}
    review(made["Soon"], doctor, due_in=20)
    review(made["Later"], doctor, due_in=300)
    review(made["Changed"], doctor)
    review(made["Over"], doctor, due_in=1)
    writers.published(texts["Changed"], writers.draft("Changed", "<p>New.</p>"))
    later = NOW + timedelta(days=5)
    assert reminding.queue_digests(now=later) == 1
    send(later)
    letter = mail.outbox[0]
    assert letter.subject == "4 answers wait for your review"
    assert "Never (English): never reviewed" in letter.body
    assert "Changed (English): changed since its review" in letter.body
    assert "Over (English): overdue, due on Thursday 26 November 2026" in letter.body
    assert "Soon (English): due on Tuesday 15 December 2026" in letter.body
    assert "Later" not in letter.body
    assert "All of them stay on the site" in letter.body


def test_there_is_one_digest_a_week_and_doctor(doctor):
    writers.published(writers.question(reviewer=doctor))
    for days, messages in enumerate([1, 1, 1, 1, 1, 2]):  # from Wednesday to Monday
        reminding.queue_digests(now=NOW + timedelta(days=days))
        assert Message.objects.count() == messages


def test_a_digest_that_has_nothing_to_say_any_more_is_not_sent(doctor):
    wording = writers.published(writers.question(reviewer=doctor))
    reminding.queue_digests(now=NOW)
    review(wording, doctor)
    send()
    assert not mail.outbox


def test_nobody_is_bothered_with_what_the_public_does_not_read(doctor):
    hidden = writers.topic(published=False)
    writers.published(writers.question(of=hidden, reviewer=doctor))
    writers.drafted(writers.question(reviewer=doctor))
    assert reminding.queue_digests(now=NOW) == 0


def test_nothing_is_ever_unpublished_by_it(doctor):
    wording = review(writers.published(writers.question(reviewer=doctor)), doctor, due_in=1)
    with time_machine.travel(NOW + timedelta(days=2000), tick=False):
        call_command("sweep", stdout=io.StringIO())
    assert Wording.objects.published(NOW + timedelta(days=2000)).get() == wording
