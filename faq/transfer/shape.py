"""What stands in an export of each row, in order."""

from faq.models import CONTENT

FORMAT = "ipsc-faq-1"
MOST_BYTES = 20 * 1024 * 1024

TOPIC = (
    *("public_id", "title", "title_hi", "slug", "medical_name", "medical_name_hi", "introduction", "introduction_hi"),
    *("order", "published", "red_flags", "red_flags_text", "red_flags_text_hi"),
)
QUESTION = (
    *("public_id", "slug", "order", "keywords", "red_flags", "to_confirm", "publish_from", "unpublish_at"),
    "source_key",
)
# A review goes with its doctor, who may not exist where the file is read.
REVIEW = ("reviewed_on", "reviewed_version", "review_due_on")
WORDING = (
    *("version", "published_at", "english_version", "state", "drafted_at", "drafted_by"),
    *REVIEW,
    *CONTENT,
    *(f"draft_{name}" for name in CONTENT),
)
ANSWERS = ("answer", "draft_answer")
LAY_WORD = ("words", "means", "active", "source_key")
