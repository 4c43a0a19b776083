"""Why somebody cannot be enrolled or moved, in words that may be shown, and the constraints that say the same."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from ipsc.verbs import Refusal

if TYPE_CHECKING:
    from courses.models import Enrolment


class EnrolmentRefused(Refusal):
    """Base of all refusals of the verbs of enrolment."""


class EnrolmentClosed(EnrolmentRefused):
    words = _("Online enrolment is closed at the moment.")


class RunNotOnOffer(EnrolmentRefused):
    words = _("Nobody can enrol in this course at the moment.")


class NotOpenYet(EnrolmentRefused):
    words = _("Enrolment in this course has not opened yet.")


class RunClosed(EnrolmentRefused):
    words = _("Enrolment in this course has closed.")


class RunCancelled(EnrolmentRefused):
    words = _("This course has been cancelled.")


class RunFull(EnrolmentRefused):
    words = _("All places of this course are taken.")


class QueueFull(EnrolmentRefused):
    words = _("All places of this course are taken, and its waiting list is full.")


class AlreadyEnrolled(EnrolmentRefused):
    """`enrolment` is the one that is there, for staff and for a message to whom it belongs; never for the page."""

    words = _("Somebody with this registration number or e-mail address is enrolled already.")
    enrolment: "Enrolment | None" = None


class FeeChanged(EnrolmentRefused):
    words = _("The fee has changed meanwhile. Please look at it again.")


class TooManyEnrolments(EnrolmentRefused):
    words = _(
        "Many people have enrolled with this address or from this connection. Please try again later, or call us."
    )


class TooManyChanges(EnrolmentRefused):
    words = _("This enrolment has been changed many times today. Please try again tomorrow, or call us.")


class TooManySearches(EnrolmentRefused):
    words = _("Many people have looked for an enrolment with this address or from this connection.")


class SameRun(EnrolmentRefused):
    words = _("You are enrolled for these dates already.")


class OtherCourse(EnrolmentRefused):
    words = _("This is another course. You can move to other dates of the same course only.")


class OfferEnded(EnrolmentRefused):
    words = _("The time to accept this place is over.")


class NoAnswer(EnrolmentRefused):
    words = _("Press one of the two buttons: take the place, or leave it to the next person.")


class NotFirst(EnrolmentRefused):
    words = _("Somebody else has waited for longer.")


class WrongStatus(EnrolmentRefused):
    words = _("The enrolment has changed meanwhile; look at it again before you go on.")


class TooLate(EnrolmentRefused):
    words = _("It is too late to change this online. Please call us.")


class CapacityBelowTaken(EnrolmentRefused):
    words = _("More places are taken than that. Move or withdraw people first.")


class RunHasPeople(EnrolmentRefused):
    words = _("People are in this run. Cancel it, so that they are told.")


class TransactionUsed(EnrolmentRefused):
    words = _("This transaction number has been used before. Please look at it again.")


class NothingToPay(EnrolmentRefused):
    words = _("There is nothing to pay for this enrolment.")


class NoPlaceYet(NothingToPay):
    words = _("Nothing is to be paid before a place is yours.")


class NotThisWay(EnrolmentRefused):
    words = _("Choose one of the ways listed.")


class NoTransactionNumber(EnrolmentRefused):
    words = _("Give the transaction number: letters and digits, 60 at most.")


class WrongAmount(EnrolmentRefused):
    words = _("Give the amount in whole rupees, above 0.")


class TooManyClaims(EnrolmentRefused):
    words = _("Several of your payments wait for a check. Please wait for our answer, or call us.")


class PaymentAnswered(EnrolmentRefused):
    words = _("Somebody else has answered this payment meanwhile. Look at it again.")


class MoreThanRefund(EnrolmentRefused):
    words = _("That is more than is there to go back. Look at it again.")


class AttemptUsed(EnrolmentRefused):
    words = _("This form was already sent. You are enrolled once.")


class TooEarly(EnrolmentRefused):
    words = _("It is too early for that: the course has not begun yet.")


REFUSALS = {
    "enrolment_once_per_registration": AlreadyEnrolled,
    "enrolment_once_per_email": AlreadyEnrolled,
    "courses_enrolment_attempt_key": AttemptUsed,
    "run_seats": RunFull,
    "payment_transaction_once": TransactionUsed,
}

# Random values: another draw is as good.
REDRAWN = frozenset({"courses_enrolment_reference_key", "courses_enrolment_public_id_key"})
