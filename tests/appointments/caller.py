"""The verbs of `appointments.calling` as tests call them, and somebody at a browser who wants to be called."""

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from appointments import calling
from appointments.calling import Caller
from appointments.calling.refusals import CallRefused
from appointments.models import CallBack
from ipsc.history import PATIENT
from tests import factories
from tests.people import Patient

TYPED = {
    "name": "Caller One",
    "phone": "98000 00001",
    "language": "en",
    "best_time": "any",
    "about": "",
    "consent": "on",
}


def caller(**fields) -> Caller:
    values = {"name": "Caller One", "phone": factories.phone(1), "consent_version": factories.CONSENT}
    return Caller(**(values | fields))


def ask(**options) -> CallBack:
    """Ask for a call as the public does; what the caller says can be named too."""
    said = {name: options.pop(name) for name in Caller.__dataclass_fields__ if name in options}
    values = {"caller": caller(**said), "attempt": uuid.uuid4(), "by": PATIENT, "now": factories.NOW}
    return calling.ask_for_call(**(values | options))


@contextmanager
def refused(refusal: type[CallRefused], words: str) -> Iterator[None]:
    """The block ends in this refusal, says so in these words, and leaves every request as it was."""
    before = everything()
    with pytest.raises(refusal) as error:
        yield
    assert type(error.value) is refusal
    assert words in str(error.value)
    assert everything() == before


def everything() -> tuple[list[dict], list[tuple]]:
    """All requests with all that was recorded about them."""
    return (
        list(CallBack.objects.order_by("pk").values()),
        list(CallBack.history.order_by("history_id").values_list("history_id", "id", "state")),
    )


def records(call: CallBack) -> list[tuple[str, str, str, str]]:
    """What history says, oldest first: kind of change, actor, reason, state."""
    rows = call.history.order_by("history_id")
    return list(rows.values_list("history_type", "actor", "history_change_reason", "state"))


class CallerAtBrowser(Patient):
    """Goes to the form, and sends it."""

    @property
    def form_url(self) -> str:
        return self.address("call_me_back")

    def open(self, **query):
        """Look at the form, and keep the id that it carries."""
        page = self.client.get(self.form_url, query)
        found = re.search(r'name="attempt" value="([0-9a-f-]{36})"', page.text)
        self.attempt = uuid.UUID(found[1]) if found else None
        return page

    def send(self, came_from: str = "", **typed):
        """Send the form with good answers but for those named; `None` leaves one out."""
        if self.attempt is None:
            self.open()
        values = TYPED | {"attempt": str(self.attempt)} | typed
        url = f"{self.form_url}?from={came_from}" if came_from else self.form_url
        return self.client.post(url, {name: value for name, value in values.items() if value is not None})
