"""Why a call cannot be asked for or recorded, in words that may be shown."""

from django.utils.translation import gettext_lazy as _

from ipsc.verbs import Refusal


class CallRefused(Refusal):
    """Base of all refusals of these verbs."""


class CallBackClosed(CallRefused):
    words = _("We cannot call anybody back at the moment.")


class TooManyCalls(CallRefused):
    """Of the phone or of the address: the words do not tell which, and so say nothing about a number (rule B4)."""

    words = _("Many calls have been asked for with this number or from this connection today.")


class CallAskedFor(CallRefused):
    words = _("This form was already sent. We call you once.")


class CallChanged(CallRefused):
    words = _("Somebody has changed this request meanwhile. This is how it stands now.")


class NoReason(CallRefused):
    words = _("Say why nobody calls.")


REFUSALS = {
    "appointments_callback_attempt_key": CallAskedFor,
    "call_back_dropped": NoReason,
}

# A random value: another draw is as good.
REDRAWN = frozenset({"appointments_callback_public_id_key"})
