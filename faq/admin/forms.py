"""The forms of the FAQ's staff: the shape of what is typed."""

from datetime import date

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.utils.translation import gettext_lazy as _

from appointments.models import Clinician
from faq.html import clean, text_of
from faq.models import Draft, Wording
from faq.models.wording import LONGEST_ANSWER, LONGEST_SOURCES, LONGEST_TITLE
from ipsc import pictures
from ipsc.admin.pictures import ACCEPTED
from ipsc.fields import PlainTextField

MOST_TYPED = 10 * LONGEST_ANSWER
ILLUSTRATION = (1200, 1200)


class WritingForm(forms.Form):
    """A question and its answer in one language. `seen` is the sequence of the text that whoever types has read."""

    title = PlainTextField(
        label=_("Question"),
        max_length=LONGEST_TITLE,
        help_text=_("As a patient would ask it."),
        error_messages={"required": _("Type the question.")},
    )
    answer = forms.CharField(label=_("Answer"), required=False, widget=forms.Textarea(attrs={"rows": 16}))
    sources = PlainTextField(
        label=_("Sources"),
        required=False,
        lines=True,
        max_length=LONGEST_SOURCES,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Where the answer comes from, one source on each line. Patients see them below it."),
    )
    picture_file = forms.FileField(
        label=_("New picture"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        help_text=_("PNG, JPEG, WebP or GIF. It stands below the answer."),
        error_messages={"empty": pictures.NO_PICTURE},
    )
    picture_gone = forms.BooleanField(label=_("Take the picture away"), required=False)
    picture_alt = PlainTextField(
        label=_("What the picture shows, in words"),
        required=False,
        max_length=250,
        help_text=_("For those who cannot see it. A picture needs it."),
    )
    why = PlainTextField(
        label=_("What you changed, and why"),
        required=False,
        max_length=100,
        help_text=_("For the history; patients never see it."),
    )

    def __init__(self, *args, wording: Wording, **options) -> None:
        super().__init__(*args, **options)
        self.label_suffix = ""
        self.wording = wording
        self.encoded: tuple[bytes, int, int] | None = None
        language = wording.language
        for name in ("title", "answer", "sources", "picture_alt"):
            self.fields[name].widget.attrs["lang"] = language
        self.fields["answer"].widget.attrs |= {"data-rich": "", "data-labelledby": "label_answer"}
        if not wording.draft.picture_id:
            del self.fields["picture_gone"]

    def clean_answer(self) -> str:
        typed = self.cleaned_data["answer"]
        # Nobody reads so much, and reading it here would keep others waiting.
        html = clean(typed) if len(typed) <= MOST_TYPED else typed
        if len(html) > LONGEST_ANSWER:
            told = {"length": len(html), "most": LONGEST_ANSWER}
            raise forms.ValidationError(
                _("The answer has %(length)s characters, markup included; at most %(most)s can be kept. Shorten it.")
                % told,
                code="long",
            )
        return html

    def clean_picture_file(self):
        upload = self.cleaned_data["picture_file"]
        self.encoded = pictures.webp(upload, largest=ILLUSTRATION) if upload else None
        return upload

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        keeps = bool(self.wording.draft.picture_id) and not cleaned.get("picture_gone")
        has_picture = bool(self.encoded) or keeps
        if has_picture and not cleaned.get("picture_alt") and "picture_alt" not in self.errors:
            self.add_error("picture_alt", _("Say in words what the picture shows."))
        if not has_picture and not self.errors.get("picture_file"):
            cleaned["picture_alt"] = ""
        return cleaned

    def draft(self) -> Draft:
        """What was typed, with the picture stored."""
        typed = self.cleaned_data
        picture_id = self.wording.draft.picture_id
        if self.encoded:
            picture_id = pictures.store(*self.encoded).pk
        elif typed.get("picture_gone"):
            picture_id = None
        names = ("title", "answer", "sources", "picture_alt")
        return Draft(**{name: typed[name] for name in names}, picture_id=picture_id)

    @property
    def plain_answer(self) -> str:
        return text_of(clean(self.data.get("answer", "")))


class PublishForm(forms.Form):
    """What is said with a publication."""

    why = PlainTextField(label=_("What has changed, and why"), required=False, max_length=100)
    follows_english = forms.BooleanField(
        label=_("It says the same as the English text that is published now."), required=False, initial=True
    )

    def __init__(self, *args, translated: bool, **options) -> None:
        super().__init__(*args, **options)
        self.label_suffix = ""
        if not translated:
            del self.fields["follows_english"]


class ReviewForm(forms.Form):
    """Who has read a published answer, when, and when it is to be read again."""

    reviewed_by = forms.ModelChoiceField(
        label=_("Doctor who has read it"),
        queryset=Clinician.objects.none(),
        error_messages={"required": _("Choose the doctor who has read the answer.")},
    )
    reviewed_on = forms.DateField(label=_("Read on"), widget=AdminDateWidget)
    due_on = forms.DateField(label=_("To be read again by"), widget=AdminDateWidget)
    has_read = forms.BooleanField(
        label=_("This doctor has read the answer as it stands here and confirms it."),
        error_messages={"required": _("Record it only when the doctor has read the answer and confirms it.")},
    )

    def __init__(self, *args, today: date, **options) -> None:
        super().__init__(*args, **options)
        self.label_suffix = ""
        self.today = today
        self.fields["reviewed_by"].queryset = Clinician.objects.filter(is_sample=False, active=True)  # type: ignore[attr-defined]

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        on, due_on = cleaned.get("reviewed_on"), cleaned.get("due_on")
        if on and on > self.today:
            self.add_error("reviewed_on", _("This day has not come yet."))
        if on and due_on and due_on <= on:
            self.add_error("due_on", _("The next review is due after this one."))
        return cleaned
