"""Courses, their dated runs with seats, the doctors in them, and the money (rules C1 to C4)."""

from courses.models.course import Category, Course, Level, OldCourseSlug
from courses.models.draft import EnrolmentDraft
from courses.models.enrolment import Enrolment
from courses.models.faculty import Faculty
from courses.models.payment import Payment, PaymentState, Refund, Way, transaction_key
from courses.models.run import CourseRun, ItemKind, Mode, ProgrammeItem, RunState
from courses.models.statuses import ACTIVE, HOLDING, SETTLED, End, Money, News, Source, Status

__all__ = [
    "ACTIVE",
    "HOLDING",
    "SETTLED",
    "Category",
    "Course",
    "CourseRun",
    "End",
    "Enrolment",
    "EnrolmentDraft",
    "Faculty",
    "ItemKind",
    "Level",
    "Mode",
    "Money",
    "News",
    "OldCourseSlug",
    "Payment",
    "PaymentState",
    "ProgrammeItem",
    "Refund",
    "RunState",
    "Source",
    "Status",
    "Way",
    "transaction_key",
]
