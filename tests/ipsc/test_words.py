"""The word lists that staff edit: tried before they are saved, refused in words where a line is unusable."""

import pytest

from ipsc.models import LONGEST_LIST, RedFlagWords
from ipsc.redflags import DEFAULTS
from ipsc.roles import MANAGER
from ipsc.signs import signs_in
from tests.staff import client_of

pytestmark = pytest.mark.django_db

URL = "/admin/ipsc/redflagwords/1/change/"


@pytest.fixture
def manager():
    return client_of(MANAGER)


def test_the_lists_of_the_site_are_there_before_anybody_has_saved_any(manager):
    page = manager.get(URL)
    form = page.context["adminform"].form
    assert {name: form[name].value() for name in DEFAULTS} == DEFAULTS


def test_a_manager_adds_a_phrase(manager):
    lists = DEFAULTS | {"weakness": DEFAULTS["weakness"] + "\npurple sandals"}
    assert manager.post(URL, lists).status_code == 302
    assert RedFlagWords.objects.get().history.latest().actor == "manager"
    assert signs_in("his purple sandals") == "purple sandals"


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("cannot pass urine", "Bladder and bowel: “cannot pass urine”"),
        ("back pain for years", "find no sign"),
        ("<script>x</script> cannot pass urine", "cannot pass urine"),
    ],
)
def test_a_sentence_is_tried_and_nothing_is_saved(manager, sentence, shown):
    page = manager.post(URL, DEFAULTS | {"sentence": sentence, "_try": "1"})
    assert page.status_code == 200
    assert shown.lower() in page.text.lower()
    assert "<script>x" not in page.text
    assert not RedFlagWords.objects.exists()


def test_a_sentence_is_tried_with_the_lists_as_they_stand_in_the_form(manager):
    lists = DEFAULTS | {"weakness": "purple sandals", "sentence": "my purple sandals", "_try": "1"}
    assert "“purple sandals”" in manager.post(URL, lists).text


def test_no_more_of_a_list_is_tried_than_could_be_saved(manager):
    lists = DEFAULTS | {"weakness": " " * LONGEST_LIST + "\npurple sandals", "sentence": "purple sandals", "_try": "1"}
    assert "find no sign" in manager.post(URL, lists).text


def test_an_unusable_line_is_named(manager):
    page = manager.post(URL, DEFAULTS | {"fever": "fever back\n/ /"})
    assert page.status_code == 200
    assert "Line 2, “/ /”:" in page.text
    assert not RedFlagWords.objects.exists()


@pytest.mark.parametrize("text", ["\0", "x" * 20_001])
def test_nonsense_is_refused(manager, text):
    page = manager.post(URL, DEFAULTS | {"fever": text})
    assert page.status_code == 200
    assert not RedFlagWords.objects.exists()


def test_an_emptied_list_finds_nothing_and_breaks_nothing(manager):
    assert manager.post(URL, dict.fromkeys(DEFAULTS, "")).status_code == 302
    assert signs_in("cannot pass urine") == ""
