"""What the admin's first page shows of today."""

from django import template
from django.db.models import Count, Q

from appointments.admin.days import waiting
from appointments.calling import open_calls
from appointments.messages.unreached import could_not_reach, to_remind
from appointments.models import Appointment, Status
from ipsc.dates import clinic_day, now
from ipsc.outbox.claiming import waiting_too_long

register = template.Library()


@register.simple_tag(takes_context=True)
def today_card(context) -> dict | None:
    """Today's figures, for those who may see appointments."""
    user = context["request"].user
    if not user.has_perm("appointments.view_appointment"):
        return None
    moment = now()
    today = Appointment.objects.on(clinic_day(moment)).order_by()
    freed = Q(status__in=[Status.CANCELLED, Status.DECLINED])
    coming = Appointment.objects.filter(status__in=[Status.BOOKED, Status.ARRIVED], starts_at__gte=moment)
    return {
        "day": clinic_day(moment),
        "waiting": waiting(moment),
        "next": coming.select_related("clinician").order_by("starts_at", "pk").first(),
        "calls": open_calls(moment) if user.has_perm("appointments.view_callback") else None,
        "stuck": waiting_too_long(now=moment) if user.has_perm("ipsc.view_message") else 0,
        "unreached": len(could_not_reach(moment)),
        "to_remind": len(to_remind(moment).to_call),
        "may_add": user.has_perm("appointments.add_appointment"),
        **today.aggregate(visits=Count("pk", filter=~freed), arrived=Count("pk", filter=Q(status=Status.ARRIVED))),
    }
