"""Topics, their questions, and the answers in each language: what is published, and the draft beside it (rule F1)."""

from faq.models.addresses import OldQuestionSlug, OldTopicSlug
from faq.models.question import Question
from faq.models.search import FruitlessSearch, LayWord, SearchEntry, SearchWord
from faq.models.topic import Topic
from faq.models.vote import Reason, Vote
from faq.models.wording import CONTENT, Draft, Language, State, Wording

__all__ = [
    "CONTENT",
    "Draft",
    "FruitlessSearch",
    "Language",
    "LayWord",
    "OldQuestionSlug",
    "OldTopicSlug",
    "Question",
    "Reason",
    "SearchEntry",
    "SearchWord",
    "State",
    "Topic",
    "Vote",
    "Wording",
]
