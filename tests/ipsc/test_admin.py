"""What all pages of the admin share; the clinic's settings; staff accounts and what a manager may do with them."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group, Permission, User
from django.db import models
from django.urls import reverse

from ipsc.models import ClinicSettings
from ipsc.roles import MANAGER, RECEPTION
from tests import factories
from tests.factories import NOW
from tests.staff import NO_GROUP, SUPERUSER, client_of, member, words

pytestmark = pytest.mark.django_db

SETTINGS = "/admin/ipsc/clinicsettings/1/change/"
USERS = "/admin/auth/user/"
PASSWORD = "tall-grass-47-rivers"


@pytest.fixture
def manager():
    return client_of(MANAGER)


# The first page


def test_it_greets_with_todays_figures():
    with time_machine.travel(NOW, tick=False):
        for hour, status in enumerate(["booked", "arrived", "cancelled"], start=10):
            starts_at = factories.at(factories.TODAY, f"{hour}:00")
            factories.appointment(starts_at=starts_at, status=status, name=f"Patient {hour}")
        factories.appointment(status="requested", created_at=NOW - 2 * (factories.TOMORROW - factories.TODAY))
        shown = words(client_of(RECEPTION).get("/admin/"))
    assert "Today, Wednesday 25 November 2026 2 visits today 1 waiting here 1 request to answer (1 overdue)" in shown
    assert "0 people to call" in shown
    assert "Next: 10:00 am, Patient 10" in shown


def test_it_tells_how_many_wait_for_a_call():
    with time_machine.travel(NOW, tick=False):
        factories.call_back(due_at=NOW - timedelta(minutes=1))
        factories.call_back(due_at=NOW + timedelta(hours=1))
        assert "2 people to call (1 overdue)" in words(client_of(RECEPTION).get("/admin/"))


def test_it_puts_callers_who_may_have_an_emergency_on_top():
    told = "may have an emergency: call now"
    reception = client_of(RECEPTION)
    factories.call_back()
    pages = ["/admin/", "/admin/appointments/appointment/"]
    assert not any(told in reception.get(page).text for page in pages)
    factories.call_back(red_flags="cannot pass urine")
    factories.call_back(red_flags="cannot pass urine", state="reached", reached_at=NOW)
    for page in pages:
        assert f"1 caller {told}" in words(reception.get(page))
        assert "cannot pass urine" not in reception.get(page).text


def test_it_says_when_no_worker_sends():
    told = "1 message has waited for more than ten minutes."
    factories.message()
    with time_machine.travel(NOW + timedelta(minutes=9), tick=False):
        assert told not in words(client_of(RECEPTION).get("/admin/"))
    with time_machine.travel(NOW + timedelta(minutes=11), tick=False):
        assert told in words(client_of(RECEPTION).get("/admin/"))


def test_it_tells_nobody_without_the_right():
    assert "visits today" not in words(client_of(NO_GROUP).get("/admin/"))


# The clinic's settings


def typed_settings(**fields) -> dict:
    row = ClinicSettings()
    names = [field.name for field in ClinicSettings._meta.fields if field.editable and field.name != "id"]
    values = {name: getattr(row, name) for name in names}
    return {name: value for name, value in values.items() if value is not False} | fields


def test_the_list_of_settings_is_the_one_form(manager):
    response = manager.get("/admin/ipsc/clinicsettings/")
    assert response.headers["Location"] == SETTINGS


def test_a_manager_saves_the_settings_also_for_the_first_time(manager):
    assert not ClinicSettings.objects.exists()
    assert manager.get(SETTINGS).status_code == 200
    typed = typed_settings(call_back_open="on", phone="011 4567 8901")
    assert manager.post(SETTINGS, typed).status_code == 302
    saved = ClinicSettings.objects.get()
    assert (saved.pk, saved.call_back_open, saved.phone.as_e164) == (1, True, "+911145678901")
    assert manager.post(SETTINGS, typed).status_code == 302
    assert [record.actor for record in saved.history.all()] == ["manager"]


@pytest.mark.parametrize(
    "fields",
    [
        {"phone": "12"},
        {"answer_hours": "0"},
        {"bookings_per_phone": "101"},
        {"unanswered_requests": "x"},
        {"name": "\0"},
    ],
)
def test_it_says_beside_the_field_what_is_wrong(manager, fields):
    response = manager.post(SETTINGS, typed_settings(**fields))
    assert response.status_code == 200
    assert response.context["adminform"].form.errors.keys() == fields.keys()


@pytest.mark.parametrize("key", ["2", "0", "abc", "-1", "9" * 30, "%00"])
def test_there_is_one_row_of_settings(manager, key):
    response = manager.get(f"/admin/ipsc/clinicsettings/{key}/change/")
    assert response.status_code == 302
    assert manager.get("/admin/ipsc/clinicsettings/add/").status_code == 403
    assert manager.post("/admin/ipsc/clinicsettings/1/delete/", {"post": "yes"}).status_code == 403


def test_the_settings_form_cannot_open_booking_past_the_checks_of_the_set_up(manager):
    manager.post(SETTINGS, typed_settings(online_booking_open="on"))
    assert not ClinicSettings.load().online_booking_open


@pytest.mark.parametrize(
    ("fields", "warning"),
    [
        ({"address": "दिल्ली"}, "“Address” is written in Hindi"),
        ({"address_hi": "Delhi"}, "“Address (Hindi)” holds no Hindi letters"),
        ({"address": "Delhi", "address_hi": "दिल्ली"}, ""),
        ({"address_hi": "110001"}, ""),
    ],
)
def test_a_text_in_the_field_of_the_other_language_is_saved_with_a_word_of_warning(manager, fields, warning):
    shown = words(manager.post(SETTINGS, typed_settings(**fields), follow=True))
    assert (warning or "look whether it stands") in shown if warning else "look whether it stands" not in shown
    for name, text in fields.items():
        assert getattr(ClinicSettings.load(), name) == text


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "not a link", "http://" + "x" * 300])
def test_a_link_to_a_map_is_a_link_to_a_page(manager, url):
    assert manager.post(SETTINGS, typed_settings(map_url=url)).status_code == 200
    assert not ClinicSettings.objects.exists()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("011 4567 8901", "+911145678901"), ("०११ ४५६७ ८९०१", "+911145678901"), ("+44 20 7946 0000", "+442079460000")],
)
def test_phones_are_kept_however_they_are_typed(manager, typed, kept):
    manager.post(SETTINGS, typed_settings(whatsapp=typed, second_phone=typed))
    assert ClinicSettings.load().whatsapp.as_e164 == ClinicSettings.load().second_phone.as_e164 == kept


def test_the_history_of_the_settings_is_told_in_words(manager):
    manager.post(SETTINGS, typed_settings(answer_hours=24))
    manager.post(SETTINGS, typed_settings(answer_hours=12, languages="English"))
    shown = words(manager.get("/admin/ipsc/clinicsettings/1/history/"))
    assert "manager changed" in shown
    assert "Hours to answer a request: 24 → 12" in shown
    assert "Languages spoken at reception: – → English" in shown


# Staff accounts


def typed_account(user: User | None = None, **fields) -> dict:
    values = {"username": user.username if user else "reception-two", "is_staff": "on", "is_active": "on"}
    if user:
        values["groups"] = [group.pk for group in user.groups.all()]
    else:
        values |= {"password1": PASSWORD, "password2": PASSWORD}
    return values | fields


def group(name: str) -> Group:
    return Group.objects.get(name=name)


def test_a_manager_adds_a_receptionist_who_can_work_at_once(manager):
    assert manager.post(f"{USERS}add/", typed_account(groups=[group(RECEPTION).pk])).status_code == 302
    made = User.objects.get(username="reception-two")
    assert made.is_staff
    assert made.check_password(PASSWORD)
    assert made.has_perm("appointments.change_appointment")


@pytest.mark.parametrize("page", ["add", "change"])
def test_a_manager_cannot_make_a_superuser_or_give_rights_of_its_own(manager, page):
    right = Permission.objects.get(codename="delete_user")
    powers = {"is_superuser": "on", "user_permissions": [right.pk]}
    user = member(RECEPTION)
    url, username = (f"{USERS}add/", "reception-two") if page == "add" else (f"{USERS}{user.pk}/change/", user.username)
    assert manager.post(url, typed_account(None if page == "add" else user, **powers)).status_code == 302
    made = User.objects.get(username=username)
    assert not made.is_superuser
    assert not made.user_permissions.exists()
    assert "is_superuser" not in manager.get(f"{USERS}{made.pk}/change/").content.decode()


def test_a_manager_gives_no_group_that_is_not_of_the_house(manager):
    other = Group.objects.create(name="Other")
    user = member(RECEPTION)
    response = manager.post(f"{USERS}{user.pk}/change/", typed_account(user, groups=[other.pk]))
    assert response.status_code == 200
    assert response.context["adminform"].form.errors["groups"]


def test_superusers_are_out_of_a_managers_sight(manager):
    boss = member(SUPERUSER)
    assert boss.username not in words(manager.get(USERS))
    for page, status in (("change", 302), ("history", 302), ("password", 404), ("delete", 403)):
        assert manager.get(f"{USERS}{boss.pk}/{page}/").status_code == status
        assert manager.post(
            f"{USERS}{boss.pk}/{page}/", {"password1": PASSWORD, "password2": PASSWORD}
        ).status_code in (
            302,
            403,
            404,
        )
    boss.refresh_from_db()
    assert not boss.check_password(PASSWORD)


@pytest.mark.parametrize("power", ["right", "group"])
def test_a_manager_touches_nobody_who_may_do_more(manager, power):
    """Whoever sets the password of an account has all that the account may do."""
    user = member(RECEPTION)
    if power == "right":
        user.user_permissions.add(Permission.objects.get(codename="delete_user"))
    else:
        user.groups.add(Group.objects.create(name="Powerful"))
    for page in ("change", "password"):
        typed = typed_account(user, username="stolen", password1=PASSWORD, password2=PASSWORD)
        assert manager.post(f"{USERS}{user.pk}/{page}/", typed).status_code == 403
    user.refresh_from_db()
    assert user.username == "reception"
    assert not user.check_password(PASSWORD)


def test_a_manager_sets_the_password_of_a_receptionist(manager):
    user = member(RECEPTION)
    url = f"{USERS}{user.pk}/password/"
    assert manager.get(url).status_code == 200
    typed = {"password1": PASSWORD, "password2": PASSWORD, "usable_password": "true", "set-password": "1"}
    assert manager.post(url, typed).status_code == 302
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_a_manager_ends_and_renews_the_access_of_a_receptionist(manager):
    user = member(RECEPTION)
    typed = typed_account(user)
    del typed["is_active"]
    assert manager.post(f"{USERS}{user.pk}/change/", typed).status_code == 302
    user.refresh_from_db()
    assert not user.is_active
    assert manager.post(f"{USERS}{user.pk}/change/", typed_account(user)).status_code == 302
    user.refresh_from_db()
    assert user.is_active


@pytest.mark.parametrize("name", ["is_active", "is_staff", "groups"])
def test_a_manager_cannot_shut_themselves_out(manager, name):
    me = member(MANAGER)
    typed = typed_account(me)
    del typed[name]
    response = manager.post(f"{USERS}{me.pk}/change/", typed)
    assert response.status_code == 200
    assert "You cannot take your own access away." in " ".join(response.context["adminform"].form.errors[name])


def test_a_superuser_gives_every_power():
    user = member(RECEPTION)
    boss = client_of(SUPERUSER)
    typed = typed_account(user, is_superuser="on")
    assert boss.post(f"{USERS}{user.pk}/change/", typed).status_code == 302
    user.refresh_from_db()
    assert user.is_superuser


def test_nobody_deletes_an_account():
    user = member(RECEPTION)
    for role in (MANAGER, SUPERUSER):
        assert client_of(role).post(f"{USERS}{user.pk}/delete/", {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=user.pk).exists()


@pytest.mark.parametrize(
    "query",
    [{"q": "\0"}, {"q": "x" * 10_000}, {"q": "%"}, {"groups__id__exact": "x"}, {"is_active__exact": "\0"}, {"p": "x"}],
)
def test_it_survives_odd_addresses(manager, query):
    assert manager.get(USERS, query, follow=True).status_code == 200


@pytest.mark.parametrize("name", ["password__startswith", "groups__permissions__codename", "username__regex"])
def test_it_cannot_be_asked_for_what_the_page_does_not_show(manager, name):
    assert manager.get(USERS, {name: "("}).status_code == 400


@pytest.mark.parametrize("key", ["abc", "-1", "9" * 30, "%00"])
def test_it_leads_back_from_accounts_that_do_not_exist(manager, key):
    assert manager.get(f"{USERS}{key}/change/").status_code == 302
    assert manager.get(f"{USERS}{key}/password/").status_code == 404


def test_the_list_takes_the_same_queries_however_many_accounts_there_are(manager, django_assert_num_queries):
    manager.get(USERS)
    with django_assert_num_queries(8):  # session, user, two for rights; groups to filter by; count, rows, their groups
        manager.get(USERS)
    for number in range(4):
        User.objects.create_user(f"reception-{number}", is_staff=True).groups.add(group(RECEPTION))
    with django_assert_num_queries(8):
        manager.get(USERS)


# The frame


def test_it_belongs_to_the_clinic():
    page = client_of(RECEPTION).get("/admin/").content.decode()
    assert "IPSC" in page
    assert "Django" not in page
    assert "Django" not in client_of("anonymous").get(reverse("admin:login")).content.decode()


def test_a_list_is_called_by_what_stands_in_it(manager):
    for url, title in ((USERS, "Users"), ("/admin/appointments/timeoff/", "Time off")):
        assert f"<h1>{title}</h1>" in manager.get(url).text


def test_every_text_of_staff_has_room_to_type(manager):
    form = manager.get(SETTINGS).context["adminform"].form
    texts = [field.name for field in ClinicSettings._meta.fields if isinstance(field, models.TextField)]
    assert {form.fields[name].widget.attrs["rows"] for name in texts} == {4}
