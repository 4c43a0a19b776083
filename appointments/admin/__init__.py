"""The desk: the admin as a receptionist uses it all day. Every change of an appointment goes through a verb."""

from appointments.admin import calls, people, schedule, visits
from appointments.models import Appointment
from appointments.search import by_reference
from ipsc.admin import ledger

ledger.FINDERS[Appointment._meta.label_lower] = by_reference

__all__ = ["calls", "people", "schedule", "visits"]
