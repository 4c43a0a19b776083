"""People from a spreadsheet: what a file says, what would become of each, and what did."""

import io
import zipfile
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from courses.enrolment import overdue, withdraw
from courses.importing import batch, tables
from courses.importing.batch import LIFE
from courses.importing.rows import council_of, read
from courses.importing.tables import MOST_BYTES, MOST_ROWS, Unreadable, lines_of
from courses.importing.template import template
from courses.models import Enrolment, Money, Payment, PaymentState, Source, Status, Way
from courses.sheets import as_csv, as_xlsx
from ipsc.models import Message, MessageState
from ipsc.roles import COURSE_OFFICE
from tests.courses import rows
from tests.courses.office import office, taken
from tests.factories import NOW, phone
from tests.staff import NO_GROUP, client_of, member, words

HEADS = ["Name", "E-mail", "Phone", "Council", "Registration number", "Qualification", "Specialty", "Place"]
MONEY = ["Paid", "Transaction number"]


def person(number: int, **cells) -> list:
    values = {
        "name": f"Dr Doctor {number}",
        "email": f"doctor{number}@example.org",
        "phone": phone(number),
        "council": "dl",
        "registration": f"DMC/R/{number:05}",
    }
    return [*(values | cells).values(), "MBBS", "Anaesthesia", "Delhi"]


def csv(*people: list, delimiter: str = ",", encoding: str = "utf-8", heads: list = HEADS) -> bytes:
    return "\r\n".join(delimiter.join(str(cell) for cell in row) for row in [heads, *people]).encode(encoding)


def xlsx(*people: list, heads: list = HEADS) -> bytes:
    book = Workbook()
    for row in [heads, *people]:
        book.active.append(row)
    return saved(book)


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def problems(data: bytes) -> list[str]:
    (row,) = read(data).rows
    assert row.details is None
    return row.problems


# The file.


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_it_reads_csv_as_spreadsheets_write_it(encoding, delimiter):
    (row,) = read(csv(person(1, name="डॉ. सुनीता  शर्मा"), encoding=encoding, delimiter=delimiter)).rows
    assert row.details.name == "डॉ. सुनीता  शर्मा"
    assert row.number == 2


def test_it_reads_windows_1252():
    (row,) = read(csv(person(1, name="Dr José O’Brien"), encoding="cp1252")).rows
    assert row.details.name == "Dr José O’Brien"


def test_it_reads_xlsx_with_numbers_as_numbers():
    (row,) = read(xlsx(person(1, phone=9876543210, registration=12345))).rows
    assert row.details.phone == "+919876543210"
    assert row.details.registration_number == "12345"


def test_it_counts_rows_as_a_spreadsheet_does():
    blank = [""] * len(HEADS)
    assert [row.number for row in read(csv(person(1), blank, person(2))).rows] == [2, 4]
    assert [row.number for row in read(xlsx(person(1), [], person(2))).rows] == [2, 4]


def test_it_reads_what_the_roster_gives(db):
    there = rows.enrolment()
    for data in (as_csv([there]).encode(), as_xlsx([there])):
        (row,) = read(data).rows
        assert row.details.phone == there.phone.as_e164
        assert row.details.council == there.council


def test_it_takes_no_money_from_the_roster_that_is_booked_already(db):
    there = rows.enrolment(fee=10_000, paid=10_000, payment_state=Money.PAID)
    sheet = read(as_csv([there]).encode())
    assert sheet.rows[0].paid == 0
    assert "Paid" in sheet.left_out


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "This file is empty."),
        (b"\n\n,,\n", "This file is empty."),
        (csv(), "nobody below them"),
        (csv(person(1), heads=["Who", *HEADS[1:]]), "Missing: Name."),
        (csv(person(1), heads=["Name", "Name", *HEADS[2:]]), "is there twice"),
        (b"%PDF-1.7 ", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel"),
        (b"\x89PNG\r\n\x1a\n\x81\x8d", "neither a CSV nor an XLSX"),
        (b"\xff\xfea", "neither a CSV nor an XLSX"),
        (b"PK\x03\x04 and no more", "broken"),
        (b"Name,Phone,Council\n" + b'"' + b"x" * 200_000, "quotation mark"),
        (b"x" * (MOST_BYTES + 1), "larger than 2 MB"),
    ],
)
def test_it_says_what_is_wrong_with_a_file(data, says):
    with pytest.raises(Unreadable, match=says):
        read(data)


def test_it_takes_a_thousand_people_and_no_more():
    people = [person(number) for number in range(MOST_ROWS + 1)]
    assert len(lines_of(csv(*people[:-1]))) == MOST_ROWS + 1
    with pytest.raises(Unreadable, match="more than 1,000 people"):
        lines_of(csv(*people))


def repacked(data: bytes, **members: bytes) -> bytes:
    """A file of a spreadsheet with other things in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in members:
                new.writestr(name, old.read(name))
        for name, content in members.items():
            new.writestr(name, content)
    return out.getvalue()


def test_it_refuses_a_file_that_unpacks_to_too_much():
    bomb = repacked(xlsx(person(1)), bomb=bytes(21 * 1024 * 1024))
    assert len(bomb) < 100_000
    with pytest.raises(Unreadable, match="more than 20 MB"):
        read(bomb)


def test_it_believes_no_size_that_a_file_gives_itself(monkeypatch):
    """Members that say nothing of their size are unpacked in steps, never further than the limit."""
    bomb = repacked(xlsx(person(1)), bomb=bytes(40 * 1024 * 1024))
    size = (40 * 1024 * 1024).to_bytes(4, "little")
    forged = bomb.replace(size, (10).to_bytes(4, "little"))
    assert forged != bomb
    with pytest.raises(Unreadable):
        read(forged)


def test_it_refuses_entities_that_grow():
    sheet = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb">]><worksheet>&b;</worksheet>'
    with pytest.raises(Unreadable, match="broken"):
        read(repacked(xlsx(person(1)), **{"xl/worksheets/sheet1.xml": sheet}))
    with pytest.raises(Unreadable, match="broken"):
        read(repacked(xlsx(person(1)), **{"xl/worksheets/sheet1.xml": sheet.decode().encode("utf-16")}))


@pytest.mark.parametrize(
    "sheet",
    [b"", b"<worksheet>", b"no XML", b'<worksheet><sheetData><row r="x"><c r="1"/></row></sheetData></worksheet>'],
)
def test_it_survives_a_broken_sheet(sheet):
    with pytest.raises(Unreadable):
        read(repacked(xlsx(person(1)), **{"xl/worksheets/sheet1.xml": sheet}))


def test_it_passes_over_the_empty_rows_of_a_sheet(monkeypatch):
    read_cells = []
    monkeypatch.setattr(tables, "_of_cell", lambda cell: read_cells.append(cell) or tables.Cell(str(cell.value or "")))
    book = Workbook()
    book.active.append(["Name"])
    book.active["A5000"] = "Dr One"
    assert [line.number for line in lines_of(saved(book))] == [1, 5000]
    assert len(read_cells) < 200


@pytest.mark.parametrize("row", [20_001, 1_048_576])
def test_it_is_kept_busy_by_no_row_far_below_and_loses_none_in_silence(row):
    book = Workbook()
    book.active.append(HEADS)
    book.active.cell(row, 1, "Dr Last")
    with pytest.raises(Unreadable, match="goes on below row 20,000"):
        read(saved(book))
    with pytest.raises(Unreadable, match="goes on below row 20,000"):
        lines_of(b"Name\n" + b"\n" * (row - 2) + b"Dr Last\n")


def test_it_reads_no_damaged_utf_8_as_something_else():
    data = csv(person(1, name="डॉ. मीरा")).replace("मीरा".encode(), "मीरा".encode()[:-1])
    with pytest.raises(Unreadable, match="Some letters of this file are damaged"):
        read(data)


# The rows.


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"name": ""}, "Name: The name is missing."),
        ({"name": "12"}, "A name has letters."),
        ({"name": "x" * 201}, "at most 200"),
        ({"name": "=SUM(A1)"}, "Name: A formula"),
        ({"name": "a\0b"}, "no text has"),
        ({"email": "nobody"}, "E-mail: This is not an e-mail address."),
        ({"phone": "12"}, "Phone: This is not a phone number"),
        ({"phone": "9.8E+09"}, "Phone: The spreadsheet has rounded"),
        ({"phone": "9876543210.0"}, "Phone: The spreadsheet has rounded"),
        ({"registration": "12345.0"}, "Registration number: The spreadsheet has rounded"),
        ({"registration": "1.2e+05"}, "Registration number: The spreadsheet has rounded"),
        ({"registration": ""}, "Registration number: The registration number with this council is missing."),
        ({"registration": "none"}, "Registration number: A registration number has digits."),
        ({"council": "Atlantis"}, "There is no council “Atlantis”"),
        ({"council": ""}, "Council: The council is missing."),
        ({"council": "uttar"}, "There is no council “uttar”"),
        ({"council": "other", "email": ""}, "an e-mail address is needed"),
        ({"place": "Delhi, India"}, "right of the last heading"),
    ],
)
def test_it_says_what_is_wrong_with_a_row(cells, says):
    assert any(says in problem for problem in problems(csv(person(1, **cells))))


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"registration": 12345.5}, ""),
        ({"registration": 1.5e300}, "rounded"),
        ({"registration": date(2019, 12, 1)}, "holds a date"),
        ({"name": "=1+1"}, "A formula"),
        ({"name": True}, ""),
        ({"phone": 9.8e40}, "Phone"),
    ],
)
def test_it_says_what_a_spreadsheet_has_done_to_a_cell(cells, says):
    row = read(xlsx(person(1, **cells))).rows[0]
    assert any(says in problem for problem in row.problems) or (not says and row.details)


def paying(*people: list) -> bytes:
    return csv(*people, heads=[*HEADS, *MONEY], delimiter=";")


@pytest.mark.parametrize(
    ("paid", "number", "sum_"),
    [
        ("", "", 0),
        ("0", "", 0),
        ("–", "", 0),
        ("10000", "", 10_000),
        ("₹ 10,000.00", "UTR 0123", 10_000),
        ("१०,०००", "", 10_000),
    ],
)
def test_it_reads_what_was_paid(paid, number, sum_):
    (row,) = read(paying([*person(1), paid, number])).rows
    assert (row.paid, row.problems) == (sum_, [])


@pytest.mark.parametrize(
    ("paid", "number", "says"),
    [
        ("half", "", "Paid: Type the amount in whole rupees"),
        ("99.50", "", "Paid: Type the amount in whole rupees"),
        ("-500", "", "Paid: Type the amount in whole rupees"),
        ("1E+04", "", "Paid: Type the amount in whole rupees"),
        ("9" * 12, "", "Paid: Type the amount in whole rupees"),
        ("", "UTR0123", "Paid: A transaction number stands here, and no amount."),
        ("0", "UTR0123", "Paid: A transaction number stands here, and no amount."),
        ("500", "4.1E+11", "Transaction number: The spreadsheet has rounded"),
        ("500", "--", "Transaction number: This is not a transaction number."),
        ("500", "x" * 61, "Transaction number"),
    ],
)
def test_it_says_what_is_wrong_with_what_was_paid(paid, number, says):
    assert any(says in problem for problem in problems(paying([*person(1), paid, number])))


def test_it_needs_no_email_with_an_indian_registration():
    (row,) = read(csv(person(1, email=""))).rows
    assert row.details.email == ""


@pytest.mark.parametrize("typed", ["dl", "DL", "Delhi Medical Council", "delhi", "DELHI  MEDICAL council"])
def test_it_knows_a_council_by_code_or_name(typed):
    assert council_of(typed) == "dl"


def test_its_template_can_be_filled_in():
    book = load_workbook(io.BytesIO(template()))
    people, councils = book.worksheets
    assert [cell.value for cell in people[1]] == [*HEADS, *MONEY]
    assert people.column_dimensions["E"].number_format == "@"
    assert councils.max_row > 30
    people.append([*person(1), 10_000, "0123456789"])
    (row,) = read(saved(book)).rows
    assert row.details
    assert row.paid == 10_000


def test_it_leaves_no_room_for_a_reader_that_unpacks_by_itself(monkeypatch):
    """What the library of spreadsheets gets is our own copy, of which the size is known."""
    given = []
    monkeypatch.setattr(tables, "load_workbook", lambda safe, **options: given.append(safe) or 1 / 0)
    with pytest.raises(Unreadable):
        lines_of(xlsx(person(1)))
    with zipfile.ZipFile(given[0]) as copy:
        assert {each.compress_type for each in copy.infolist()} == {zipfile.ZIP_STORED}


# The pages.


def url(page: str, run) -> str:
    return reverse(f"admin:courses_enrolment_{page}", args=[run.pk])


def look(client, run, data: bytes, **chosen):
    return client.post(url("import", run), {"content": SimpleUploadedFile("people.csv", data), **chosen})


def signed(answer) -> str:
    return answer.context["signed"]


@pytest.fixture
def client(db, at_nine):
    return client_of(COURSE_OFFICE)


def fates(answer) -> list[str]:
    return [each.fate for each in answer.context["prospects"]]


def test_it_saves_nothing_before_it_is_confirmed(client):
    run = rows.run()
    answer = look(client, run, csv(person(1)))
    assert "Nothing is saved yet." in words(answer)
    assert Enrolment.objects.count() == Message.objects.count() == 0


def test_it_tells_what_would_become_of_each(client):
    run = rows.run(capacity=2, queue_capacity=1)
    rows.enrolment(run, registration_number="DMC/R/00009")
    people = [person(9), person(1), person(1, name="Again"), person(2), person(3), person(4, phone="12")]
    assert fates(look(client, run, csv(*people))) == ["there", "seat", "twice", "full", "full", "wrong"]
    assert fates(look(client, run, csv(*people), queue="on")) == ["there", "seat", "twice", "queue", "full", "wrong"]


def test_it_leaves_a_free_seat_to_whoever_waits(client):
    run = rows.run(closes_at=NOW)
    rows.enrolment(run, status=Status.WAITING)
    assert fates(look(client, run, csv(person(1)))) == ["full"]


def test_it_enrols_those_who_were_shown(client):
    run = rows.run(capacity=1)
    answer = look(client, run, csv(person(1), person(2), person(3, phone="12")), queue="on")
    done = client.post(url("import_confirm", run), {"signed": signed(answer)})
    assert [each.fate for each in done.context["outcomes"]] == ["seat", "queue"]
    first, second = Enrolment.objects.order_by("pk")
    assert (first.status, second.status) == (Status.CONFIRMED, Status.WAITING)
    assert first.source == Source.IMPORT
    assert first.history.first().actor == "course-office"
    told = Message.objects.exclude(kind="courses.reminder")
    assert set(told.values_list("state", flat=True)) == {MessageState.WITHHELD}
    assert taken(run) == 1


def test_it_tells_people_only_where_staff_chose_so(client):
    run = rows.run()
    answer = look(client, run, csv(person(1), person(2, email="")), notify="on")
    assert answer.context["told"] == 1
    client.post(url("import_confirm", run), {"signed": signed(answer)})
    assert Message.objects.filter(kind="courses.enrolled", state=MessageState.QUEUED).count() == 1


def test_it_changes_nothing_when_it_is_sent_twice(client):
    run = rows.run()
    form = {"signed": signed(look(client, run, csv(person(1))))}
    client.post(url("import_confirm", run), form)
    done = client.post(url("import_confirm", run), form)
    assert [each.fate for each in done.context["outcomes"]] == ["there"]
    assert "is in it already" in words(done)
    assert Enrolment.objects.count() == 1
    assert taken(run) == 1


def test_it_brings_nobody_back_who_has_withdrawn_meanwhile(client):
    run = rows.run()
    form = {"signed": signed(look(client, run, csv(person(1))))}
    client.post(url("import_confirm", run), form)
    withdraw(enrolment=Enrolment.objects.get(), by=office(), now=NOW)
    client.post(url("import_confirm", run), form)
    assert Enrolment.objects.get().status == Status.CANCELLED


def test_it_goes_past_no_capacity_that_was_filled_meanwhile(client):
    run = rows.run(capacity=1)
    form = {"signed": signed(look(client, run, csv(person(1))))}
    rows.enrolment(run)
    done = client.post(url("import_confirm", run), form)
    assert "All places of this course are taken." in words(done)
    assert Enrolment.objects.count() == 1


@pytest.mark.parametrize("text", ["", "\0", "forged", "a:b:c", "." * 5000])
def test_it_does_nothing_with_a_forged_form(client, text):
    run = rows.run()
    answer = client.post(url("import_confirm", run), {"signed": text})
    assert "Choose the file again." in words(answer)
    assert not Enrolment.objects.exists()


def test_it_does_nothing_with_the_form_of_another_run(client):
    form = {"signed": signed(look(client, rows.run(), csv(person(1))))}
    assert "another run" in words(client.post(url("import_confirm", rows.run()), form))
    assert not Enrolment.objects.exists()


def test_it_does_nothing_after_an_hour(client, time_machine):
    run = rows.run()
    form = {"signed": signed(look(client, run, csv(person(1))))}
    time_machine.move_to(NOW + LIFE + timedelta(seconds=1))
    assert "older than an hour" in words(client.post(url("import_confirm", run), form))


def test_it_says_at_once_that_a_run_takes_nobody(client):
    run = rows.run(starts_at=rows.clinic_time(2026, 11, 24, 9), opens_at=rows.clinic_time(2026, 11, 1, 9))
    assert "Nobody can enrol" in words(client.get(url("import", run)))


@pytest.mark.parametrize("data", [b"", b"\x89PNG\x81", b"PK\x03\x04", b"\0" * 50, b"a,b\n1,2"])
def test_it_says_on_the_page_what_is_wrong_with_a_file(client, data):
    answer = look(client, rows.run(), data)
    assert answer.status_code == 200
    assert answer.context["form"].errors["content"]


def test_it_asks_for_a_file(client):
    run = rows.run()
    assert "Choose a file." in words(client.post(url("import", run), {}))


def test_it_shows_names_as_text(client):
    answer = look(client, rows.run(), csv(person(1, name="<script>alert(1)</script>")))
    assert "<script>alert" not in answer.text


def test_it_gives_a_template(client):
    answer = client.get(reverse("admin:courses_enrolment_import_template"))
    assert load_workbook(io.BytesIO(answer.content))


# What was paid before.


def bring(client, run, *people: list, **chosen):
    form = {"signed": signed(look(client, run, paying(*people), **chosen))}
    return client.post(url("import_confirm", run), form), form


def test_it_says_what_was_paid_before_it_is_saved(client):
    answer = look(client, rows.run(), paying([*person(1), "10000", "UTR0123"], [*person(2), "", ""]))
    assert "paid ₹ 10,000 UTR0123" in words(answer)
    assert "Noted as received from those who come in: ₹ 10,000" in words(answer)
    assert not Payment.objects.exists()


def test_it_notes_what_was_paid_so_that_nobody_is_overdue(client):
    run = rows.run()
    done, _form = bring(client, run, [*person(1), "10000", ""], [*person(2), "4000", "UTR 0123"], [*person(3), "", ""])
    assert "paid ₹ 10,000" in words(done)
    first, second, third = Enrolment.objects.order_by("pk")
    assert [each.payment_state for each in (first, second, third)] == [Money.PAID, Money.DUE, Money.DUE]
    assert (first.paid, second.owed, third.owed) == (10_000, 6_000, 10_000)
    cash, transfer = Payment.objects.order_by("pk")
    assert {cash.state, transfer.state} == {PaymentState.RECEIVED}
    assert (cash.way, transfer.way, transfer.transaction_number) == (Way.DESK, Way.BANK, "UTR 0123")
    assert cash.answered_by == "course-office"
    assert first not in overdue(run.starts_at)


def test_it_counts_once_what_is_sent_twice(client):
    run = rows.run()
    _done, form = bring(client, run, [*person(1), "4000", ""], [*person(2), "4000", "UTR0123"])
    again = client.post(url("import_confirm", run), form)
    assert [each.fate for each in again.context["outcomes"]] == ["there", "there"]
    assert sorted(Enrolment.objects.values_list("paid", flat=True)) == [4_000, 4_000]
    assert Payment.objects.count() == 2


def test_it_notes_a_payment_before_which_it_was_broken_off(client, monkeypatch):
    run = rows.run()
    monkeypatch.setattr(batch, "_note_payment", lambda *told: 1 / 0)
    form = {"signed": signed(look(client, run, paying([*person(1), "4000", ""])))}
    with pytest.raises(ZeroDivisionError):
        client.post(url("import_confirm", run), form)
    monkeypatch.undo()
    client.post(url("import_confirm", run), form)
    assert Enrolment.objects.get().paid == 4_000


def test_it_writes_of_money_only_where_staff_chose_to_tell(client, settings):
    settings.SENDS_EMAIL = True
    bring(client, rows.run(), [*person(1), "4000", ""])
    assert not Message.objects.exclude(kind="courses.reminder").pending().exists()
    bring(client, rows.run(), [*person(2), "4000", ""], notify="on")
    assert Message.objects.pending().filter(kind="courses.payment_received").count() == 1


def test_it_leaves_those_as_they_are_who_are_there_already(client):
    run = rows.run()
    there = rows.enrolment(run, registration_number="DMC/R/00001", fee=10_000, payment_state="due", pay_by_at=NOW)
    answer = look(client, run, paying([*person(1), "10000", ""]))
    assert fates(answer) == ["there"]
    there.refresh_from_db()
    assert there.paid == 0


def test_it_says_row_by_row_that_a_transaction_number_is_used(client):
    used = rows.payment(rows.enrolment(), transaction_number="UTR 0001", transaction_key="UTR0001")
    people = [[*person(1), "500", "utr-0001"], [*person(2), "500", "UTR0002"], [*person(3), "500", "UTR 0002"]]
    answer = look(client, used.enrolment.run, paying(*people))
    assert fates(answer) == ["wrong", "seat", "wrong"]
    assert "has been used before" in words(answer)
    assert "The same transaction number as in row 3." in words(answer)


def test_it_says_that_a_number_was_used_meanwhile(client):
    run = rows.run()
    form = {"signed": signed(look(client, run, paying([*person(1), "500", "UTR0001"])))}
    rows.payment(rows.enrolment(), transaction_number="UTR0001", transaction_key="UTR0001")
    done = client.post(url("import_confirm", run), form)
    assert "The payment is not noted: This transaction number has been used before." in words(done)
    assert Enrolment.objects.get(run=run).paid == 0


def test_who_waits_and_has_paid_is_owed_it_back(client):
    run = rows.run(capacity=1)
    rows.enrolment(run)
    answer = look(client, run, paying([*person(1), "500", ""]), queue="on")
    assert "stands as to be refunded until there is a place" in words(answer)
    client.post(url("import_confirm", run), {"signed": signed(answer)})
    assert Enrolment.objects.get(status=Status.WAITING).payment_state == Money.REFUND_DUE


# Who may.


def one_who_may(*codenames: str):
    user = member(NO_GROUP)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    browser = Client()
    browser.force_login(user)
    return browser


def test_it_asks_for_the_right_to_enrol(client):
    run = rows.run()
    for may, status in (("change_enrolment", 403), ("add_enrolment", 200)):
        browser = one_who_may(may, "view_enrolment")
        assert browser.get(url("import", run)).status_code == status
        assert (url("import", run) in browser.get(url("roster", run)).text) == (status == 200)


def test_it_takes_no_money_from_whoever_may_not_note_payments(client):
    browser = one_who_may("add_enrolment")
    answer = look(browser, rows.run(), paying([*person(1), "500", ""]))
    assert "may not note payments" in words(answer)
