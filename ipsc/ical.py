"""Calendar files (RFC 5545) that several apps make."""

from django.utils import timezone
from icalendar import Calendar, Event, Timezone


def calendar(*events: Event, method: str, product: str) -> bytes:
    """Events as a file, with the rules of the clinic's time zone; `product` names the app that makes it."""
    made = Calendar()
    made.add("prodid", f"-//IPSC//{product}//EN")
    made.add("version", "2.0")
    made.add("method", method)
    made.add_component(Timezone.from_tzinfo(timezone.get_default_timezone()))
    for event in events:
        made.add_component(event)
    return made.to_ical()
