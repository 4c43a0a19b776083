"""The search of the questions, for people who spell as they speak, in English, Hindi and Hindi in Latin letters.

``folding``    how a word sounds (pure)
``query``      what was typed, cut into words (pure); ``stops`` are the words that say nothing
``entries``    what the search knows of questions, written whenever something is published
``lay``        the list of what people say instead of the words of the answers
``knowing``    what texts and list know of the words of a query; ``meaning`` is what to look for then
``finding``    the search itself; ``extracts`` marks the words in a piece of an answer
``fruitless``  counts what nobody found
"""
