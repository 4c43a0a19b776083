"""What is taught: schema.org's Course, whose dated runs people enrol in."""

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from courses.models.faculty import Faculty
from ipsc.history import history
from ipsc.identifiers import opaque_id
from ipsc.samples import Sample, SampleQuerySet

# Words that stand in the place of a slug in an address of the site; years, too, are addresses of months.
RESERVED = frozenset({"runs", "manage", "certificates", "find", "faculty", "archive", "feed", "search", "all", "new"})
MOST_FEE = 10_000_000  # rupees


def not_reserved(slug: str) -> None:
    """:raises ValidationError: the site uses this word, or a number in its place, for a page of its own."""
    if slug in RESERVED or slug.isdigit():
        raise ValidationError(_("The site uses this word for another page. Choose another."), code="reserved")


class Level(models.TextChoices):
    INTRODUCTORY = "introductory", _("introductory")
    INTERMEDIATE = "intermediate", _("intermediate")
    ADVANCED = "advanced", _("advanced")


class Category(models.TextChoices):
    ACUTE = "acute", _("acute pain")
    CHRONIC = "chronic", _("chronic pain")
    CANCER = "cancer", _("cancer pain")
    INTERVENTIONS = "interventions", _("interventions")
    MULTIDISCIPLINARY = "multidisciplinary", _("multidisciplinary")


class CourseQuerySet(SampleQuerySet):
    def public(self):
        """Those that the public may see now (rule F3)."""
        return self.shown().filter(published=True)


class Course(Sample):
    """A course, apart from its dates. `hours` are of teaching; `fee` is whole INR, and what a new run begins with."""

    public_id = models.CharField(max_length=12, unique=True, default=opaque_id, editable=False)
    title = models.CharField(_("title"), max_length=160)
    title_hi = models.CharField(_("title (Hindi)"), max_length=160, blank=True)
    slug = models.SlugField(
        _("address"),
        max_length=80,
        unique=True,
        validators=[not_reserved],
        help_text=_("The last part of the page's address. After a change, the old address leads to the new one."),
    )
    summary = models.TextField(_("summary"), max_length=300, help_text=_("One or two sentences, for lists."))
    summary_hi = models.TextField(_("summary (Hindi)"), max_length=300, blank=True)
    description = models.TextField(
        _("description"), max_length=4000, blank=True, help_text=_("An empty line begins a new paragraph.")
    )
    description_hi = models.TextField(_("description (Hindi)"), max_length=4000, blank=True)
    outcomes = models.TextField(
        _("learning outcomes"),
        max_length=3000,
        blank=True,
        help_text=_("One on each line: what somebody can do afterwards."),
    )
    outcomes_hi = models.TextField(_("learning outcomes (Hindi)"), max_length=3000, blank=True)
    syllabus = models.TextField(_("syllabus"), max_length=6000, blank=True, help_text=_("One topic on each line."))
    syllabus_hi = models.TextField(_("syllabus (Hindi)"), max_length=6000, blank=True)
    audience = models.TextField(_("for whom"), max_length=600, blank=True)
    audience_hi = models.TextField(_("for whom (Hindi)"), max_length=600, blank=True)
    eligibility = models.TextField(
        _("what one needs to take part"), max_length=600, blank=True, help_text=_("Degree, registration, experience.")
    )
    eligibility_hi = models.TextField(_("what one needs to take part (Hindi)"), max_length=600, blank=True)
    level = models.CharField(_("level"), max_length=20, choices=Level.choices, default=Level.INTRODUCTORY)
    hours = models.DecimalField(
        _("hours of teaching"),
        max_digits=5,
        decimal_places=1,
        validators=[MinValueValidator(0.5), MaxValueValidator(500)],
    )
    categories = ArrayField(
        models.CharField(max_length=20, choices=Category.choices),
        verbose_name=_("categories"),
        default=list,
        blank=True,
        size=len(Category),
    )
    authors = models.ManyToManyField(Faculty, verbose_name=_("authors"), related_name="courses", blank=True)
    endorsed = models.BooleanField(
        _("endorsed by the Faculty of Pain Medicine"),
        default=False,
        help_text=_(
            "The page then says that the Faculty of Pain Medicine of the IPSC experts developed and endorses it."
        ),
    )
    fee = models.PositiveIntegerField(
        _("fee"), default=0, validators=[MaxValueValidator(MOST_FEE)], help_text=_("Rupees. New runs begin with it.")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=100)
    published = models.BooleanField(
        _("published"), default=False, help_text=_("While this is off, nobody outside sees the course or its runs.")
    )

    objects = CourseQuerySet.as_manager()
    history = history(m2m_fields=[authors])

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(title=""), name="course_title", violation_error_message=_("Give the course a title.")
            ),
            models.CheckConstraint(
                condition=~Q(slug="") & ~Q(slug__in=sorted(RESERVED)) & ~Q(slug__regex=r"^[0-9]+$"),
                name="course_address",
                violation_error_message=_("Give the course an address that the site does not use for another page."),
            ),
            models.CheckConstraint(
                condition=Q(hours__gte=0.5, hours__lte=500),
                name="course_hours",
                violation_error_message=_("A course has between half an hour and 500 hours of teaching."),
            ),
            models.CheckConstraint(
                condition=Q(level__in=Level.values),
                name="course_level",
                violation_error_message=_("Choose one of the levels listed."),
            ),
            models.CheckConstraint(
                condition=Q(categories__contained_by=Category.values),
                name="course_categories",
                violation_error_message=_("Choose from the categories listed."),
            ),
            models.CheckConstraint(
                condition=Q(fee__lte=MOST_FEE),
                name="course_fee",
                violation_error_message=_("A fee is at most one crore rupees."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("courses:course", args=[self.slug])


class OldCourseSlug(models.Model):
    """A slug under which a course was public once; it leads to the course, wherever that is now (docs/adr/0009)."""

    slug = models.SlugField(max_length=80, unique=True)
    course = models.ForeignKey(Course, models.CASCADE, related_name="old_slugs")

    class Meta:
        verbose_name = _("old address of a course")

    def __str__(self) -> str:
        return self.slug
