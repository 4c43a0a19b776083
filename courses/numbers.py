"""Numbers that forms carry."""


def whole_number(text: str) -> int:
    """A whole number of at most nine digits; -1, which no fee ever is, for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
