"""What a reader of the catalogue looks for, from the query of the address; pure but for `fitting`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.models import Category, Level, Mode

FREE = "free"
NAMES = {
    "category": gettext_lazy("Subject"),
    "mode": gettext_lazy("On-site or online"),
    "level": gettext_lazy("Level"),
    "places": gettext_lazy("Places"),
}
CHOICES: dict[str, dict[str, object]] = {
    "category": dict(Category.choices),
    "mode": dict(Mode.choices),
    "level": dict(Level.choices),
    "places": {FREE: gettext_lazy("places free")},
}


@dataclass(frozen=True)
class Filters:
    """One value of each name in CHOICES, or none."""

    category: str = ""
    mode: str = ""
    level: str = ""
    places: str = ""

    def __bool__(self) -> bool:
        return any(getattr(self, each.name) for each in fields(self))

    @property
    def query(self) -> str:
        """As it stands at the end of an address, with its question mark; empty without any."""
        chosen = {each.name: value for each in fields(self) if (value := getattr(self, each.name))}
        return f"?{urlencode(chosen)}" if chosen else ""

    def chosen(self) -> Iterator[tuple[object, "Filters"]]:
        """The name of each value that is chosen, with what is left without it."""
        for name, choices in CHOICES.items():
            if value := getattr(self, name):
                yield choices[value], replace(self, **{name: ""})


@dataclass(frozen=True)
class Option:
    """A link that adds a value, or takes it away where it is `current`."""

    label: object
    query: str
    current: bool


def read(values: Mapping[str, str]) -> Filters:
    """What an address asks for; what is unknown is left out."""
    known = {name: values.get(name, "") for name in CHOICES}
    return Filters(**{name: value for name, value in known.items() if value in CHOICES[name]})


def groups(filters: Filters) -> list[tuple[object, list[Option]]]:
    """All links by which one narrows down, under the name of each group."""
    return [
        (NAMES[name], [option(filters, name, value, label) for value, label in choices.items()])
        for name, choices in CHOICES.items()
    ]


def option(filters: Filters, name: str, value: str, label: object) -> Option:
    current = getattr(filters, name) == value
    after = replace(filters, **{name: "" if current else value})
    return Option(label, after.query, current)


def in_words(filters: Filters) -> str:
    """What is chosen, as a list for a sentence."""
    return _(", ").join(str(label) for label, _left in filters.chosen())
