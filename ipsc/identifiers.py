"""Identifiers that people and addresses carry: opaque ids and spoken references."""

import secrets

# No vowels, so that no word appears by chance; no 0, 1 or l, which are misread.
ALPHABET = "23456789bcdfghjkmnpqrstvwxz"
REFERENCE_DIGITS = 9


def opaque_id() -> str:
    """Ten characters that say nothing about the row (47 bits)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(10))


def luhn_digit(digits: str) -> str:
    """The check digit of ISO/IEC 7812-1, annex B, which finds every single wrong digit and most swapped ones."""
    doubled = [int(digit) * 2 if place % 2 == 0 else int(digit) for place, digit in enumerate(reversed(digits))]
    return str(-sum(value // 10 + value % 10 for value in doubled) % 10)


def new_reference() -> str:
    """Nine random digits, the last a check digit; the first is never 0, which gets lost when it is read out."""
    digits = str(secrets.randbelow(9 * 10 ** (REFERENCE_DIGITS - 2)) + 10 ** (REFERENCE_DIGITS - 2))
    return digits + luhn_digit(digits)


def is_reference(text: str) -> bool:
    """Whether `text` is nine digits of which the last one is right."""
    if len(text) != REFERENCE_DIGITS or not (text.isascii() and text.isdigit()):
        return False
    return luhn_digit(text[:-1]) == text[-1]


def in_groups(reference: str) -> str:
    """123 456 789, as one says it on the phone."""
    return " ".join(reference[start : start + 3] for start in range(0, len(reference), 3))
