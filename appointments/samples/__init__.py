"""The first content, which shows the site until the clinic's own is there (rule F3).

`load` puts it in, `preview` and `remove` take it out again, `fill` makes a demonstration day of sample visits.
"""

from appointments.samples.demonstration import Filled, fill
from appointments.samples.loading import Loaded, load
from appointments.samples.removing import Removal, preview, remove
from ipsc.sampling import Line, NoSamplesHere

__all__ = ["Filled", "Line", "Loaded", "NoSamplesHere", "Removal", "fill", "load", "preview", "remove"]
