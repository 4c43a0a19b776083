"""`python -m tests.faults.storm.throughput`: messages per second with one worker and with two, by SMTP on loopback.

Counted from the first message that a worker has noted to the last, so that the start of the processes does not count.
"""

import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

MESSAGES = 1000
LONGEST = 300  # seconds


def main() -> int:
    from tests.faults.storm import chaos
    from tests.faults.storm.__main__ import settle

    port = chaos.free_port()
    with tempfile.TemporaryDirectory(prefix="throughput-") as folder:
        Path(folder).chmod(0o755)
        settle(folder, port)
        rates = [rate(Path(folder), port, workers) for workers in (1, 2)]
    for workers, found in zip((1, 2), rates, strict=True):
        print(f"{workers} worker{'s' * (workers > 1)}: {found:.0f} messages a second")
    print(f"two : one = {rates[1] / rates[0]:.2f}, each message sent once")
    return 0


def rate(folder: Path, port: int, workers: int) -> float:
    """Queue MESSAGES, send them, and return how many left in a second.

    :raises RuntimeError: they did not all leave in time, or one left twice.
    """
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.db.models import Max, Min

    from ipsc.models import Message
    from tests.faults.storm import chaos, checks

    call_command("migrate", verbosity=0)
    log = folder / f"arrived-{workers}.jsonl"
    log.touch()
    Message.objects.all().delete()
    queue()
    processes = chaos.Processes(log, port)
    try:
        for name in ["mail", *(f"worker {number}" for number in range(workers))]:
            processes.start(name)
        deadline = time.monotonic() + LONGEST
        while Message.objects.filter(state="sent").count() < MESSAGES:
            if time.monotonic() > deadline:
                raise RuntimeError("not all messages were sent in time")
            time.sleep(0.2)
    finally:
        processes.end_all()
    if any(count != 1 for count in checks.arrived(log).values()):
        raise RuntimeError("a message was sent twice")
    ends = Message.objects.aggregate(first=Min("ended_at"), last=Max("ended_at"))
    connection.close()
    return (MESSAGES - 1) / (ends["last"] - ends["first"]).total_seconds()


def queue() -> None:
    """Messages about one visit each, as bookings cause them."""
    from django.db import transaction

    from appointments import messages
    from appointments.messages.causes import order
    from appointments.models import Appointment
    from ipsc import outbox
    from ipsc.dates import clinic_day, now
    from ipsc.history import PATIENT
    from ipsc.models import Channel
    from tests import factories

    if not Appointment.objects.exists():
        clinician = factories.clinician()
        service = factories.service()
        begin = factories.at(clinic_day(now()), "10:00")
        for number in range(MESSAGES):
            start = begin + timedelta(days=number + 1)
            factories.appointment(clinician=clinician, service=service, starts_at=start, email=f"p{number}@example.org")
    with transaction.atomic():
        orders = [
            order(
                each,
                messages.BOOKED,
                Channel.EMAIL,
                each.email,
                due_at=now(),
                facts={"starts_at": each.starts_at.isoformat()},
            )
            for each in Appointment.objects.all()
        ]
        outbox.queue(*orders, by=PATIENT, now=now())


if __name__ == "__main__":
    sys.exit(main())
