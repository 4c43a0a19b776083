"""From which page somebody came: what an address may say, and what it means to staff."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import QueryDict

from ipsc import origins
from ipsc.identifiers import ALPHABET, opaque_id
from ipsc.origins import Origin

BEST = "q-23kfm9bcdf"
# Neither of a registered kind and an opaque id, nor of a length that can be stored.
NONE = [
    "",
    "q",
    "q-",
    "-23kfm9bcdf",
    "23kfm9bcdf",
    "x-23kfm9bcdf",
    "Q-23kfm9bcdf",
    "q-23KFM9BCDF",
    "q-knee",
    "q-0123456789",
    "q_23kfm9bcdf",
    "q–23kfm9bcdf",
    "q-23kfm9bcdf-q",
    "q-q-23kfm9bcdf",
    " q-23kfm9bcdf",
    "q-23kfm9bcdf\n",
    "q-23kfm9\0cdf",
    "\0",
    "q-२३४५६७८९२३",
    "q-２３４５６７８９２３",
    "ｑ-23kfm9bcdf",
    "q-घुटना",
    "‮q-23kfm9bcdf",
    "q-" + "2" * 19,
    "q-" + "2" * 10_000,
    "q" * 10_000,
    "q-<b>",
    "q-%32%33",
    "../../admin",
    "' OR 1=1 --",
]


class Pages:
    """A resolver that notes what it was asked."""

    def __init__(self, **known: str) -> None:
        self.known, self.asked = known, []

    def __call__(self, ids):
        self.asked.append(sorted(ids))
        return {each: Origin(self.known[each], f"/{each}/") for each in ids if each in self.known}


@pytest.fixture(autouse=True)
def nobody_yet(monkeypatch):
    """What the apps have registered is none of these tests' business."""
    monkeypatch.setattr(origins, "RESOLVERS", {})


@pytest.fixture
def pages() -> Pages:
    made = Pages(**{"23kfm9bcdf": "What is a stent?", "99kfm9bcdf": "Does it hurt?"})
    origins.register("q", made)
    return made


def test_it_reads_what_an_app_has_registered(pages):
    assert origins.read(BEST) == BEST
    assert origins.read(f"q-{opaque_id()}")
    assert origins.read(f"q-{ALPHABET[:18]}")
    assert pages.asked == []


@pytest.mark.parametrize("text", NONE)
def test_it_reads_nothing_else(pages, text):
    assert origins.read(text) == ""
    assert origins.described([text]) == {}
    assert pages.asked == []


def test_it_reads_nothing_of_a_kind_that_nobody_has_registered():
    assert origins.read(BEST) == ""
    assert origins.described([BEST]) == {}


def test_the_longest_kind_leaves_room_for_an_opaque_id():
    origins.register("k" * 9, Pages())
    text = "k" * 9 + "-" + opaque_id()
    assert len(text) == origins.LONGEST
    assert origins.read(text) == text


@pytest.mark.parametrize("kind", ["", "Q", "1", "q-", "k" * 10, "प", "q\n", "\0"])
def test_it_registers_no_kind_that_could_not_be_read(kind):
    with pytest.raises(ImproperlyConfigured):
        origins.register(kind, Pages())


def test_it_registers_the_same_resolver_again_but_no_other(pages):
    origins.register("q", pages)
    with pytest.raises(ImproperlyConfigured, match="'q'"):
        origins.register("q", Pages())
    assert {"q": pages} == origins.RESOLVERS


def test_it_describes_many_by_asking_each_resolver_once(pages):
    leaflets = Pages(**{"23kfm9bcdf": "The leaflet"})
    origins.register("leaflet", leaflets)
    found = origins.described([BEST, "q-99kfm9bcdf", BEST, "q-77kfm9bcdf", "leaflet-23kfm9bcdf", "", "q-knee"])
    assert found == {
        BEST: Origin("What is a stent?", "/23kfm9bcdf/"),
        "q-99kfm9bcdf": Origin("Does it hurt?", "/99kfm9bcdf/"),
        "leaflet-23kfm9bcdf": Origin("The leaflet", "/23kfm9bcdf/"),
    }
    assert pages.asked == [["23kfm9bcdf", "77kfm9bcdf", "99kfm9bcdf"]]
    assert leaflets.asked == [["23kfm9bcdf"]]


def test_it_asks_nobody_about_nothing(pages):
    assert origins.described([]) == {}
    assert pages.asked == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ""),
        (f"from={BEST}", BEST),
        (f"from=knee&from={BEST}&from=q-99kfm9bcdf", BEST),
        (f"From={BEST}", ""),
        ("from", ""),
        ("from=%00", ""),
        ("from=%ff%fe", ""),
    ],
)
@pytest.mark.usefixtures("pages")
def test_it_takes_the_first_origin_of_an_address(query, found):
    assert origins.of(QueryDict(query)) == found


def test_it_says_an_origin_in_a_query_and_no_empty_one():
    assert origins.as_query(BEST) == {"from": BEST}
    assert origins.as_query("") == {}


def test_an_origin_needs_no_address():
    assert Origin("A page that is gone").url == ""
