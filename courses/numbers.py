"""Numbers that forms carry, and how those that people write are compared."""

import unicodedata


def whole_number(text: str, most_digits: int = 9) -> int:
    """A whole number; -1, which no fee, no version and no row ever is, for anything else and for more digits."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= most_digits else -1


def number_key(text: str) -> str:
    """A number as it is compared: capital letters and digits alone, digits of any script as 0 to 9.

    Spaces, slashes and dots tell no two numbers apart.
    """
    kept = []
    for each in unicodedata.normalize("NFKC", text).upper():
        if each.isdecimal():
            kept.append(str(unicodedata.decimal(each)))
        elif each.isalpha():
            kept.append(each)
    return "".join(kept)
