"""Who may publish: staff with a right of its own, and the site itself."""

from faq.editing.refusals import MayNotPublish
from ipsc.history import PATIENT, Actor

PUBLISH = "faq.publish_question"


def may_publish(by: Actor) -> bool:
    """Whether `by` has the right to change what the public reads. A command has it: whoever runs it has the machine."""
    if by.user is not None:
        return by.user.has_perm(PUBLISH)  # type: ignore[attr-defined]  # every account that signs in has rights
    return by != PATIENT


def demand_publisher(by: Actor) -> None:
    """:raises MayNotPublish: `by` may not."""
    if not may_publish(by):
        raise MayNotPublish
