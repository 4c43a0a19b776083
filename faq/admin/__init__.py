"""The staff's pages of the FAQ: topics, questions with their texts, reviews, and what patients say of them."""

from faq.admin import questions, topics, votes, words

__all__ = ["questions", "topics", "votes", "words"]
