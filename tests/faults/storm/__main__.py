"""`python -m tests.faults.storm [--visits 2000] [--seed 1]`; ends with 1 where something did not hold."""

import argparse
import os
import random
import sys
import tempfile
import time
from pathlib import Path

LONGEST = 600  # seconds until all has to be sent when the storm is over


def settle(folder: str, port: int) -> None:
    """Settings for a site of its own; before Django is set up."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "ipsc.settings",
        "IPSC_MODE": "demonstration",
        "IPSC_VAR_DIR": folder,
        "SECRET_KEY": "signs what a storm makes and nothing else, 0123456789",
        "EMAIL_URL": f"smtp://127.0.0.1:{port}",
        "DATABASE_URL": "",
        "LOG_LEVEL": "ERROR",
    }


def main() -> int:
    parser = argparse.ArgumentParser(prog="make storm")
    parser.add_argument("--visits", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    from tests.faults.storm import chaos

    port = chaos.free_port()
    with tempfile.TemporaryDirectory(prefix="storm-") as folder:
        # The server's own account has to reach its data, where root starts it.
        Path(folder).chmod(0o755)
        settle(folder, port)
        return run(Path(folder), port, options.visits, options.seed)


def run(folder: Path, port: int, visits: int, seed: int) -> int:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from tests.faults.storm import chaos, deeds

    call_command("migrate", verbosity=0)
    call_command("shell", "-c", OPEN, verbosity=0)
    clinicians = deeds.prepare(visits)
    log = folder / "arrived.jsonl"
    log.touch()
    processes = chaos.Processes(log, port)
    for name in processes.names():
        processes.start(name)
    storm = chaos.Chaos(processes, folder / "postgres", random.Random(seed))
    people = []
    for number in range(deeds.PEOPLE):
        times = [(start, each) for start in deeds.starts() for each in clinicians[number :: deeds.PEOPLE]]
        people.append(deeds.Person(number, visits // deeds.PEOPLE, times, seed))
    began = time.monotonic()
    try:
        for each in (storm, *people):
            each.start()
        for each in people:
            each.join()
        storm.stop.set()
        storm.join()
        print(f"The storm took {time.monotonic() - began:.0f} s. Killed: {storm.killed}.")
        print(f"Deeds: { {what: sum(each.count[what] for each in people) for what in people[0].count} }.")
        calm(processes)
    finally:
        processes.end_all()
        connection.close()
    return report(log)


OPEN = "from ipsc.models import ClinicSettings as C; C(pk=1, online_booking_open=True, bookings_per_phone=100).save()"


def calm(processes) -> None:
    """End all workers, let their claims and all pauses end, and send what is left; that is hours, made short."""
    import signal

    from django.db import connection
    from django.utils import timezone

    from ipsc.models import Message
    from ipsc.outbox import claiming
    from tests.faults.storm import chaos

    for name in processes.names():
        processes.end(name, signal.SIGKILL)
    connection.close()
    processes.start("mail")
    deadline = time.monotonic() + LONGEST
    left = {state: Message.objects.filter(state=state).count() for state in ("queued", "sending")}
    print(f"Left when the storm ended, reminders included: {left}.")
    claiming.take_back(now=timezone.now() + claiming.CLAIM)
    for number in range(chaos.WORKERS):
        processes.start(f"worker {number}")
    while time.monotonic() < deadline:
        from tests.faults.storm.checks import changes

        left = changes().filter(state__in=["queued", "sending"])
        if not left.exists():
            return
        left.filter(state="queued").update(next_attempt_at=timezone.now())
        time.sleep(0.5)


def report(log: Path) -> int:
    from tests.faults.storm import checks

    faults, told = checks.what_was_sent_arrived(log)
    found = {
        "every cause has exactly its message": checks.every_cause_has_its_message(),
        "nothing that was rolled back has one": checks.nothing_rolled_back_has_a_message(),
        "every message has ended": checks.all_has_ended(),
        "the last word about each visit went out": checks.the_last_word_was_sent(),
        "reminders are of what is booked": checks.reminders_are_of_what_is_booked(),
        "what is marked sent arrived, and nothing else": faults,
    }
    print(f"Causes: {len(checks.causes())}.", *(f"{what}: {count}." for what, count in told.items()), sep="\n  ")
    for what, each in found.items():
        print(f"{'ok  ' if not each else 'FAIL'} {what}")
        for fault in each[:10]:
            print(f"       {fault}")
    return int(any(found.values()))


if __name__ == "__main__":
    sys.exit(main())
