"""Drafts beside what is published, publishing with the right to it, and nothing overwritten unseen (rule F1)."""

from datetime import date, timedelta

import pytest

from faq import editing, shown
from faq.editing.refusals import BadDates, NoDoctor
from faq.editing.revisions import NoSuchRevision, revert, revisions
from faq.models import Language, SearchEntry, State, Wording
from ipsc.history import PATIENT, SITE
from tests import factories
from tests.factories import NOW, TODAY
from tests.faq import writers

pytestmark = pytest.mark.django_db

EN, HI = Language.ENGLISH, Language.HINDI


def publish(wording: Wording, by=SITE, **options) -> Wording:
    return editing.publish(
        question=wording.question, language=wording.language, seen=wording.sequence, by=by, now=NOW, **options
    )


def titles() -> list[str]:
    return list(Wording.objects.published(NOW).values_list("title", flat=True))


def test_a_draft_changes_nothing_that_the_public_reads():
    wording = writers.published()
    writers.drafted(wording.question, writers.draft("Another?", "<p>Else.</p>"))
    wording.refresh_from_db()
    assert (wording.title, wording.answer, wording.state) == ("Is it safe?", "<p>Ask the doctor.</p>", State.DRAFT)
    assert wording.draft.title == "Another?"
    assert SearchEntry.objects.get(question=wording.question).title_en == "Is it safe?"


def test_publishing_puts_the_draft_in_the_place_of_the_text():
    wording = writers.published()
    again = publish(writers.drafted(wording.question, writers.draft("Another?")))
    assert (again.title, again.version, again.state, again.draft_title) == ("Another?", 2, State.NONE, "")
    assert SearchEntry.objects.get(question=wording.question).title_en == "Another?"


def test_an_answer_is_cleaned_whoever_sends_it():
    wording = writers.drafted(text=writers.draft(answer='<p onclick="x()">A<script>b</script></p>'))
    assert wording.draft_answer == "<p>A</p>"


def test_nobody_overwrites_what_somebody_else_saved_meanwhile():
    wording = writers.drafted()
    theirs = writers.drafted(wording.question, writers.draft("Theirs"))
    with pytest.raises(editing.SavedMeanwhile):
        editing.save_draft(
            question=wording.question, language=EN, draft=writers.draft("Mine"), seen=wording.sequence, by=SITE, now=NOW
        )
    assert Wording.objects.get().draft_title == "Theirs"
    assert theirs.sequence == 2


@pytest.mark.parametrize("act", [editing.publish, editing.send_to_doctor, editing.discard])
def test_nothing_is_done_with_a_draft_that_was_changed_after_it_was_seen(act):
    wording = writers.drafted()
    writers.drafted(wording.question, writers.draft("Newer"))
    with pytest.raises(editing.SavedMeanwhile):
        act(question=wording.question, language=EN, seen=wording.sequence, by=SITE, now=NOW)
    assert titles() == []


def test_saving_what_is_there_already_changes_nothing():
    wording = writers.drafted()
    again = writers.drafted(wording.question)
    assert again.sequence == wording.sequence == 1
    done = publish(again)
    assert writers.drafted(wording.question).sequence == done.sequence
    assert not Wording.objects.get().has_draft


def test_a_draft_that_says_what_is_published_is_none_any_more():
    wording = writers.published()
    writers.drafted(wording.question, writers.draft("Another?"))
    assert writers.drafted(wording.question).state == State.NONE


def test_an_editor_may_write_and_not_publish():
    by = writers.editor()
    question = writers.question()
    wording = editing.save_draft(question=question, language=EN, draft=writers.draft(), seen=0, by=by, now=NOW)
    with pytest.raises(editing.MayNotPublish):
        publish(wording, by=by)
    assert titles() == []
    assert publish(wording, by=writers.publisher()).history.first().actor == "publisher"


def test_a_patient_may_not_publish_and_a_command_may():
    assert not editing.may_publish(PATIENT)
    assert editing.may_publish(SITE)


def test_it_refuses_to_publish_nothing_and_a_question_without_an_answer():
    wording = writers.published()
    with pytest.raises(editing.NothingToPublish):
        publish(wording)
    bare = writers.drafted(text=writers.draft(answer="<p> </p>"))
    with pytest.raises(editing.AnswerMissing):
        publish(bare)


def test_sending_to_the_doctor_keeps_the_draft_and_a_new_draft_has_to_be_sent_again():
    wording = writers.drafted()
    sent = editing.send_to_doctor(question=wording.question, language=EN, seen=1, by=SITE, now=NOW)
    assert (sent.state, sent.sequence) == (State.REVIEW, 2)
    assert writers.drafted(wording.question, writers.draft("Other")).state == State.DRAFT


def test_throwing_a_draft_away_leaves_what_is_published():
    wording = writers.published()
    made = writers.drafted(wording.question, writers.draft("Another?"))
    editing.discard(question=wording.question, language=EN, seen=made.sequence, by=SITE, now=NOW)
    assert Wording.objects.get().draft == wording.published


def test_taking_a_text_back_hides_it_and_keeps_it_as_a_draft():
    wording = writers.published()
    back = editing.withdraw_text(question=wording.question, language=EN, seen=wording.sequence, by=SITE, now=NOW)
    assert (back.published_at, back.title, back.draft_title, back.version) == (None, "", "Is it safe?", 1)
    assert titles() == []
    assert not SearchEntry.objects.exists()
    assert publish(back).version == 2


def test_a_translation_is_older_as_soon_as_the_english_is_published_anew():
    english = writers.published()
    hindi = writers.published(english.question, writers.draft("क्या?", "<p>हाँ।</p>"), HI)
    assert hindi.english_version == 1
    publish(writers.drafted(english.question, writers.draft("Another?")))
    hindi.refresh_from_db()
    assert hindi.english_version == 1 != Wording.objects.get(language=EN).version
    kept = publish(writers.drafted(english.question, writers.draft("और?"), HI), follows_english=False)
    assert kept.english_version == 1
    assert publish(writers.drafted(english.question, writers.draft("फिर?"), HI)).english_version == 2


def test_one_language_is_published_without_the_other():
    english = writers.published()
    writers.drafted(english.question, writers.draft("क्या?", "<p>हाँ।</p>"), HI)
    assert titles() == ["Is it safe?"]


# Reviews.


def review(wording: Wording, doctor, on=TODAY, due_on=None, version=None, by=SITE):
    return editing.review(
        question=wording.question,
        language=wording.language,
        version=wording.version if version is None else version,
        reviewed_by=doctor,
        on=on,
        due_on=due_on or on + timedelta(days=365),
        by=by,
        now=NOW,
    )


@pytest.fixture
def doctor():
    return factories.clinician(name="Consultant, pain", services=[])


def test_a_review_holds_for_the_text_that_was_read(doctor):
    wording = review(writers.published(), doctor)
    told = shown.reviewed(wording, TODAY)
    assert (told.by, told.on, told.is_older, told.is_overdue) == (doctor, TODAY, False, False)
    again = publish(writers.drafted(wording.question, writers.draft("Another?")))
    assert shown.reviewed(again, TODAY).is_older


def test_a_review_is_overdue_from_the_day_after_it_was_due(doctor):
    wording = review(writers.published(), doctor, due_on=TODAY + timedelta(days=1))
    assert not wording.is_overdue(TODAY + timedelta(days=1))
    assert wording.is_overdue(TODAY + timedelta(days=2))
    assert Wording.objects.published(NOW + timedelta(days=900)).exists()


def test_it_refuses_to_review_what_nobody_has_read(doctor):
    wording = writers.published()
    with pytest.raises(editing.NotReviewable):
        review(wording, doctor, version=2)
    with pytest.raises(editing.NotReviewable):
        review(writers.drafted(), doctor, version=0)
    back = editing.withdraw_text(question=wording.question, language=EN, seen=wording.sequence, by=SITE, now=NOW)
    with pytest.raises(editing.NotReviewable):
        review(back, doctor)


def test_a_sample_has_reviewed_nothing(doctor):
    with pytest.raises(NoDoctor):
        review(writers.published(), factories.clinician(is_sample=True, services=[]))


@pytest.mark.parametrize(
    ("on", "due_on"), [(TODAY + timedelta(days=1), None), (TODAY, TODAY), (TODAY, date(2020, 1, 1))]
)
def test_it_refuses_days_that_cannot_be(doctor, on, due_on):
    with pytest.raises(BadDates):
        review(writers.published(), doctor, on=on, due_on=due_on)


def test_an_editor_may_not_record_a_review(doctor):
    with pytest.raises(editing.MayNotPublish):
        review(writers.published(), doctor, by=writers.editor())


# History.


def test_the_history_tells_what_was_done_by_whom_and_why():
    by = writers.editor()
    wording = editing.save_draft(
        question=writers.question(), language=EN, draft=writers.draft(), seen=0, by=by, now=NOW, why="first"
    )
    editing.send_to_doctor(question=wording.question, language=EN, seen=1, by=by, now=NOW)
    publish(Wording.objects.get(), by=writers.publisher(), why="good")
    rows = revisions(Wording.objects.get())
    assert [(row.event, row.by, row.why) for row in rows] == [
        ("published as version 1", "publisher", "good"),
        ("sent to the doctor", "content-editor", ""),
        ("draft saved", "content-editor", "first"),
    ]


def test_an_older_text_becomes_the_draft_again_and_is_not_published_by_that():
    wording = writers.published()
    publish(writers.drafted(wording.question, writers.draft("Another?")))
    first = revisions(Wording.objects.get())[-1]
    back = revert(question=wording.question, language=EN, to=first.id, seen=4, by=SITE, now=NOW)
    assert (back.draft_title, back.title) == ("Is it safe?", "Another?")


def test_it_goes_back_to_no_text_of_another_answer():
    other = writers.published()
    wording = writers.published()
    with pytest.raises(NoSuchRevision):
        revert(
            question=wording.question, language=EN, to=revisions(other)[0].id, seen=wording.sequence, by=SITE, now=NOW
        )
    with pytest.raises(editing.SavedMeanwhile):
        revert(question=wording.question, language=EN, to=revisions(wording)[0].id, seen=0, by=SITE, now=NOW)
