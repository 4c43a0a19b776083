"""The pages that everybody may find, in one list, and what a program reads in a page. For all tests that walk them."""

import json
from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.urls import reverse
from django.utils import translation

from appointments.models import Clinician, Service
from courses.catalogue.months import month_url
from courses.models import Course, CourseRun
from faq.models import Question, Topic
from ipsc.dates import now
from tests import factories
from tests.courses import rows
from tests.faq import writers
from tests.people import Clinic, make_clinic

LANGUAGES = ("en", "hi")
# URL names; those of ROWS are asked for with the slug of a row that the public may see.
NAMES = (
    "home",
    "contact",
    "doctors",
    "treatments",
    "privacy",
    "appointments:urgent",
    "faq:topics",
    "courses:catalogue",
)
ROWS = {"doctor": Clinician, "treatment": Service}
# Those of the FAQ have addresses of their own.
OF_FAQ = {"faq:topic": Topic, "faq:question": Question}
# A course by its address, and the months in which one runs.
OF_COURSES = {"courses:course", "courses:month"}


def addresses(language: str) -> list[str]:
    """The addresses of all public pages in one language; of doctors and treatments, those that are public now."""
    with translation.override(language):
        found = [reverse(name) for name in NAMES]
        for name, model in ROWS.items():
            found += [reverse(name, args=[row.slug]) for row in model.objects.public()]
        found += [row.get_absolute_url() for row in Topic.objects.published()]
        found += [row.get_absolute_url() for row in Question.objects.published(now()).select_related("topic")]
        found += [row.get_absolute_url() for row in Course.objects.public()]
        found += sorted({month_url(row.month) for row in CourseRun.objects.public()})
    return found


def make_open_house() -> Clinic:
    """A clinic of which everything is known, in both languages, with two of each, so that pages could be mixed up."""
    clinic = make_clinic()
    row = clinic.settings
    row.phone = row.second_phone = row.whatsapp = "+911145678901"
    row.address, row.map_url, row.email = "Plot 1\nNew Delhi", "https://maps.example/x", "desk@clinic.example"
    row.languages = "Hindi, English"
    row.directions = row.access = row.parking = "Ask at the gate."
    row.save()
    clinic.service.name_hi, clinic.clinician.name_hi = "पहली मुलाक़ात", "रीढ़ विशेषज्ञ"
    clinic.service.save()
    clinic.clinician.council, clinic.clinician.registration_number = "Delhi Medical Council", "DMC/1"
    clinic.clinician.save()
    other = factories.service(name="Bone cement", name_hi="हड्डी का सीमेंट", medical_name="vertebroplasty")
    factories.hours(factories.clinician(services=[other], name="Consultant, pain", name_hi="दर्द विशेषज्ञ"))
    for text in (("Foundations of pain medicine", "दर्द चिकित्सा की नींव"), ("Cancer pain", "कैंसर का दर्द")):
        course = rows.course(title=text[0], title_hi=text[1])
        rows.item(rows.run(course=course, fee_includes="Lunch", fee_includes_hi="दोपहर का खाना"), title_hi="भाषण")
    rows.run(course=course, starts_at=factories.clinic_time(2027, 2, 13, 9))
    course.authors.set([rows.faculty(name_hi="विशेषज्ञ"), rows.faculty(name_hi="डॉक्टर")])
    for text in (("First topic", "पहला विषय"), ("Second topic", "दूसरा विषय")):
        topic = writers.topic(title=text[0], title_hi=text[1])
        row = writers.published(writers.question(of=topic), writers.draft(f"What of the {text[0].lower()}?"))
        writers.published(row.question, writers.draft(f"{text[1]} क्या है?", "<p>हाँ।</p>"), "hi")
    return clinic


@dataclass
class Tag:
    """An element: its name, its attributes, and the text in it up to its end."""

    name: str
    attributes: dict[str, str]
    text: str = ""


@dataclass
class Read:
    """A page as a program reads it."""

    tags: list[Tag] = field(default_factory=list)

    def all(self, name: str, /, **attributes: str) -> list[Tag]:
        """The elements of this name with these attributes (`type_="x"` where Python needs the name itself)."""
        wanted = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()}
        return [tag for tag in self.tags if tag.name == name and wanted.items() <= tag.attributes.items()]

    def one(self, name: str, /, **attributes: str) -> Tag:
        found = self.all(name, **attributes)
        assert len(found) == 1, f"{len(found)} × <{name}> {attributes}"
        return found[0]

    @property
    def title(self) -> str:
        return " ".join(self.one("title").text.split())

    @property
    def description(self) -> str:
        return " ".join(self.one("meta", name="description").attributes["content"].split())

    @property
    def canonical(self) -> str | None:
        found = self.all("link", rel="canonical")
        assert len(found) <= 1
        return found[0].attributes["href"] if found else None

    @property
    def alternates(self) -> dict[str, str]:
        """The addresses of the page by language, as its head tells them."""
        links = [tag.attributes for tag in self.all("link", rel="alternate")]
        assert len({each["hreflang"] for each in links}) == len(links)
        return {each["hreflang"]: each["href"] for each in links}

    @property
    def blocks(self) -> list[dict]:
        """The JSON-LD of the page."""
        return [json.loads(tag.text) for tag in self.all("script", type_="application/ld+json")]

    @property
    def links(self) -> list[str]:
        """Where the reader can go from here."""
        return [tag.attributes["href"] for tag in self.all("a") if "href" in tag.attributes]

    @property
    def loaded(self) -> list[str]:
        """What a browser fetches with the page, as far as the page says so itself."""
        links = [tag.attributes for tag in self.all("link") if not set(tag.attributes["rel"].split()) & NOT_LOADED]
        sources = [
            tag.attributes[key] for tag in self.tags for key in ("src", "srcset", "poster") if key in tag.attributes
        ]
        return [each["href"] for each in links] + sources


NOT_LOADED = {"canonical", "alternate", "author", "license", "help", "next", "prev"}


def read(text: str) -> Read:
    """Read a page, or a piece of one."""
    parser = _Parser(convert_charrefs=True)
    parser.feed(text)
    parser.close()
    return parser.page


def blocks_of(text: str) -> list[dict]:
    return read(text).blocks


class _Parser(HTMLParser):
    def __init__(self, **options) -> None:
        super().__init__(**options)
        self.page = Read()
        self.open: list[Tag] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = Tag(tag, {name: value or "" for name, value in attrs})
        self.page.tags.append(found)
        self.open.append(found)

    def handle_data(self, data: str) -> None:
        for tag in self.open:
            tag.text += data

    def handle_endtag(self, tag: str) -> None:
        for index in range(len(self.open) - 1, -1, -1):
            if self.open[index].name == tag:
                del self.open[index:]
                return
