"""What somebody gets back, by the terms of a run: pure arithmetic on whole INR and days of the clinic."""

from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.models import CourseRun, Enrolment, Status
from courses.models.enrolment import kept_of
from ipsc.dates import clinic_day, day_in_words, end_of_day, in_words, last_day


def days_before(run: CourseRun, moment: datetime) -> int:
    """Days from the day of a moment to the first day of a run; 0 on that day, below 0 after it."""
    return (clinic_day(run.starts_at) - clinic_day(moment)).days


def kept_percent(enrolment: Enrolment, now: datetime) -> int:
    """How many per cent of what was paid for the place the centre keeps if somebody withdraws now: 0 to 100."""
    run = enrolment.run
    if enrolment.status != Status.CONFIRMED or (enrolment.free_to_go and now < run.starts_at):
        return 0
    left = days_before(run, now)
    if left >= run.refund_full_days:
        kept = 0
    elif run.refund_part_percent and left >= run.refund_part_days:
        kept = 100 - run.refund_part_percent
    else:
        kept = 100
    # Whoever could get back less before a move does not get more by it.
    return max(kept, enrolment.least_kept_percent)


def refund_of(enrolment: Enrolment, now: datetime, *, found: int = 0) -> int:
    """What comes back to somebody who withdraws now, whole INR, if `found` more of what they paid is found."""
    paid = enrolment.paid + found
    return paid - kept_of(paid, fee=enrolment.fee, percent=kept_percent(enrolment, now))


def leave_until(enrolment: Enrolment) -> datetime:
    """Until when somebody may move or withdraw without a call: `now` has to be before it."""
    run = enrolment.run
    return run.starts_at if enrolment.free_to_go else run.withdraw_until_at


def pay_by(run: CourseRun, now: datetime) -> datetime:
    """By when a place that becomes theirs now has to be paid: the end of a day, or the start if that is sooner."""
    return min(end_of_day(clinic_day(now + timedelta(days=run.pay_days))), run.starts_at)


def last_day_to_pay(enrolment: Enrolment) -> date | None:
    """The last day on which what is owed can be paid; None where nothing is."""
    return last_day(enrolment.pay_by_at) if enrolment.pay_by_at else None


def terms_in_words(run: CourseRun, now: datetime, *, least_kept: int = 0) -> list[str]:
    """When to pay, until when one can leave, and what comes back then: sentences in the page's language.

    They say what `pay_by`, `leave_until` and `refund_of` do to somebody who enrols now: what is over is not promised.
    `least_kept` is how many per cent the centre keeps of somebody who has moved here late.
    """
    if now < run.withdraw_until_at:
        words = _(
            "You can move to other dates of this course, or withdraw, online until %(moment)s. After that, call us."
        )
        leave = words % {"moment": in_words(run.withdraw_until_at)}
    else:
        leave = _("It is too late to move or withdraw online. Please call us.")
    if not run.fee:
        return [leave]
    return [_pay_in_words(run), leave, *_refund_in_words(run, days_before(run, now), 100 - least_kept)]


def _pay_in_words(run: CourseRun) -> str:
    words = ngettext(
        "You pay within %(count)s day after you have your place, and before the course begins.",
        "You pay within %(count)s days after you have your place, and before the course begins.",
        run.pay_days,
    )
    return words % {"count": run.pay_days}


def _refund_in_words(run: CourseRun, left: int, most: int = 100) -> list[str]:
    """What comes back with so many days left, and later; never more than `most` per cent."""
    stages = [(run.refund_full_days, most)]
    if run.refund_part_percent:
        part = min(run.refund_part_percent, most)
        # Where a late move has taken what the first days would have given more, they are no stage of their own.
        stages = [(run.refund_part_days, part)] if part == most else [*stages, (run.refund_part_days, part)]
    open_stages = [(days, percent) for days, percent in stages if percent and left >= days]
    told = [_stage_in_words(run, days, percent, later=number > 0) for number, (days, percent) in enumerate(open_stages)]
    told.append(
        _("After that, nothing comes back. If we cancel the course, all of it comes back.")
        if told
        else _("If you withdraw, nothing comes back. If we cancel the course, all of it comes back.")
    )
    return told


def _stage_in_words(run: CourseRun, days: int, percent: int, *, later: bool) -> str:
    day = day_in_words(days_ahead(run, days))
    if percent == 100:
        return _("If you withdraw by %(day)s, all that you have paid comes back.") % {"day": day}
    words = (
        _("If you withdraw later, but by %(day)s, %(percent)s per cent of it comes back.")
        if later
        else _("If you withdraw by %(day)s, %(percent)s per cent of what you have paid comes back.")
    )
    return words % {"day": day, "percent": percent}


def days_ahead(run: CourseRun, days: int) -> date:
    """The last day of the clinic on which so many days are left."""
    return clinic_day(run.starts_at) - timedelta(days=days)
