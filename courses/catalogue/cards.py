"""A run as a card or a section of a page shows it; pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from courses.catalogue.standing import Standing, State, standing
from courses.models import Category, Course, CourseRun, Faculty, Mode, ProgrammeItem
from courses.terms import terms_in_words
from ipsc.dates import clinic_day, day_and_month, day_in_words, day_soon, last_day, time_of_day, weekday
from ipsc.models import ClinicSettings
from ipsc.templatetags.ipsc import staff_plain
from ipsc.templatetags.money import rupees


@dataclass(frozen=True)
class Card:
    """A run at a moment; `fee` is what somebody who has a place now pays, whole INR."""

    run: CourseRun
    standing: Standing
    fee: int
    clinic: ClinicSettings
    now: datetime

    @property
    def course(self) -> Course:
        return self.run.course

    @property
    def titled(self) -> CourseRun | Course:
        """Whose title stands above it."""
        return self.run if self.run.title else self.run.course

    @property
    def first_day(self) -> date:
        return clinic_day(self.run.starts_at)

    @property
    def last_day(self) -> date:
        """The day on which it ends; one that ends at midnight ends on the day before."""
        return last_day(self.run.ends_at)

    @property
    def is_one_day(self) -> bool:
        return self.first_day == self.last_day

    @property
    def days(self) -> str:
        """“Saturday 9 January 2027”, or the first and the last day."""
        if self.is_one_day:
            return day_in_words(self.first_day)
        begins = day_soon(self.first_day) if self.first_day.year == self.last_day.year else day_in_words(self.first_day)
        return _("%(first)s to %(last)s") % {"first": begins, "last": day_in_words(self.last_day)}

    @property
    def short_last(self) -> str:
        return day_and_month(self.last_day)

    @property
    def clock(self) -> str:
        """“9:00 am – 5:00 pm”; of several days, “Sat 9:00 am – Sun 1:00 pm”."""
        begins, ends = time_of_day(self.run.starts_at), time_of_day(self.run.ends_at)
        if not self.is_one_day:
            begins, ends = _at(self.first_day, begins), _at(self.last_day, ends)
        return _("%(start)s – %(end)s") % {"start": begins, "end": ends}

    @property
    def language(self) -> str:
        return language_in_words(self.run.language)

    @property
    def price(self) -> str:
        return rupees(self.fee)

    @property
    def later_price(self) -> str:
        return rupees(self.run.fee)

    @property
    def is_early(self) -> bool:
        return self.fee < self.run.fee

    @property
    def is_live(self) -> bool:
        """Whether one may still take part in it."""
        return self.standing.state not in (State.PAST, State.CANCELLED, State.UNDER_WAY)

    @property
    def has_place(self) -> bool:
        """Whether people come to a place for it."""
        return self.run.mode != Mode.ONLINE

    @property
    def place(self) -> CourseRun | ClinicSettings:
        """Whose address it is at: the run's own venue, else the centre's."""
        return self.run if self.run.venue or self.run.venue_hi else self.clinic

    @property
    def place_field(self) -> str:
        return "venue" if isinstance(self.place, CourseRun) else "address"

    @property
    def city(self) -> str:
        """The last line of the address, where people expect the town; for a card."""
        lines = [
            line.strip(" ,") for line in staff_plain(self.place, self.place_field).splitlines() if line.strip(" ,")
        ]
        return lines[-1] if lines else ""

    @property
    def phone(self):
        """Whom one calls about it; empty where staff have entered none."""
        return phone_of(self.run, self.clinic)

    @property
    def terms(self) -> list[str]:
        return terms_in_words(self.run, self.now)


def _at(day: date, clock: str) -> str:
    """“Sat 9:00 am”, which no line breaks."""
    return f"{weekday(day)} {clock}".replace(" ", "\u00a0")


def phone_of(run: CourseRun, clinic: ClinicSettings):
    return run.phone or clinic.course_phone or clinic.phone


def language_in_words(typed: str) -> str:
    """A language of teaching; of what staff have typed, these three are known in the page's language."""
    known = {
        # With a context, since the switch of languages names each in itself.
        "english": pgettext("language of teaching", "English"),
        "hindi": pgettext("language of teaching", "Hindi"),
        "english and hindi": pgettext("language of teaching", "English and Hindi"),
    }
    return known.get(typed.strip().casefold(), typed)


def subjects_of(course: Course) -> str:
    """The categories of a course, as a list."""
    names = dict(Category.choices)
    return _(", ").join(str(names[each]) for each in course.categories if each in names)


def card(run: CourseRun, *, clinic: ClinicSettings, now: datetime) -> Card:
    """`run` comes with its `waiting`, as the queries of `looking` give it."""
    phone, waiting = phone_of(run, clinic), run.waiting  # type: ignore[attr-defined]
    number = phone.as_international if phone else ""
    told = standing(run, waiting=waiting, now=now, enrolment_open=clinic.enrolment_open, phone=number)
    return Card(run, told, run.fee_at(now), clinic, now)


def cards(runs: Iterable[CourseRun], *, clinic: ClinicSettings, now: datetime) -> list[Card]:
    return [card(each, clinic=clinic, now=now) for each in runs]


@dataclass(frozen=True)
class Part:
    """An item of a programme, with its speaker where the public may see who that is."""

    item: ProgrammeItem
    speaker: Faculty | None


def by_day(items: Iterable[ProgrammeItem], faculty: Iterable[Faculty]) -> list[tuple[date, list[Part]]]:
    """A programme, in order, day by day."""
    known = {each.pk: each for each in faculty}
    parts = [Part(each, known.get(each.speaker_id or 0)) for each in items]
    return [(day, list(found)) for day, found in groupby(parts, key=lambda part: clinic_day(part.item.starts_at))]
