"""All of the FAQ as one file: read back. Rows are known by their public ids."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar, cast

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, connection, models, transaction
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from appointments.models import Clinician, Service
from faq.editing.placing import amend_question, amend_topic
from faq.editing.rights import demand_publisher
from faq.html import clean
from faq.models import CONTENT, Language, LayWord, OldQuestionSlug, OldTopicSlug, Question, Topic, Wording
from faq.models.question import EARLIEST, LATEST
from faq.models.wording import LONGEST_ANSWER
from faq.search import entries
from faq.transfer.shape import ANSWERS, FORMAT, LAY_WORD, QUESTION, REVIEW, TOPIC, WORDING
from ipsc import pictures
from ipsc.dates import clinic_day
from ipsc.history import Actor, acting, save_as
from ipsc.verbs import Refusal, verb

WHY = "import"
LOCK = 0x1F5D  # the one of `faq.content`
Row = TypeVar("Row", bound=models.Model)


class NotAnExport(Refusal):
    words = _("This is not a file that was exported here.")


class NotImportable(Refusal):
    """The file is one of ours, but something in it cannot be kept; `words` say what."""


@dataclass
class Imported:
    """What an import has made or changed, by what staff call it; `left_out` is what the site could not take."""

    made: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    same: int = 0
    left_out: list[str] = field(default_factory=list)


@verb(refusals={})
def load(*, data: bytes, by: Actor, now: datetime, dry: bool = False) -> Imported:
    """Make everything here as the file says it; what it does not name stays as it is.

    Answers are cleaned like any other (rule F1). With `dry` nothing is kept, and what would be done is told.

    :raises MayNotPublish: `by` has not the right.
    :raises NotAnExport: the file is something else.
    :raises NotImportable: something in it breaks a rule of the site.
    """
    demand_publisher(by)
    found = read(data)
    one_at_a_time()
    with transaction.atomic():
        try:
            done = Import(by, now).run(found)
        except (KeyError, TypeError, AttributeError, ValueError, OverflowError, RecursionError) as error:
            raise NotAnExport from error
        except (IntegrityError, DataError) as error:
            raise NotImportable(_("Something in the file contradicts itself, or what is here already.")) from error
        transaction.set_rollback(dry)
    return done


def one_at_a_time() -> None:
    """Wait until no other transaction loads or imports; the lock ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def read(data: bytes) -> dict[str, Any]:
    """The file as a dict.

    :raises NotAnExport: it is no JSON of ours, or holds what no database can store.
    """
    try:
        text = data.decode()
        found = json.loads(text)
        # NUL and lone surrogates, which JSON can say and PostgreSQL cannot.
        json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise NotAnExport from error
    if not isinstance(found, dict) or found.get("format") != FORMAT or "\\u0000" in text:
        raise NotAnExport
    return found


class Import:
    """One import. `questions` are those of the file by public id, for what refers to them."""

    def __init__(self, by: Actor, now: datetime) -> None:
        self.by, self.now = by, now
        self.done = Imported()
        self.topics: dict[str, Topic] = {}
        self.questions: dict[str, Question] = {}

    def run(self, found: dict[str, Any]) -> Imported:
        for each in found["pictures"]:
            self.picture(each)
        for each in found["lay_words"]:
            self.lay_word(each)
        for each in found["topics"]:
            self.topic(each)
        for each in found["topics"]:
            for told in each["questions"]:
                self.question(self.topics[each["public_id"]], told)
        for each in found["topics"]:
            self.links(each)
        entries.write([row.pk for row in self.questions.values()])
        return self.done

    def picture(self, told: Mapping[str, str]) -> None:
        try:
            content = base64.b64decode(told["content"], validate=True)
            if pictures.take(content).pk != told["digest"]:
                raise NotImportable(_("A picture in the file is not the one that its text names."))
        except (binascii.Error, ValidationError) as error:
            raise NotImportable(_("A picture in the file cannot be read.")) from error

    def lay_word(self, told: Mapping[str, Any]) -> None:
        row = LayWord.objects.filter(words=told["words"]).first() or LayWord()
        if self.fill(row, told, LAY_WORD, str(told["words"])):
            row.save()

    def topic(self, told: Mapping[str, Any]) -> None:
        row = Topic.objects.filter(public_id=told["public_id"]).first() or Topic()
        before = Topic.objects.filter(pk=row.pk).first()
        row.service = self.named(Service, told["service"])
        if self.fill(row, told, TOPIC, str(told["title"]), before, also=("service",)):
            if before:
                values = {name: getattr(row, name) for name in (*TOPIC, "service")}
                row = amend_topic(topic=before, values=values, by=self.by, now=self.now, why=WHY)
            else:
                save_as(row, by=self.by, why=WHY)
        self.topics[row.public_id] = row

    def question(self, topic: Topic, told: Mapping[str, Any]) -> None:
        row = Question.objects.filter(public_id=told["public_id"]).first() or Question()
        before = Question.objects.filter(pk=row.pk).first()
        row.topic, row.reviewer = topic, self.named(Clinician, told["reviewer"])
        label = next((each["title"] or each["draft_title"] for each in told["wordings"].values()), told["slug"])
        if self.fill(row, told, QUESTION, str(label), before, also=("topic", "reviewer")):
            if before:
                values = {name: getattr(row, name) for name in (*QUESTION, "topic", "reviewer")}
                row = amend_question(question=before, values=values, by=self.by, now=self.now, why=WHY)
            else:
                save_as(row, by=self.by, why=WHY)
        self.questions[row.public_id] = row
        for language, text in told["wordings"].items():
            self.wording(row, Language(language), text, str(label))

    def wording(self, question: Question, language: Language, told: Mapping[str, Any], label: str) -> None:
        # As whoever saves meanwhile does: the two must not count the same change.
        Question.objects.select_for_update(no_key=True).get(pk=question.pk)
        before = Wording.objects.filter(question=question, language=language).first()
        row = Wording.objects.get(pk=before.pk) if before else Wording(question=question, language=language)
        told = {**told, **{name: clean(told[name]) for name in ANSWERS if len(told[name]) <= LONGEST_ANSWER}}
        is_other = before is not None and any(getattr(before, name) != told[name] for name in CONTENT)
        if before is not None and is_other and told["version"] <= before.version:
            # Versions never go back: reviews and translations hold for the one that they name.
            told |= {"version": before.version + 1, "reviewed_by": None}
        doctor = self.named(Clinician, told["reviewed_by"])
        if doctor is not None and doctor.is_sample:
            doctor = None
        if doctor is None or not self.holds(told):
            doctor = None
            told |= dict.fromkeys(REVIEW)
        row.reviewed_by = doctor
        if self.fill(row, told, WORDING, f"{label} ({language.label})", before, also=("reviewed_by",)):
            row.sequence += 1
            save_as(row, by=self.by, why=WHY)

    def holds(self, told: Mapping[str, Any]) -> bool:
        """Whether a review may be believed: its day has come."""
        day = parse_date(str(told["reviewed_on"]))
        return day is not None and day <= clinic_day(self.now)

    def links(self, told: Mapping[str, Any]) -> None:
        """What refers to rows that had to be there first: old addresses, and related questions."""
        topic = self.topics[told["public_id"]]
        for slug in told["old_slugs"]:
            OldTopicSlug.objects.get_or_create(slug=slug, defaults={"topic": topic})
        for each in told["questions"]:
            question = self.questions[each["public_id"]]
            for public_id, slug in each["old_slugs"]:
                old = self.topics.get(public_id) or Topic.objects.filter(public_id=public_id).first()
                if old is not None:
                    OldQuestionSlug.objects.get_or_create(topic=old, slug=slug, defaults={"question": question})
            related = Question.objects.filter(public_id__in=each["related"])
            if set(related) != set(question.related.all()):
                with acting(question, by=self.by, why=WHY):
                    question.related.set(related)

    def fill(
        self,
        row: Row,
        told: Mapping[str, Any],
        names: tuple[str, ...],
        label: str,
        before: models.Model | None = None,
        also: tuple[str, ...] = (),
    ) -> bool:
        """Give a row what the file says of it, unsaved; say whether that is anything new.

        :raises NotImportable: it breaks a rule of the site.
        """
        before = before or (type(row)._default_manager.filter(pk=row.pk).first() if row.pk else None)
        try:
            for name in names:
                column = cast("models.Field", row._meta.get_field(name))
                # The database bounds no long text, and cleaning one takes its time.
                if column.max_length and len(str(told[name] or "")) > column.max_length:
                    raise ValidationError(_("A text is too long."), code="long")
                value = column.to_python(told[name])
                if isinstance(value, datetime) and not EARLIEST <= value <= LATEST:
                    raise ValidationError(_("Give a moment of the years 2000 to 2199."), code="moment")
                setattr(row, name, value)
            row.full_clean(validate_unique=before is None)
        except ValidationError as error:
            raise NotImportable(f"{label[:80]}: {'; '.join(error.messages)}") from error
        if before is not None and all(getattr(before, name) == getattr(row, name) for name in (*names, *also)):
            self.done.same += 1
            return False
        (self.done.changed if before else self.done.made).append(label)
        return True

    def named(self, model: type[Row], slug: str | None) -> Row | None:
        """The doctor or the visit of this address; None, and told, where there is none."""
        if slug is None:
            return None
        row = model._default_manager.filter(slug=str(slug)).first()
        if row is None and str(slug) not in self.done.left_out:
            self.done.left_out.append(str(slug))
        return row
