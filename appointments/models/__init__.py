from appointments.models.appointment import Appointment, Source, Status
from appointments.models.call_back import BestTime, CallBack, CallState, CameFrom
from appointments.models.draft import BookingDraft
from appointments.models.offer import Clinician, Gender, Service
from appointments.models.patient import Patient
from appointments.models.schedule import TimeOff, Weekday, WorkingHours

__all__ = [
    "Appointment",
    "BestTime",
    "BookingDraft",
    "CallBack",
    "CallState",
    "CameFrom",
    "Clinician",
    "Gender",
    "Patient",
    "Service",
    "Source",
    "Status",
    "TimeOff",
    "Weekday",
    "WorkingHours",
]
