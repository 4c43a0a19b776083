"""The staff's pages of the courses."""

from courses.admin import courses as courses
from courses.admin import enrolments as enrolments
from courses.admin import faculty as faculty
from courses.admin import payments as payments
from courses.admin import runs as runs
from courses.models import Enrolment
from ipsc.admin import ledger
from ipsc.references import finder

ledger.FINDERS[Enrolment._meta.label_lower] = finder(Enrolment)
