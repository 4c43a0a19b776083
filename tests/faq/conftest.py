import copy

import pytest
import time_machine
from django.apps import apps
from django.db import models
from django.utils import translation

from faq import content
from faq.search import lay
from ipsc.history import SITE
from tests.factories import NOW


@pytest.fixture(autouse=True)
def english():
    """A request in Hindi leaves its language behind in this thread; the next test begins in English."""
    with translation.override("en"):
        yield


@pytest.fixture
def at_nine():
    """The clock stands at 09:00 of the tests' day."""
    with time_machine.travel(NOW, tick=False):
        yield NOW


# What `load_faq` makes takes half a second; its rows are put in again as they were for each test that wants them.
_kept: list[tuple[type[models.Model], list[models.Model]]] = []


@pytest.fixture
def loaded(db):
    """The fourteen questions, as `load_faq` leaves them."""
    if not _kept:
        lay.load()
        content.load(by=SITE, now=NOW)
        found = apps.get_app_config("faq").get_models(include_auto_created=True)
        _kept.extend((model, rows) for model in found if (rows := list(model._base_manager.all())))
    else:
        # References are looked at when the transaction ends, and it never does.
        for model, rows in _kept:
            model._base_manager.bulk_create(copy.deepcopy(rows))
