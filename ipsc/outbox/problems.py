"""How a channel fails: for now, or for ever."""


class TryAgain(Exception):
    """It may be taken later; the argument says why it was not now."""


class Refused(Exception):
    """It will never be taken; the argument says why."""


class Unclear(TryAgain):
    """It may have left, or not: it is tried once more and not for ever, since each try may be one message more."""
