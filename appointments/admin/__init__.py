"""The desk: the admin as a receptionist uses it all day. Every change of an appointment goes through a verb."""

from appointments.admin import calls, people, schedule, visits

__all__ = ["calls", "people", "schedule", "visits"]
