"""What a doctor says of herself, as the verbs take it."""

from dataclasses import asdict, dataclass
from datetime import datetime

from courses.councils import email_key, registration_key
from courses.models import Enrolment
from ipsc.names import search_key


@dataclass(frozen=True, kw_only=True)
class Details:
    """The answers of the form, checked; `name` is kept exactly as it was typed. `phone` is in E.164 form."""

    name: str
    phone: str
    council: str
    email: str = ""
    registration_number: str = ""
    qualification: str = ""
    specialty: str = ""
    place: str = ""
    needs: str = ""
    language: str = "en"
    consent_version: str = ""
    consent_at: datetime | None = None


def fill(enrolment: Enrolment, details: Details, *, but: tuple[str, ...] = ()) -> None:
    """Put the details into a row, unsaved, with what is compared and searched for (rule C3)."""
    for name, value in asdict(details).items():
        if name not in but:
            setattr(enrolment, name, value)
    enrolment.search_name = search_key(details.name)
    enrolment.email_key = email_key(details.email) if details.email else ""
    enrolment.registration_key = registration_key(details.registration_number)
