"""What the search knows: the published texts, their words, the words that people say instead, and vain searches."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from faq.models.question import Question
from faq.search.folding import sound_of_phrase

LONGEST_WORD, LONGEST_PHRASE = 60, 80
SHORTEST_TERM, LONGEST_TERM = 3, 60
# After so many different people a term is kept in words.
ENOUGH = 3


class Weighted(models.Func):
    """A part of the vector: the words of a column by one of our own configurations, with a weight from A to D."""

    template = "setweight(to_tsvector('%(config)s'::regconfig, %(expressions)s), '%(weight)s')"
    arity = 1


# Keywords by the Hindi one, for they are of both languages, and it reads Latin letters as English too.
HEAD = (
    Weighted("title_en", config="ipsc_english", weight="A"),
    Weighted("title_hi", config="ipsc_hindi", weight="A"),
    Weighted("keywords", config="ipsc_hindi", weight="B"),
)
BODY = (
    Weighted("body_en", config="ipsc_english", weight="D"),
    Weighted("body_hi", config="ipsc_hindi", weight="D"),
)


class Together(models.Func):
    """Vectors side by side."""

    arg_joiner = " || "
    template = "(%(expressions)s)"


class SoundField(models.CharField):
    """The sound of another field of the row, taken whenever the row is saved, so that the two never differ."""

    def __init__(self, *args, of: str, **options) -> None:
        self.of = of
        super().__init__(*args, **options | {"editable": False})

    def deconstruct(self):
        name, path, args, options = super().deconstruct()
        del options["editable"]
        return name, path, args, options | {"of": self.of}

    def clean(self, value, model_instance):
        return self._of(model_instance)

    def pre_save(self, model_instance, add):
        setattr(model_instance, self.attname, self._of(model_instance))
        return getattr(model_instance, self.attname)

    def _of(self, row: models.Model) -> str:
        return sound_of_phrase(getattr(row, self.of))[: self.max_length]


class SearchEntry(models.Model):
    """A question as it is searched: its published texts in both languages, plain. Written by `faq.search.entries`.

    `words` are the different words of these texts and of the keywords: 1 for those that readers see, 0 for the others.
    `head` is the part of `vector` that stands above an answer.
    """

    question = models.OneToOneField(
        Question, models.CASCADE, primary_key=True, related_name="search_entry", verbose_name=_("question")
    )
    title_en = models.TextField(blank=True)
    title_hi = models.TextField(blank=True)
    keywords = models.TextField(blank=True)
    body_en = models.TextField(blank=True)
    body_hi = models.TextField(blank=True)
    words = models.JSONField(default=dict)
    vector = models.GeneratedField(expression=Together(*HEAD, *BODY), output_field=SearchVectorField(), db_persist=True)
    head = models.GeneratedField(expression=Together(*HEAD), output_field=SearchVectorField(), db_persist=True)

    class Meta:
        verbose_name = _("searched text")
        # Searched at every moment and written now and then: so nothing is left for a search to tidy up.
        indexes = [
            GinIndex(fields=["vector"], name="search_entry_vector", fastupdate=False),
            GinIndex(fields=["head"], name="search_entry_head", fastupdate=False),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(title_en="") | ~Q(title_hi=""),
                name="search_entry_title",
                violation_error_message=_("Only what is published can be searched."),
            ),
        ]

    def __str__(self) -> str:
        return self.title_en or self.title_hi


class SearchWord(models.Model):
    """A word of the published texts: in how many questions it stands, and in how many of them readers see it.

    `stem` is what the full-text search makes of it: fracture and fractures have the same.
    """

    word = models.CharField(max_length=LONGEST_WORD, unique=True)
    sound = SoundField(max_length=LONGEST_WORD, of="word", db_index=True)
    stem = models.GeneratedField(
        expression=models.Func("word", template="to_tsvector('ipsc_hindi'::regconfig, %(expressions)s::text)", arity=1),
        output_field=SearchVectorField(),
        db_persist=True,
        db_index=True,
    )
    entries = models.PositiveIntegerField()
    shown = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("word of the texts")
        indexes = [GinIndex(fields=["sound"], name="search_word_sound_alike", opclasses=["gin_trgm_ops"])]
        constraints = [
            models.CheckConstraint(
                condition=~Q(word=""), name="search_word", violation_error_message=_("A word has letters.")
            ),
            models.CheckConstraint(
                condition=Q(entries__gt=0, shown__lte=F("entries")),
                name="search_word_entries",
                violation_error_message=_("A word stands in a question."),
            ),
        ]

    def __str__(self) -> str:
        return self.word


def has_a_sound(words: str) -> None:
    """:raises ValidationError: there is nothing in it to say, or to type."""
    if not sound_of_phrase(words):
        raise ValidationError(_("Type a word with letters."), code="silent")


class LayWord(models.Model):
    """What people say, in whatever script and spelling, and the words of the answers that mean it.

    One entry serves every spelling that sounds like it: kamar dard, kamer dard and कमर दर्द.
    """

    words = models.CharField(
        _("what people say"),
        max_length=LONGEST_PHRASE,
        unique=True,
        validators=[has_a_sound],
        help_text=_("A word or a few, in English or Hindi letters. Spellings that sound alike count as one."),
        error_messages={"unique": _("This is in the list already.")},
    )
    sound = SoundField(max_length=LONGEST_PHRASE, of="words", db_index=True)
    means = models.CharField(
        _("words of the answers"),
        max_length=200,
        help_text=_("The words to look for instead, as the answers use them, with spaces between them."),
    )
    active = models.BooleanField(
        _("in use"), default=True, help_text=_("Turn it off instead of deleting it: then it does not come back.")
    )
    # What it began as, where it came with the site: it is never loaded again, whatever becomes of it.
    source_key = models.CharField(max_length=LONGEST_PHRASE, unique=True, null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("word that people say")
        verbose_name_plural = _("words that people say")
        ordering = ["words"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(words="") & ~Q(sound=""),
                name="lay_word_words",
                violation_error_message=_("Type a word with letters."),
            ),
            models.CheckConstraint(
                condition=~Q(means=""),
                name="lay_word_means",
                violation_error_message=_("Type the words that the answers use for it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.words} → {self.means}"

    def clean(self) -> None:
        """:raises ValidationError: nothing in the words can be heard; forms leave out the constraint that says so."""
        if self.words and not sound_of_phrase(self.words):
            raise ValidationError({"words": _("Type a word with letters.")})


class FruitlessSearch(models.Model):
    """A search that found nothing. Written by `faq.search.fruitless`.

    `key` is a keyed hash of the term. The term itself is there only after three people, each from another place, have
    looked for it; `places` are marks of the last twenty places, too short to lead to anybody.
    """

    key = models.CharField(max_length=64, primary_key=True)
    term = models.CharField(_("looked for"), max_length=LONGEST_TERM, blank=True)
    times = models.PositiveIntegerField(_("times"), default=1)
    places = models.CharField(max_length=99)
    first_on = models.DateField(_("first on"))
    last_on = models.DateField(_("last on"), db_index=True)

    class Meta:
        verbose_name = _("search without a result")
        verbose_name_plural = _("searches without a result")
        ordering = ["-times", "-last_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(term="") | Q(times__gte=ENOUGH),
                name="fruitless_search_term_late",
                violation_error_message=_("A term is kept only after several people have looked for it."),
            ),
            models.CheckConstraint(
                condition=Q(term="") | Q(term__regex=rf"^[^0-9०-९@]{{{SHORTEST_TERM},{LONGEST_TERM}}}$"),
                name="fruitless_search_term_plain",
                violation_error_message=_("A term with digits or @ may be about a person and is not kept."),
            ),
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on"), times__gt=0),
                name="fruitless_search_ordered",
                violation_error_message=_("The last time is not before the first."),
            ),
        ]

    def __str__(self) -> str:
        return self.term or str(_("not often enough to say"))
