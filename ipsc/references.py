"""What the database itself asks of a reference: nine digits, of which the last one is right (docs/adr/0002)."""

import functools
import operator
import re
from collections.abc import Callable

from anyascii import anyascii
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Mod, Ord, Substr
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from ipsc.identifiers import REFERENCE_DIGITS


def _digit(place: int):
    return Ord(Substr("reference", place, 1)) - Value(ord("0"))


def _luhn_sum():
    """The Luhn sum of the reference in SQL; twice a digit has the digit sum 2d - 9 (d div 5)."""
    single = [_digit(place) for place in range(REFERENCE_DIGITS, 0, -2)]
    doubled = [_digit(place) * 2 - (_digit(place) / 5) * 9 for place in range(REFERENCE_DIGITS - 1, 0, -2)]
    return functools.reduce(operator.add, single + doubled)


def reference_constraints(prefix: str) -> tuple[models.CheckConstraint, models.CheckConstraint]:
    """The constraints of a model with a `reference`; their names begin with `prefix`."""
    return (
        models.CheckConstraint(
            condition=Q(reference__regex=r"^[1-9][0-9]{8}$"),
            name=f"{prefix}_reference_digits",
            violation_error_message=_("A reference has nine digits."),
        ),
        models.CheckConstraint(
            condition=Exact(Mod(_luhn_sum(), 10), 0),
            name=f"{prefix}_reference_check_digit",
            violation_error_message=_("The last digit of the reference is wrong."),
        ),
    )


def finder(model: type[models.Model]) -> Callable[[str], list[int]]:
    """A search for the row of a model with a reference, however its digits are spaced: its id, or nothing."""

    def find(text: str) -> list[int]:
        digits = re.sub(r"[\s-]", "", anyascii(text))
        if not re.fullmatch(rf"\d{{{REFERENCE_DIGITS}}}", digits):
            return []
        return list(model._default_manager.filter(reference=digits).values_list("pk", flat=True))

    return find
