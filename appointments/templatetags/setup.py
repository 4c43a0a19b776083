"""What the admin's first page shows of the set-up, and the addresses of its steps."""

from django import template
from django.urls import reverse

from appointments.admin.setup.pages import PERMISSION
from appointments.admin.setup.weeks import PERMISSIONS
from appointments.setup import steps
from appointments.setup.facts import Address
from ipsc.dates import now

register = template.Library()


@register.filter
def to_url(address: Address) -> str:
    """The address in the admin of a step or of what is missing in it."""
    name, *args = address
    return reverse(f"admin:{name}", args=args)


@register.inclusion_tag("admin/appointments/setup/_card.html", takes_context=True)
def setup_card(context) -> dict:
    """How far the clinic is, for managers; the way to the hours for whoever may change them."""
    user = context["request"].user
    is_manager = user.has_perm(PERMISSION)
    progress = steps.progress(now=now()) if is_manager else None
    return {"is_manager": is_manager, "may_set_hours": user.has_perms(PERMISSIONS), "progress": progress}
