"""All of the FAQ as one file, and back: what is read from an export is what was written into it, to the byte.

The file is JSON (RFC 8259): topics, questions, the published text and the draft of each language, reviews, old
addresses, lay words and pictures. It names no patient and no vote. Doctors and visits are named by the address of their
page; one that does not exist where the file is read is left out, and told.
"""

from faq.transfer.reading import Imported, NotAnExport, NotImportable, load
from faq.transfer.shape import MOST_BYTES
from faq.transfer.writing import dump

__all__ = ["MOST_BYTES", "Imported", "NotAnExport", "NotImportable", "dump", "load"]
