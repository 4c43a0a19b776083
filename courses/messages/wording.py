"""What the messages about an enrolment say, in the active language. No name in a subject (rule M2)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from courses.catalogue.cards import Card, language_in_words
from courses.managing.wording import explanation, is_left_out
from courses.managing.wording import heading as heading_of
from courses.models import Enrolment, Mode, Status, Way
from courses.queue import place_in_queue
from courses.terms import last_day_to_pay
from ipsc.dates import clinic_day, day_in_words, in_words
from ipsc.models import Message
from ipsc.templatetags.money import rupees


@dataclass(frozen=True)
class Words:
    """`subject` stands after the clinic's name and before the dates; `action` is what the button says."""

    subject: str
    heading: str
    paragraphs: tuple[str, ...]
    action: str
    ended: bool = False


@dataclass(frozen=True)
class Telling:
    """What the words are made of: the message, the enrolment and its card as they are at `now`."""

    message: Message
    enrolment: Enrolment
    card: Card
    now: datetime

    def fact(self, name: str) -> Any:
        return self.message.facts.get(name)

    def moment(self, name: str) -> datetime | None:
        text = self.fact(name)
        return datetime.fromisoformat(text) if text else None


SEE = gettext_lazy("See your enrolment")
WHY_LINK = {
    "again": gettext_lazy(
        "Somebody has tried to enrol with your details: you, or somebody who typed them. You are enrolled already, and "
        "need do nothing."
    ),
    "lost": gettext_lazy("You, or somebody who knows your reference, has asked for it."),
    "address": gettext_lazy("This address has been given for your enrolment. From now on we write to it."),
    "renewed": gettext_lazy("Our course office has made a new link. The old one opens nothing any more."),
}


def words_of(message: Message, enrolment: Enrolment, card: Card, now: datetime) -> Words:
    """The words of a message of any of our kinds."""
    return TELLERS[message.kind.partition(".")[2]](Telling(message, enrolment, card, now))


def enrolled(told: Telling) -> Words:
    return Words(_("you are enrolled"), _("You are enrolled"), (_kept(), *to_pay(told)), str(SEE))


def _kept() -> str:
    return _("Your place is kept for you.")


def to_pay(told: Telling) -> list[str]:
    """What is owed and until when; nothing where nothing is."""
    enrolment, day = told.enrolment, last_day_to_pay(told.enrolment)
    if not enrolment.owed or day is None:
        return []
    words = _("Please pay %(fee)s by %(day)s, so that the place stays yours. Your page says how.")
    if day < clinic_day(told.now):
        # Nobody is asked to pay by a day that is over; and after the course there is no place to keep.
        words = _("Please pay %(fee)s now. Your page says how.")
    return [words % {"fee": rupees(enrolment.owed), "day": day_in_words(day)}]


def waiting(told: Telling) -> Words:
    place = _("You are number %(place)s on the waiting list.") % {"place": place_in_queue(told.enrolment)}
    offers = _("When a place becomes free, we offer it to whoever has waited longest, and write to you.")
    subject, heading = _("you are on the waiting list"), _("You are on the waiting list")
    if is_left_out(told.enrolment, told.now):
        return Words(subject, heading_of(told.enrolment, told.now), (explanation(told.enrolment, told.now),), str(SEE))
    until = _("The list ends when enrolment closes: %(moment)s.") % {"moment": in_words(told.card.run.closes_at)}
    return Words(subject, heading, (place, offers, until), str(SEE))


def offered(told: Telling) -> Words:
    until = in_words(told.enrolment.offer_ends_at or told.now)
    return Words(
        _("a place for you, until %(moment)s") % {"moment": until},
        _("A place is offered to you"),
        tuple(to_take(told)),
        _("Take it, or leave it to the next"),
    )


def to_take(told: Telling) -> list[str]:
    """Until when an offered place is kept, and what it costs."""
    enrolment = told.enrolment
    until = in_words(enrolment.offer_ends_at or told.now)
    found = [_("A place has become free, and it is kept for you until %(moment)s.") % {"moment": until}]
    found.append(_("If you do not take it by then, it goes to the next person who waits."))
    if fee := told.card.run.fee_at(enrolment.offered_at or told.now):
        found.append(_("The fee is %(fee)s.") % {"fee": rupees(fee)})
    return found


def offer_ended(told: Telling) -> Words:
    gone = _("The place is not kept for you any more.")
    again = _("If you still want to come, you can enrol again. If the course is full, you wait at the end of the list.")
    heading = _("The time to accept the place is over")
    return Words(_("the offer has ended"), heading, (gone, again), str(SEE), ended=True)


def moved(told: Telling) -> Words:
    old = told.moment("old_starts_at")
    paragraphs = []
    if old:
        paragraphs.append(_("The place on %(day)s is no longer yours.") % {"day": day_in_words(clinic_day(old))})
    # Last, since the dates stand below it.
    paragraphs += [*to_pay(told), *to_come_back(told), _("These are your new dates:")]
    return Words(_("you have been moved"), _("You have moved to other dates"), tuple(paragraphs), str(SEE))


def to_come_back(told: Telling) -> list[str]:
    """What comes back; nothing where nothing does."""
    if not told.enrolment.refund:
        return []
    words = _("%(amount)s comes back to you. Our course office sends it by hand.")
    return [words % {"amount": rupees(told.enrolment.refund)}]


def to_be_found(told: Telling) -> list[str]:
    """What becomes of payments that still wait for a check after an end; nothing where none does."""
    enrolment = told.enrolment
    claimed = sum(enrolment.payments.claimed().values_list("amount", flat=True))
    if not claimed:
        return []
    words = _("You told us that you paid %(amount)s, and we have not found it yet.") % {"amount": rupees(claimed)}
    back = enrolment.back_of(claimed)
    if not back:
        return [f"{words} {_('By the terms, nothing of it comes back.')}"]
    return [f"{words} {_('When we have, %(back)s of it comes back.') % {'back': rupees(back)}}"]


def withdrawn(told: Telling) -> Words:
    paragraphs = (explanation(told.enrolment, told.now), *to_come_back(told), *to_be_found(told))
    subject = _("your enrolment has ended")
    if told.enrolment.confirmed_at is None:
        subject = _("you are no longer on the waiting list")
    said = tuple(filter(None, paragraphs))
    return Words(subject, heading_of(told.enrolment, told.now), said, str(SEE), ended=True)


def run_changed(told: Telling) -> Words:
    enrolment = told.enrolment
    paragraphs = [_("We had to change this course, and we are sorry."), *_changes(told)]
    if enrolment.status == Status.CONFIRMED and enrolment.free_to_go:
        paragraphs.append(
            _("If it does not suit you any more, you can move or withdraw until it begins: all you paid comes back.")
        )
    action = str(SEE)
    # It takes the place of an earlier letter that has not gone out yet, and says what that would have said.
    if enrolment.status == Status.OFFERED:
        paragraphs += to_take(told)
        action = _("Take it, or leave it to the next")
    paragraphs += to_pay(told)
    paragraphs.append(_("This is how it is now:"))
    return Words(_("the course has changed"), _("Your course has changed"), tuple(paragraphs), action)


def _changes(told: Telling) -> list[str]:
    """The old dates, mode, venue and language, where they are other ones now."""
    found = []
    if old := told.moment("old_starts_at"):
        found.append(_("It was to begin on %(moment)s.") % {"moment": in_words(old)})
    if old := told.moment("old_ends_at"):
        found.append(_("It was to end on %(moment)s.") % {"moment": in_words(old)})
    if mode := told.fact("old_mode"):
        found.append(_("It was to be: %(mode)s.") % {"mode": Mode(mode).label})
    if "old_venue" in told.message.facts:
        found.append(_old_venue(told))
    if language := told.fact("old_language"):
        values = {"old": language_in_words(language), "new": told.card.language}
        found.append(_("It was to be taught in: %(old)s. Now it is taught in: %(new)s.") % values)
    return found


def _old_venue(told: Telling) -> str:
    """Where it was to be; a run without a venue of its own is at the centre."""
    venue = (get_language() == "hi" and told.fact("old_venue_hi")) or told.fact("old_venue")
    if not venue:
        return _("It was to be at our centre.")
    return _("It was to be at: %(venue)s.") % {"venue": " ".join(venue.split())}


def run_cancelled(told: Telling) -> Words:
    paragraphs = [_("We had to cancel this course, and we are sorry.")]
    if reason := told.card.run.cancel_reason:
        paragraphs.append(reason)
    paragraphs += to_come_back(told)
    heading = _("Your course is cancelled")
    return Words(_("the course is cancelled"), heading, tuple(paragraphs), str(SEE), ended=True)


def payment_due(told: Telling) -> Words:
    paragraphs = [_("We have not found your payment of %(fee)s yet.") % {"fee": rupees(told.enrolment.owed)}]
    if last := told.moment("last_day"):
        paragraphs.append(
            _("Please pay, or tell us on your page that you have, by %(moment)s.") % {"moment": in_words(last)}
        )
        paragraphs.append(_("After that, your place may go to somebody else."))
    return Words(_("your payment"), _("Your payment is overdue"), tuple(paragraphs), _("How to pay"))


def payment_received(told: Telling) -> Words:
    amount = _("We have received %(amount)s. Thank you.") % {
        "amount": rupees(told.fact("amount") or told.enrolment.paid)
    }
    paragraphs = (amount, *to_pay(told), *to_come_back(told))
    return Words(_("payment received"), _("We have received your payment"), paragraphs, str(SEE))


def payment_refused(told: Telling) -> Words:
    paragraphs = [_("We have looked for the payment that you told us of, and have not found it.")]
    if reason := told.fact("reason"):
        paragraphs.append(str(reason))
    paragraphs.append(_("Check the number in your app or with your bank, and tell us again, or call us."))
    paragraphs += to_pay(told)
    return Words(_("payment not found"), _("We have not found your payment"), tuple(paragraphs), _("How to pay"))


def refunded(told: Telling) -> Words:
    way = told.fact("way")
    values = {
        "amount": rupees(told.fact("amount") or 0),
        "way": Way(way).label if way in Way.values else "",
        "number": told.fact("number"),
    }
    words = _("We have sent %(amount)s back to you.")
    if values["way"]:
        words = _("We have sent %(amount)s back to you: %(way)s.")
    if values["way"] and values["number"]:
        words = _("We have sent %(amount)s back to you: %(way)s, transaction number %(number)s.")
    return Words(_("refund sent"), _("Your money is on its way"), (words % values, *to_come_back(told)), str(SEE))


def reminder(told: Telling) -> Words:
    paragraphs = (_("We look forward to seeing you."), *to_pay(told))
    return Words(_("reminder"), _("Your course is soon"), paragraphs, str(SEE))


def link(told: Telling) -> Words:
    said = _("By this link you see how things stand, correct your details, move to other dates or withdraw.")
    why = str(WHY_LINK.get(told.fact("why"), ""))
    return Words(_("your link"), _("The link to your enrolment"), tuple(filter(None, (why, said))), str(SEE))


TELLERS: dict[str, Callable[[Telling], Words]] = {
    teller.__name__: teller
    for teller in (
        enrolled,
        waiting,
        offered,
        offer_ended,
        moved,
        withdrawn,
        run_changed,
        run_cancelled,
        payment_due,
        payment_received,
        payment_refused,
        refunded,
        reminder,
        link,
    )
}
