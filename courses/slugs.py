"""The address of a course: proposed from its title, and kept as a way to the new one when it moves."""

from courses.models import Course, OldCourseSlug
from courses.models.course import RESERVED
from faq.slugs import slug_of


def propose(title: str) -> str:
    """An address for a course of this title that nobody has, has had, or could take for a month."""
    old = OldCourseSlug.objects.values_list("slug", flat=True)
    taken = {*RESERVED, *Course.objects.values_list("slug", flat=True), *old}
    slug = slug_of(title, taken, fallback="course")
    # A number alone is the address of a year.
    return slug_of(f"course {slug}", taken, fallback="course") if slug.isdigit() else slug


def keep_old(course: Course, old: str) -> None:
    """Let the address under which a course was public lead to it, wherever that is now."""
    OldCourseSlug.objects.filter(course=course, slug=course.slug).delete()
    OldCourseSlug.objects.get_or_create(slug=old, defaults={"course": course})
