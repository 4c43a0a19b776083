"""SMS: one registered text for each kind and language, and the adapters that hand it to a gateway.

Indian carriers silently drop a text that differs from the one registered for it, so nothing here composes a text:
`templates` fills the numbered variables of a registered one, and refuses what would not fit.
"""

from ipsc.sms.adapters import adapter, is_set_up
from ipsc.sms.templates import Unfit, fill, registered

__all__ = ["Unfit", "adapter", "fill", "is_set_up", "registered"]
