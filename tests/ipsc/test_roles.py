"""Who may see and do what in the admin (rule P2): every page, by GET and by POST, for every role.

A model that is registered, or an address that is added, without a row here fails the sweep at the end.
"""

from dataclasses import dataclass

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.urls import NoReverseMatch, URLPattern, URLResolver, reverse

from ipsc.roles import COURSE_OFFICE, EDITOR, MANAGER, MATRIX, PUBLISHER, RECEPTION, sync_roles
from tests import factories
from tests.courses import rows as course_rows
from tests.faq import test_constraints as constraint_rows
from tests.faq import test_constraints_search as search_rows
from tests.faq import writers
from tests.staff import ANONYMOUS, NO_GROUP, ROLES, SUPERUSER, client_of, member

pytestmark = pytest.mark.django_db

# What an answer means: `yes` the page, or the act done or found wanting; `no` is 403; `sign in` leads to the login.
YES, NO, SIGN_IN, NO_SUCH_WAY = "yes", "no", "sign in", "no such way"
BOTH = {RECEPTION, MANAGER, SUPERUSER}
MANAGERS = {MANAGER, SUPERUSER}
PUBLISHERS = {PUBLISHER, MANAGER, SUPERUSER}
WRITERS = {EDITOR, *PUBLISHERS}
OFFICE = {COURSE_OFFICE, *MANAGERS}
# Who reads messages: each those of its own work, which tests/ipsc/test_ledger.py is about.
READERS = BOTH | OFFICE
ALL_STAFF = {NO_GROUP, RECEPTION, COURSE_OFFICE, *WRITERS}
NOBODY: set[str] = set()


@dataclass
class Page:
    """Who may GET and who may POST an address; `ways` are the methods that it knows."""

    get: set[str]
    post: set[str]
    needs: str = ""  # the row that the address names
    ways: tuple[str, ...] = ("get", "post")


def pages_of(model: str, view: set, add: set, change: set, delete: set = NOBODY) -> dict[str, Page]:
    """The pages that every model has. Whoever may only look gets the page, and a refusal when sending it."""
    row = model.partition("_")[2]
    return {
        f"{model}_changelist": Page(view, view),
        f"{model}_add": Page(add, add),
        f"{model}_change": Page(view, change, row),
        f"{model}_history": Page(view, view, row),
        f"{model}_delete": Page(delete, delete, row),
    }


PAGES: dict[str, Page] = {
    "index": Page(ALL_STAFF, ALL_STAFF),
    "password_change": Page(ALL_STAFF, ALL_STAFF),
    "password_change_done": Page(ALL_STAFF, NOBODY, ways=("get",)),
    "jsi18n": Page(ALL_STAFF, NOBODY, ways=("get",)),
    "view_on_site": Page(NOBODY, NOBODY),
    "autocomplete": Page(NOBODY, NOBODY, ways=("get",)),
    "app_list": Page(BOTH, BOTH),
    **pages_of("appointments_appointment", view=BOTH, add=BOTH, change=BOTH),
    "appointments_appointment_change": Page(BOTH, NOBODY, "appointment", ways=("get",)),
    "appointments_appointment_step": Page(NOBODY, BOTH, "appointment", ways=("post",)),
    "appointments_appointment_cancel": Page(BOTH, BOTH, "appointment"),
    "appointments_appointment_decline": Page(BOTH, BOTH, "appointment"),
    "appointments_appointment_move": Page(BOTH, BOTH, "appointment"),
    "appointments_appointment_amend": Page(BOTH, BOTH, "appointment"),
    "appointments_appointment_link": Page(BOTH, BOTH, "appointment"),
    "appointments_appointment_resend": Page(NOBODY, BOTH, "appointment", ways=("post",)),
    "appointments_appointment_new_link": Page(BOTH, BOTH, "appointment"),
    "appointments_appointment_told": Page(NOBODY, BOTH, "appointment", ways=("post",)),
    "appointments_appointment_untold": Page(NOBODY, BOTH, "appointment", ways=("post",)),
    "appointments_unreached": Page(BOTH, NOBODY, ways=("get",)),
    "appointments_next_day": Page(BOTH, NOBODY, ways=("get",)),
    **pages_of("appointments_callback", view=BOTH, add=NOBODY, change=BOTH),
    "appointments_callback_change": Page(BOTH, NOBODY, "callback", ways=("get",)),
    "appointments_callback_called_in_vain": Page(NOBODY, BOTH, "callback", ways=("post",)),
    "appointments_callback_reached": Page(NOBODY, BOTH, "callback", ways=("post",)),
    "appointments_callback_drop": Page(BOTH, BOTH, "callback"),
    "appointments_callback_reopen": Page(NOBODY, BOTH, "callback", ways=("post",)),
    "appointments_samples": Page(MANAGERS, MANAGERS),
    "setup": Page(MANAGERS, NOBODY, ways=("get",)),
    "setup_hours": Page(BOTH, NOBODY, ways=("get",)),
    "setup_week": Page(BOTH, BOTH, "clinician"),
    "setup_holidays": Page(MANAGERS, MANAGERS),
    "setup_open": Page(MANAGERS, MANAGERS),
    "setup_close": Page(NOBODY, MANAGERS, ways=("post",)),
    "setup_previews": Page(MANAGERS, NOBODY, ways=("get",)),
    "setup_preview": Page(MANAGERS, NOBODY, ways=("get",)),
    **pages_of("appointments_patient", view=BOTH, add=BOTH, change=BOTH),
    **pages_of("appointments_service", view=BOTH, add=MANAGERS, change=MANAGERS),
    **pages_of("appointments_clinician", view=BOTH, add=MANAGERS, change=BOTH),
    "appointments_clinician_feed": Page(NOBODY, MANAGERS, "clinician", ways=("post",)),
    **pages_of("appointments_timeoff", view=BOTH, add=BOTH, change=BOTH, delete=BOTH),
    **pages_of("ipsc_clinicsettings", view=MANAGERS, add=NOBODY, change=MANAGERS),
    **pages_of("ipsc_message", view=READERS, add=NOBODY, change=NOBODY),
    # The row is a patient's: the course office is led back to the first page, which counts as an answer here.
    "ipsc_message_change": Page(READERS, NOBODY, "message", ways=("get",)),
    "ipsc_mailbox": Page(READERS, NOBODY, ways=("get",)),
    "ipsc_mailbox_letter": Page(READERS, NOBODY, "letter", ways=("get",)),
    "ipsc_mailbox_html": Page(READERS, NOBODY, "letter", ways=("get",)),
    "ipsc_safety": Page(MANAGERS, MANAGERS),
    "ipsc_messages_test": Page(MANAGERS, MANAGERS),
    **pages_of("ipsc_redflagwords", view=MANAGERS, add=NOBODY, change=MANAGERS),
    **pages_of("faq_topic", view=WRITERS, add=WRITERS, change=PUBLISHERS),  # the topic is a public one
    "faq_topic_order": Page(PUBLISHERS, PUBLISHERS),
    "faq_topic_questions": Page(WRITERS, WRITERS, "topic"),
    **pages_of("faq_question", view=WRITERS, add=WRITERS, change=WRITERS),
    "faq_question_write": Page(WRITERS, WRITERS, "wording"),
    "faq_question_preview": Page(WRITERS, NOBODY, "wording", ways=("get",)),
    "faq_question_discard": Page(NOBODY, WRITERS, "wording", ways=("post",)),
    # Whoever may not publish sees what would change, and is refused in words.
    "faq_question_publish": Page(WRITERS, WRITERS, "wording"),
    "faq_question_withdraw": Page(NOBODY, WRITERS, "wording", ways=("post",)),
    "faq_question_revisions": Page(WRITERS, WRITERS, "wording"),
    "faq_question_review": Page(WRITERS, WRITERS, "wording"),
    "faq_question_transfer": Page(WRITERS, PUBLISHERS),
    "faq_question_export": Page(NOBODY, WRITERS, ways=("post",)),
    **pages_of("faq_vote", view=WRITERS, add=NOBODY, change=NOBODY),
    "faq_vote_worst": Page(WRITERS, NOBODY, ways=("get",)),
    **pages_of("faq_layword", view=WRITERS, add=WRITERS, change=WRITERS),
    **pages_of("faq_fruitlesssearch", view=WRITERS, add=NOBODY, change=NOBODY),
    # The catalogue of the courses.
    **pages_of("courses_faculty", view=OFFICE, add=OFFICE, change=OFFICE),
    **pages_of("courses_course", view=OFFICE, add=OFFICE, change=OFFICE),
    **pages_of("courses_courserun", view=OFFICE, add=OFFICE, change=OFFICE),
    "courses_courserun_schedule": Page(OFFICE, OFFICE),
    "courses_courserun_copy_month": Page(OFFICE, OFFICE),
    "courses_courserun_copy": Page(OFFICE, OFFICE, "courserun"),
    "courses_courserun_capacity": Page(OFFICE, OFFICE, "courserun"),
    "courses_courserun_cancel": Page(OFFICE, OFFICE, "courserun"),
    # The money of the courses.
    **pages_of("courses_payment", view=OFFICE, add=NOBODY, change=OFFICE),
    "courses_payment_change": Page(OFFICE, NOBODY, "payment", ways=("get",)),
    "courses_payment_received": Page(NOBODY, OFFICE, "payment", ways=("post",)),
    "courses_payment_not_found": Page(OFFICE, OFFICE, "payment"),
    "courses_payment_take_back": Page(OFFICE, OFFICE, "payment"),
    "courses_payment_refunds": Page(OFFICE, NOBODY, ways=("get",)),
    "courses_payment_refund": Page(OFFICE, OFFICE, "enrolment"),
    "courses_payment_overdue": Page(OFFICE, NOBODY, ways=("get",)),
    "courses_payment_told": Page(NOBODY, OFFICE, "enrolment", ways=("post",)),
    "courses_payment_find": Page(OFFICE, NOBODY, ways=("get",)),
    "courses_payment_take": Page(OFFICE, OFFICE, "enrolment"),
    # The enrolments, and the roster of a run.
    **pages_of("courses_enrolment", view=OFFICE, add=NOBODY, change=OFFICE),
    "courses_enrolment_change": Page(OFFICE, NOBODY, "enrolment", ways=("get",)),
    "courses_enrolment_new": Page(OFFICE, OFFICE, "roster"),
    "courses_enrolment_withdraw": Page(OFFICE, OFFICE, "enrolment"),
    "courses_enrolment_move": Page(OFFICE, OFFICE, "enrolment"),
    "courses_enrolment_correct": Page(OFFICE, OFFICE, "enrolment"),
    "courses_enrolment_reinstate": Page(NOBODY, OFFICE, "enrolment", ways=("post",)),
    "courses_enrolment_accept": Page(NOBODY, OFFICE, "enrolment", ways=("post",)),
    "courses_enrolment_admit": Page(NOBODY, OFFICE, "enrolment", ways=("post",)),
    "courses_enrolment_renew_link": Page(OFFICE, OFFICE, "enrolment"),
    "courses_enrolment_roster": Page(OFFICE, NOBODY, "roster", ways=("get",)),
    "courses_enrolment_csv": Page(NOBODY, OFFICE, "roster", ways=("post",)),
    "courses_enrolment_offer": Page(NOBODY, OFFICE, "roster", ways=("post",)),
    "courses_enrolment_unreached": Page(OFFICE, NOBODY, ways=("get",)),
    "courses_enrolment_told": Page(NOBODY, OFFICE, "enrolment", ways=("post",)),
    "courses_enrolment_untold": Page(NOBODY, OFFICE, "enrolment", ways=("post",)),
    "courses_enrolment_tick": Page(NOBODY, OFFICE, "enrolment", ways=("post",)),
    # Files and letters of the course office.
    "courses_enrolment_import": Page(OFFICE, OFFICE, "roster"),
    "courses_enrolment_import_confirm": Page(NOBODY, OFFICE, "roster", ways=("post",)),
    "courses_enrolment_import_template": Page(OFFICE, NOBODY, ways=("get",)),
    "courses_enrolment_xlsx": Page(NOBODY, OFFICE, "roster", ways=("post",)),
    "courses_enrolment_print": Page(OFFICE, NOBODY, "roster", ways=("get",)),
    "courses_enrolment_write": Page(OFFICE, OFFICE, "roster"),
    **pages_of("auth_user", view=MANAGERS, add=MANAGERS, change=MANAGERS),
    "auth_user_password_change": Page(MANAGERS, MANAGERS, "user"),
}
LETTER = b"Subject: Hello\nContent-Type: text/html\n\n<html><head></head></html>\n" + b"-" * 79 + b"\n"
# Open to everybody, which tests/ipsc/test_login.py is about.
OPEN = {"login", "logout"}


@pytest.fixture
def rows(settings, tmp_path):
    # A letter to read, as development writes it.
    settings.EMAIL_FILE_PATH = tmp_path
    (tmp_path / "20261125-090000-1.log").write_bytes(LETTER)
    service = factories.service()
    clinician = factories.clinician(services=[service])
    wording = writers.published()
    run = course_rows.run()
    return {
        "faculty": course_rows.faculty().pk,
        "course": run.course_id,
        "courserun": run.pk,
        "topic": wording.question.topic_id,
        "question": wording.question_id,
        "wording": wording.question_id,
        "vote": constraint_rows.vote(question=wording.question).pk,
        "layword": search_rows.lay_word().pk,
        "fruitlesssearch": search_rows.fruitless_search().pk,
        "appointment": factories.appointment(service=service, clinician=clinician, status="requested").pk,
        "patient": factories.patient().pk,
        "callback": factories.call_back().pk,
        "service": service.pk,
        "clinician": clinician.pk,
        "timeoff": factories.time_off(factories.NOW, factories.at(factories.TOMORROW, "10:00")).pk,
        "message": factories.message().pk,
        "roster": (enrolment := course_rows.enrolment()).run_id,
        "enrolment": enrolment.pk,
        "payment": course_rows.payment(enrolment).pk,
        "clinicsettings": 1,
        "redflagwords": 1,
        "user": member(NO_GROUP).pk,
    }


def address(name: str, rows: dict) -> str:
    if name == "app_list":
        return reverse("admin:app_list", args=["appointments"])
    if name == "view_on_site":
        return reverse("admin:view_on_site", args=[1, 1])
    if name == "setup_preview":
        return reverse("admin:setup_preview", args=["home"])
    needs = PAGES[name].needs
    if needs == "letter":
        return reverse(f"admin:{name}", args=["20261125-090000-1.log", 0])
    if needs == "wording":
        return reverse(f"admin:{name}", args=[rows[needs], "en"])
    return reverse(f"admin:{name}", args=[rows[needs]] if needs else [])


def meaning(response) -> str:
    if response.status_code == 302 and "/admin/login/" in response.headers["Location"]:
        return SIGN_IN
    return {403: NO, 404: NO, 405: NO_SUCH_WAY}.get(response.status_code, YES)


def expected(page: Page, role: str, way: str) -> str:
    if role == ANONYMOUS:
        return SIGN_IN
    if role in (page.get if way == "get" else page.post):
        return YES
    return NO


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("way", ["get", "post"])
def test_each_role_gets_its_own_pages_and_no_other(role, way, rows):
    client = client_of(role)
    answers = {name: meaning(getattr(client, way)(address(name, rows))) for name in PAGES}
    wanted = {}
    for name, page in PAGES.items():
        wanted[name] = expected(page, role, way)
        if way not in page.ways and wanted[name] != SIGN_IN:
            # Whether the way is looked at before the right does not matter: neither answers.
            answers[name] = answers[name] if answers[name] == YES else "neither"
            wanted[name] = "neither"
    assert answers == wanted


def names_of(patterns) -> set[str]:
    found = set()
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            found |= names_of(pattern.url_patterns)
        elif isinstance(pattern, URLPattern) and pattern.name:
            found.add(pattern.name)
    return found


def test_every_address_of_the_admin_has_its_row():
    names = names_of(admin.site.get_urls())
    assert names - OPEN == set(PAGES)


def test_every_address_has_a_name_or_leads_to_one_that_has():
    def unnamed(patterns):
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from unnamed(pattern.url_patterns)
            elif not pattern.name:
                yield str(pattern.pattern)

    # Django's own: an address from before 1.9 that leads to the page, and whatever is not found.
    assert set(unnamed(admin.site.get_urls())) == {"<path:object_id>/", "(?P<url>.*)$"}


def test_every_registered_model_has_its_rows():
    for model in admin.site._registry:
        label = f"{model._meta.app_label}_{model._meta.model_name}"
        assert f"{label}_change" in PAGES


def test_the_groups_hold_what_the_matrix_says_and_nothing_else():
    Group.objects.get(name=RECEPTION).permissions.add(Permission.objects.get(codename="delete_appointment"))
    sync_roles()
    for role, rights in MATRIX.items():
        held = {
            (f"{right.content_type.app_label}.{right.content_type.model}", right.codename.partition("_")[0])
            for right in Group.objects.get(name=role).permissions.select_related("content_type")
        }
        assert held == {(label, right) for label, granted in rights.items() for right in granted}


def test_nobody_has_the_right_to_delete_what_has_a_status():
    for rights in MATRIX.values():
        deletable = {label for label, granted in rights.items() if "delete" in granted}
        assert deletable <= {"appointments.workinghours", "appointments.timeoff"}


def test_reception_may_do_nothing_that_a_manager_may_not():
    for label, granted in MATRIX[RECEPTION].items():
        assert set(granted) <= set(MATRIX[MANAGER][label])


def test_the_course_office_may_do_nothing_that_a_manager_may_not():
    for label, granted in MATRIX[COURSE_OFFICE].items():
        assert set(granted) <= set(MATRIX[MANAGER][label])


def test_the_course_office_has_courses_and_messages_and_nothing_of_patients():
    assert {label.partition(".")[0] for label in MATRIX[COURSE_OFFICE]} == {"courses", "ipsc"}
    assert {label for label in MATRIX[COURSE_OFFICE] if label.startswith("ipsc")} == {"ipsc.message"}
    assert not [label for label in MATRIX[RECEPTION] if label.startswith("courses")]


def test_whoever_lost_the_staff_flag_or_was_switched_off_is_out(rows):
    for change in ({"is_staff": False}, {"is_active": False}):
        client = client_of(RECEPTION)
        type(member(RECEPTION)).objects.filter(username="reception").update(**change)
        response = client.get(address("appointments_appointment_changelist", rows))
        assert meaning(response) == SIGN_IN
        type(member(RECEPTION)).objects.filter(username="reception").update(is_staff=True, is_active=True)


def test_what_is_not_registered_has_no_page():
    for name in ("appointments_bookingdraft", "ipsc_ratelimit", "auth_group", "appointments_workinghours"):
        with pytest.raises(NoReverseMatch):
            reverse(f"admin:{name}_changelist")
