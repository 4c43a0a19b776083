"""The staff's pages of the courses."""

from courses.admin import courses as courses
from courses.admin import enrolments as enrolments
from courses.admin import faculty as faculty
from courses.admin import payments as payments
from courses.admin import runs as runs
from courses.models import Enrolment
from ipsc.admin import changes, ledger
from ipsc.references import finder

changes.ENDS.add(f"{Enrolment._meta.label_lower}.pay_by_at")
ledger.FINDERS[Enrolment._meta.label_lower] = finder(Enrolment)
