"""Finding bookings and people by what is said on the phone."""

import pytest

from appointments.models import Appointment, Patient
from ipsc.identifiers import luhn_digit
from ipsc.names import MOST_NAME, matching, spelled
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "spelling"),
    [
        ("Patient One", "patient one"),
        ("  PATIENT   One ", "patient one"),
        ("सुनीता देवी", "sunita devi"),
        ("Zoë Čapek", "zoe capek"),
        ("Zoe\u0308", "zoe"),
        ("", ""),
        ("   ", ""),
    ],
)
def test_it_spells_names_in_plain_latin(name, spelling):
    assert spelled(name) == spelling


@pytest.mark.parametrize("text", ["\0", "a\0b", "\x1b[0m", "🙂" * 500, "न" * 10_000, "\u202e", "\ud7ff", "漢" * 300])
def test_it_spells_anything_within_the_column(text):
    spelling = spelled(text)
    assert len(spelling) <= MOST_NAME
    assert spelling.isascii()
    assert spelling.isprintable()


@pytest.fixture
def people():
    """Three people, and a booking of each."""
    rows = [
        ("सुनीता देवी", "+919800012345", "12345678" + luhn_digit("12345678")),
        ("Patient One", "+919800023456", "23456789" + luhn_digit("23456789")),
        ("Patient 100% One_two", "+442079460958", "34567890" + luhn_digit("34567890")),
    ]
    for name, phone, reference in rows:
        factories.patient(name=name, phone=phone)
        factories.appointment(name=name, phone=phone, reference=reference)


def names(text: str, model=Appointment) -> set[str]:
    return set(matching(model.objects.all(), text).values_list("name", flat=True))


SUNITA, ONE, HUNDRED = "सुनीता देवी", "Patient One", "Patient 100% One_two"


@pytest.mark.parametrize("model", [Appointment, Patient])
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("सुनीता", {SUNITA}),
        ("sunita", {SUNITA}),
        ("SUNITA DEVI", {SUNITA}),
        ("devi sunita", {SUNITA}),
        ("sunitha devi", {SUNITA}),  # by trigrams
        ("पेशेंट", set()),
        ("pat", {ONE, HUNDRED}),
        ("patient one", {ONE, HUNDRED}),
        ("nobody at all", set()),
        ("100%", {HUNDRED}),
        ("e_t", {HUNDRED}),
        ("o%e", set()),
        ("%", {HUNDRED}),
        ("_", {HUNDRED}),
        ("\\", set()),
        ("'; DROP TABLE appointments_appointment; --", set()),
        ("", set()),
        ("   ", set()),
    ],
)
def test_it_finds_names_in_either_script(people, model, text, found):
    assert names(text, model) == found


@pytest.mark.parametrize("model", [Appointment, Patient])
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2345", {SUNITA}),
        ("3456", {ONE}),
        ("२३४५", {SUNITA}),
        ("98000 12345", {SUNITA}),
        ("098000-12345", {SUNITA}),
        ("+91 98000 12345", {SUNITA}),
        ("9800012345", {SUNITA}),
        ("00012345", {SUNITA}),
        ("0958", {HUNDRED}),
        ("020 7946 0958", {HUNDRED}),
        ("+44 20 7946 0958", {HUNDRED}),
        ("0000", set()),
    ],
)
def test_it_finds_phones_by_their_last_digits(people, model, text, found):
    by_phone = names(text, model)
    if model is Appointment:  # the digits may stand in a reference as well
        digits = spelled(text)
        by_phone -= set(Appointment.objects.filter(reference__contains=digits).values_list("name", flat=True)) - found
    assert by_phone == found


@pytest.mark.parametrize("digits", ["18001234", "1800123456", "8001234", "4123456789"])
def test_it_finds_the_end_of_a_phone_even_where_that_looks_like_a_number_of_its_own(digits):
    """18001234 is a free number of India; here it is the end of somebody's."""
    row = factories.appointment(phone="+9198" + digits.rjust(8, "0")[-8:])
    assert list(matching(Appointment.objects.all(), digits[-8:])) == [row]


@pytest.mark.parametrize(
    "text", ["123456782", "123 456 782", "123-456-782", "१२३ ४५६ ७८२", "456 782", "1234", " 123456782 "]
)
def test_it_finds_references_as_they_are_said(people, text):
    assert SUNITA in names(text)


def test_it_finds_people_without_a_reference_by_phone_only(people):
    assert names("123456782", Patient) == set()


@pytest.mark.parametrize(
    "text",
    [
        "\0",
        "sunita\0",
        "\x002345",
        "12\x0034\x0056",
        "\x1b",
        "9" * 10_000,
        "x" * 10_000,
        "x " * 5000,
        "🙂",
        "\u202e",
        "(" * 50,
    ],
)
@pytest.mark.parametrize("model", [Appointment, Patient])
def test_it_takes_anything_that_is_typed(people, model, text):
    assert list(matching(model.objects.all(), text)) is not None


def test_it_narrows_the_rows_it_is_given(people):
    assert not matching(Appointment.objects.filter(name=ONE), "sunita").exists()
    assert matching(Appointment.objects.filter(name=ONE), "patient").count() == 1


@pytest.mark.parametrize(
    ("kept", "typed"),
    [
        ("रमेश कुमार", "Ramesh Kumar"),
        ("आशा", "Asha"),
        ("मोहम्मद", "Mohammad"),
        ("सुनीता", "Suneeta"),
        ("Suneeta", "Sunita"),
        ("Sunita", "सुनीता"),
        ("लक्ष्मी", "Lakshmi"),
        ("विकास", "Wikas"),
    ],
)
def test_it_finds_a_name_across_scripts_and_spellings(kept, typed):
    factories.patient(name=kept)
    factories.patient(name="Patient Two")
    assert names(typed, Patient) == {kept}
