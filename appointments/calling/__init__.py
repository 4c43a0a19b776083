"""“Call me back”: somebody who would rather speak than type asks for a call, and reception calls (rule B9).

The verbs here are all that writes a `CallBack`. Each takes keywords only and runs in one transaction; those of the
desk lock the row first, and look at its version, before they write.
"""

from appointments.calling.answering import (
    OpenCalls,
    called_in_vain,
    drop,
    open_calls,
    reached,
    reopen,
)
from appointments.calling.making import Caller, ask_for_call

__all__ = [
    "Caller",
    "OpenCalls",
    "ask_for_call",
    "called_in_vain",
    "drop",
    "open_calls",
    "reached",
    "reopen",
]
