"""Numbers that forms carry."""


def whole_number(text: str, most_digits: int = 9) -> int:
    """A whole number; -1, which no fee, no version and no row ever is, for anything else and for more digits."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= most_digits else -1
