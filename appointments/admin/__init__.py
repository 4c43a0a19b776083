"""The desk: the admin as a receptionist uses it all day. Every change of an appointment goes through a verb."""

from appointments.admin import calls, people, schedule, visits
from appointments.models import Appointment
from ipsc.admin import ledger
from ipsc.references import finder

ledger.FINDERS[Appointment._meta.label_lower] = finder(Appointment)

__all__ = ["calls", "people", "schedule", "visits"]
