"""Who writes and teaches the courses."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ipsc.history import history
from ipsc.identifiers import opaque_id
from ipsc.models import Picture
from ipsc.samples import Sample, SampleQuerySet


class FacultyQuerySet(SampleQuerySet):
    def public(self):
        """Those whom the public may see now (rule F3)."""
        return self.shown().filter(active=True)

    def pictured(self):
        """With their photos, but for the bytes: a page needs only address and size."""
        return self.select_related("photo").defer("photo__content")


class Faculty(Sample):
    """An expert in pain management or a related discipline. Samples are named by role, never as a person."""

    public_id = models.CharField(max_length=12, unique=True, default=opaque_id, editable=False)
    name = models.CharField(_("name or role"), max_length=120)
    name_hi = models.CharField(_("name or role (Hindi)"), max_length=120, blank=True)
    credentials = models.CharField(
        _("credentials"), max_length=200, blank=True, help_text=_("Degrees and posts, as on a letterhead.")
    )
    discipline = models.CharField(
        _("discipline"), max_length=120, blank=True, help_text=_("For example anaesthesia, orthopaedics, psychology.")
    )
    discipline_hi = models.CharField(_("discipline (Hindi)"), max_length=120, blank=True)
    about = models.TextField(
        _("short life"),
        blank=True,
        max_length=2000,
        help_text=_("Training and field of work, in plain facts: medical councils do not allow praise."),
    )
    about_hi = models.TextField(_("short life (Hindi)"), blank=True, max_length=2000)
    photo = models.ForeignKey(
        Picture, models.PROTECT, null=True, blank=True, verbose_name=_("photo"), related_name="+", editable=False
    )
    interests = models.TextField(
        _("declaration of interests"),
        blank=True,
        max_length=1000,
        help_text=_("Payments, shares, posts. “None” is a declaration too; empty means that none was made."),
    )
    interests_on = models.DateField(_("declared on"), null=True, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=100)
    active = models.BooleanField(_("active"), default=True)

    objects = FacultyQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = _("member of the faculty")
        verbose_name_plural = _("faculty")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(interests="", interests_on__isnull=True)
                | (~Q(interests="") & Q(interests_on__isnull=False)),
                name="faculty_interests_dated",
                violation_error_message=_("A declaration of interests has a date, and a date belongs to one."),
            ),
            models.CheckConstraint(
                condition=~Q(name=""), name="faculty_name", violation_error_message=_("Give a name or a role.")
            ),
        ]

    def __str__(self) -> str:
        return self.name
