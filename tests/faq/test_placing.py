"""Where questions stand and what they are called: old addresses lead on, in one step, for good (rule F1)."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from faq import editing
from faq.editing.refusals import AddressUsed
from faq.models import OldQuestionSlug, OldTopicSlug, Question, Topic
from ipsc.history import SITE
from tests.factories import NOW
from tests.faq import writers

pytestmark = pytest.mark.django_db


def amend(question, by=SITE, related=None, **values):
    return editing.amend_question(question=question, values=values, related=related, by=by, now=NOW)


def rename(topic, slug, by=SITE, **values):
    return editing.amend_topic(topic=topic, values={"slug": slug, **values}, by=by, now=NOW)


@pytest.fixture
def question(at_nine):
    return writers.published(writers.question(of=writers.topic(slug="one"), slug="a")).question


def leads_to(client, address):
    response = client.get(address)
    return (response.status_code, response.headers.get("Location"))


def test_a_renamed_question_is_found_by_its_old_address(client, question):
    amend(question, slug="b")
    assert leads_to(client, "/faq/one/a/") == (301, "/faq/one/b/")
    assert leads_to(client, "/hi/faq/one/a/") == (301, "/hi/faq/one/b/")
    assert leads_to(client, "/faq/one/b/") == (200, None)


def test_no_browser_keeps_a_way_that_may_turn_round(client, question):
    amend(question, slug="b")
    assert "no-cache" in client.get("/faq/one/a/").headers["Cache-Control"]


def test_a_chain_of_names_is_one_step(client, question):
    for slug in "bcd":
        question = amend(question, slug=slug)
    for slug in "abc":
        assert leads_to(client, f"/faq/one/{slug}/") == (301, "/faq/one/d/")


def test_a_name_that_comes_back_leads_nowhere_else(client, question):
    amend(amend(question, slug="b"), slug="a")
    assert leads_to(client, "/faq/one/a/") == (200, None)
    assert leads_to(client, "/faq/one/b/") == (301, "/faq/one/a/")
    assert OldQuestionSlug.objects.count() == 1


def test_a_question_that_moves_is_found_whatever_its_old_topic_is_called(client, question):
    two = writers.topic(slug="two")
    rename(question.topic, "uno")
    amend(question, topic=two)
    rename(two, "due")
    for address in ("/faq/one/a/", "/faq/uno/a/", "/faq/two/a/"):
        assert leads_to(client, address) == (301, "/faq/due/a/")


def test_a_renamed_topic_is_found_by_its_old_address_with_all_that_is_in_it(client, question):
    rename(question.topic, "uno")
    assert leads_to(client, "/faq/one/") == (301, "/faq/uno/")
    assert leads_to(client, "/faq/one/leaflet/") == (301, "/faq/uno/leaflet/")
    assert leads_to(client, "/faq/one/a/") == (301, "/faq/uno/a/")


def test_an_old_address_is_never_given_to_another_page(question):
    amend(question, slug="b")
    other = writers.question(of=question.topic, slug="c")
    with pytest.raises(editing.AddressTaken):
        amend(other, slug="a")
    rename(question.topic, "uno")
    with pytest.raises(editing.AddressTaken):
        rename(Topic(), "one", title="New")
    assert writers.question("a", of=question.topic).slug == "a-2"


def test_an_address_that_somebody_else_has_taken_meanwhile_is_refused_in_words(question):
    writers.question(of=question.topic, slug="c")
    with pytest.raises(AddressUsed):
        amend(question, slug="c")
    with pytest.raises(AddressUsed):
        rename(writers.topic(), "one")


def test_what_was_taken_back_before_it_was_renamed_is_still_found(client, question):
    topic = rename(question.topic, "one", published=False)
    topic = rename(topic, "uno")
    rename(topic, "uno", published=True)
    wording = question.wordings.get()
    back = editing.withdraw_text(question=question, language="en", seen=wording.sequence, by=SITE, now=NOW)
    amend(question, slug="b")
    editing.publish(question=question, language="en", seen=back.sequence, by=SITE, now=NOW)
    assert leads_to(client, "/faq/one/a/") == (301, "/faq/uno/b/")
    assert leads_to(client, "/faq/one/") == (301, "/faq/uno/")


def test_what_was_never_public_leaves_no_address_behind():
    question = writers.drafted(writers.question(slug="a")).question
    amend(question, slug="b")
    hidden = writers.topic(published=False)
    rename(hidden, "else")
    assert not OldQuestionSlug.objects.exists()
    assert not OldTopicSlug.objects.exists()


def test_a_question_in_an_unpublished_topic_is_found_nowhere(client, question):
    amend(question, topic=writers.topic(slug="two", published=False))
    assert leads_to(client, "/faq/one/a/") == (404, None)
    assert leads_to(client, "/faq/two/a/") == (404, None)


def test_a_question_is_public_between_its_two_moments(client, question):
    amend(question, publish_from=NOW + timedelta(hours=1))
    assert leads_to(client, "/faq/one/a/")[0] == 404
    amend(question, publish_from=NOW, unpublish_at=NOW + timedelta(hours=1))
    assert leads_to(client, "/faq/one/a/")[0] == 200
    amend(question, publish_from=None, unpublish_at=NOW)
    assert leads_to(client, "/faq/one/a/")[0] == 404


def test_an_editor_changes_of_a_public_question_only_what_nobody_sees(question):
    by = writers.editor()
    assert amend(question, by=by, keywords="safe, danger").keywords == "safe, danger"
    for values in ({"slug": "b"}, {"red_flags": True}, {"unpublish_at": NOW}, {"topic": writers.topic()}):
        with pytest.raises(editing.MayNotPublish):
            amend(question, by=by, **values)
    with pytest.raises(editing.MayNotPublish):
        amend(question, by=by, related=[writers.question()])
    assert amend(question, by=by, to_confirm="A claim").to_confirm == "A claim"
    with pytest.raises(editing.MayNotPublish):
        amend(question, by=by, to_confirm="")
    assert amend(question, by=writers.publisher(), to_confirm="").to_confirm == ""
    assert amend(writers.question(), by=by, slug="b").slug == "b"


def test_an_editor_does_not_publish_a_topic_or_change_a_public_one():
    by = writers.editor()
    made = editing.amend_topic(topic=Topic(), values={"title": "T", "slug": "t"}, by=by, now=NOW)
    with pytest.raises(editing.MayNotPublish):
        rename(made, "t", by=by, published=True)
    with pytest.raises(editing.MayNotPublish):
        rename(writers.topic(), "u", by=by)


def test_related_questions_point_at_each_other_and_never_at_themselves(question):
    other = writers.question()
    amend(question, related=[other, question])
    assert list(question.related.all()) == [other]
    assert list(other.related.all()) == [question]
    assert question.history.first().actor == "site"


def test_a_new_question_gets_an_address_of_its_own_in_either_script():
    topic = writers.topic()
    made = [writers.question("कमर दर्द", of=topic).slug for _ in range(3)]
    assert made == ["kmr-drd", "kmr-drd-2", "kmr-drd-3"]
    assert writers.question("???", of=topic).slug == "question"
    assert writers.question("Leaflet", of=topic).slug == "leaflet-2"
    assert [each.order for each in topic.questions.all()] == [10, 20, 30, 40, 50]


@pytest.mark.parametrize("slug", ["search", "leaflet", "", "with space", "क"])
def test_it_refuses_an_address_that_cannot_be_one(slug):
    with pytest.raises(ValidationError):
        writers.question(slug=slug)


def test_the_order_is_kept_and_told(question):
    other = writers.question(of=question.topic)
    assert editing.reorder(rows={question.pk: 9, other.pk: 1}, model=Question, by=SITE, now=NOW) == 2
    assert list(question.topic.questions.all()) == [other, question]
    assert other.history.first().history_change_reason == "order"


def test_the_address_of_a_page_stands_in_its_row(question):
    assert question.get_absolute_url() == reverse("faq:question", args=["one", "a"]) == "/faq/one/a/"
