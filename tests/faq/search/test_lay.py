"""The list of lay words, as it ships and as staff keep it."""

import pytest
from django.core.exceptions import ValidationError

from faq.models import LayWord
from faq.search import lay
from faq.search.folding import sound_of_phrase

pytestmark = pytest.mark.django_db


def test_it_ships_at_least_sixty_with_words_and_a_sound():
    given = lay.shipped()
    assert len(given) >= 60
    assert all(words and means.strip() and sound_of_phrase(words) for words, means in given.items())


def test_every_meaning_that_ships_leads_somewhere(fourteen):
    from faq.search.finding import find
    from tests.factories import NOW

    lost = [words for words in lay.shipped() if not find(words, language="en", at=NOW).hits]
    assert lost == []


def test_it_loads_once():
    assert lay.load() == list(lay.shipped())
    assert lay.load() == []
    assert LayWord.objects.count() == len(lay.shipped())


def test_it_says_what_it_would_load():
    assert lay.load(dry_run=True) == list(lay.shipped())
    assert not LayWord.objects.exists()


def test_it_leaves_alone_what_staff_have_edited_or_turned_off():
    lay.load()
    LayWord.objects.filter(words="backbone").update(words="back bone", means="spine bones")
    LayWord.objects.filter(words="kamar").update(active=False)
    assert lay.load() == []
    assert LayWord.objects.get(source_key="backbone").means == "spine bones"
    assert not LayWord.objects.get(words="kamar").active


def test_it_leaves_alone_what_staff_have_written_themselves():
    LayWord.objects.create(words="backbone", means="osteoporosis")
    assert "backbone" not in lay.load()
    assert LayWord.objects.get(words="backbone").means == "osteoporosis"


@pytest.mark.parametrize("words", ["???", "🙂", " ", "़"])
def test_it_tells_staff_that_a_word_has_letters(words):
    with pytest.raises(ValidationError) as refused:
        LayWord(words=words, means="spine").full_clean()
    assert "words" in refused.value.message_dict


def test_it_lets_staff_write_a_word_in_either_script():
    LayWord(words="कमर", means="spine").full_clean()
    LayWord(words="Kamar dard", means="spine").full_clean()


def test_a_word_keeps_its_sound_whenever_it_is_saved():
    row = LayWord.objects.create(words="Kamar Dard", means="pain")
    assert row.sound == sound_of_phrase("kamar dard")
    row.words = "कमर"
    row.save()
    row.refresh_from_db()
    assert row.sound == sound_of_phrase("kamar")
