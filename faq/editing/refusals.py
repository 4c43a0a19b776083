"""What the verbs refuse, in words for staff."""

from django.utils.translation import gettext_lazy as _

from ipsc.verbs import Refusal


class EditingRefused(Refusal):
    """Base of all that is refused here."""


class SavedMeanwhile(EditingRefused):
    words = _("Somebody else has saved this text since you opened it. Nothing of yours is lost: look at both.")


class MayNotPublish(EditingRefused):
    words = _("Your account may write, but not publish. Send the draft to the doctor instead.")


class NothingToPublish(EditingRefused):
    words = _("There is no draft: what is published is the newest text.")


class AnswerMissing(EditingRefused):
    words = _("The draft has no answer yet. Write one first.")


class AddressTaken(EditingRefused):
    words = _("This address led to another page before, and links to it still do. Choose another address.")


class AddressUsed(EditingRefused):
    words = _("Another page has this address already. Choose another one.")


class NotReviewable(EditingRefused):
    words = _("The text has been published anew meanwhile. Please read it once more.")


class NoDoctor(EditingRefused):
    words = _("A sample is no person and cannot have reviewed anything. Choose one of the clinic’s own doctors.")


class BadDates(EditingRefused):
    words = _("A review is not in the future, and the next one is due later than it.")
