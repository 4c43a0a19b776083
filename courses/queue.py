"""Where somebody stands who waits (rule C2)."""

from django.db.models import Q

from courses.models import Enrolment, Status


def place_in_queue(enrolment: Enrolment) -> int:
    """Which place somebody who waits has, the first being 1; 0 for whoever does not wait. One query."""
    if enrolment.status != Status.WAITING:
        return 0
    before = Q(waiting_at__lt=enrolment.waiting_at) | Q(waiting_at=enrolment.waiting_at, pk__lt=enrolment.pk)
    return Enrolment.objects.filter(before, run=enrolment.run_id, status=Status.WAITING).count() + 1
