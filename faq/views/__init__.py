"""The public pages of the FAQ."""

from faq.views.finding import search, suggest
from faq.views.helping import helpful
from faq.views.reading import leaflet, question, topic, topics

__all__ = ["helpful", "leaflet", "question", "search", "suggest", "topic", "topics"]
