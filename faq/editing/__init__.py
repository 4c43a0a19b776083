"""The verbs by which staff write, publish, place and review answers (rule F1)."""

from faq.editing.placing import amend_question, amend_topic, new_question, reorder
from faq.editing.publishing import discard, publish, send_to_doctor, withdraw_text
from faq.editing.refusals import (
    AddressTaken,
    AnswerMissing,
    EditingRefused,
    MayNotPublish,
    NothingToPublish,
    NotReviewable,
    SavedMeanwhile,
)
from faq.editing.reviewing import review
from faq.editing.rights import may_publish
from faq.editing.writing import save_draft

__all__ = [
    "AddressTaken",
    "AnswerMissing",
    "EditingRefused",
    "MayNotPublish",
    "NotReviewable",
    "NothingToPublish",
    "SavedMeanwhile",
    "amend_question",
    "amend_topic",
    "discard",
    "may_publish",
    "new_question",
    "publish",
    "reorder",
    "review",
    "save_draft",
    "send_to_doctor",
    "withdraw_text",
]
