"""Who changed what and when, for people who are no User as well (rule B5)."""

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model

from ipsc.history import PATIENT, SITE, Actor, ActorRecord, save_as
from ipsc.models import ClinicSettings

pytestmark = pytest.mark.django_db


def settings_row() -> ClinicSettings:
    row = ClinicSettings(pk=1)
    save_as(row, by=SITE, why="first content")
    return row


def test_it_records_who_and_why_and_what_it_was():
    row = settings_row()
    row.name = "IPSC Delhi"
    save_as(row, by=PATIENT, why="as they said")
    newest, oldest = row.history.all()
    assert (oldest.actor, oldest.history_change_reason, oldest.name, oldest.history_type) == (
        "site",
        "first content",
        "IPSC",
        "+",
    )
    assert (newest.actor, newest.history_change_reason, newest.name, newest.history_type) == (
        "patient",
        "as they said",
        "IPSC Delhi",
        "~",
    )
    assert newest.history_user is None


def test_it_records_staff_as_user_and_in_words():
    user = get_user_model().objects.create_user("reception")
    row = settings_row()
    save_as(row, by=Actor.staff(user))
    assert (row.history.first().actor, row.history.first().history_user) == ("reception", user)


def test_it_keeps_the_words_when_the_account_goes():
    user = get_user_model().objects.create_user("reception")
    row = settings_row()
    save_as(row, by=Actor.staff(user))
    user.delete()
    assert (row.history.first().actor, row.history.first().history_user) == ("reception", None)


def test_it_does_not_credit_the_next_change_to_whoever_made_the_last():
    user = get_user_model().objects.create_user("reception")
    row = settings_row()
    save_as(row, by=Actor.staff(user), why="moved")
    save_as(row, by=SITE)
    newest = row.history.first()
    assert (newest.actor, newest.history_user, newest.history_change_reason) == ("site", None, "")


def test_it_shortens_a_long_reason_to_what_the_column_holds():
    row = settings_row()
    save_as(row, by=SITE, why="क" * 101)
    assert row.history.first().history_change_reason == "क" * 100


def test_it_tells_staff_from_everybody_else():
    user = get_user_model().objects.create_user("reception")
    assert [actor.is_staff for actor in (PATIENT, SITE, Actor.staff(user))] == [False, False, True]


def test_it_gives_every_history_an_actor():
    """A tracked model that took its history from the library directly would record nobody."""
    histories = [
        model
        for app in ("ipsc", "appointments", "faq", "courses")
        for model in apps.get_app_config(app).get_models()
        if hasattr(model, "history_change_reason")
    ]
    assert len(histories) >= 7
    assert all(issubclass(model, ActorRecord) for model in histories)


def test_it_credits_nobody_with_the_next_change_of_the_same_object():
    row = settings_row()
    save_as(row, by=PATIENT, why="as they said")
    row.name = "IPSC Delhi"
    row.save()
    assert (row.history.first().actor, row.history.first().history_change_reason) == ("", None)
