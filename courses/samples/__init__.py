"""The sample courses, which show the site until the centre's own are there (rule F3).

`load` puts them in with their runs, `fill` keeps twelve months ahead and the runs peopled, `preview` and `remove` take
them out again.
"""

from courses.samples.demonstration import Filled, fill
from courses.samples.loading import Loaded, load
from courses.samples.removing import Removal, preview, remove

__all__ = ["Filled", "Loaded", "Removal", "fill", "load", "preview", "remove"]
