"""Files are for staff: nobody else can make the site hold one in memory."""

from io import BytesIO

from django.core.files.uploadhandler import MemoryFileUploadHandler, SkipFile

# A little more than a picture may have: whatever is larger is cut off here and refused in words by `ipsc.pictures`.
MOST = 6 * 1024 * 1024
FOR_STAFF = "/admin/"


class StaffUploadHandler(MemoryFileUploadHandler):
    """Takes files that are sent to the admin, in memory and at most MOST bytes of each; any other is skipped unread.

    Whether somebody has signed in is not known yet when a form is read; the views ask for that.
    """

    def handle_raw_input(self, *args, **kwargs) -> None:
        self.activated = self.request is not None and self.request.path.startswith(FOR_STAFF)

    def new_file(self, *args, **kwargs) -> None:
        if not self.activated:
            raise SkipFile
        # The base class would call its own first; nothing comes after this handler.
        super(MemoryFileUploadHandler, self).new_file(*args, **kwargs)
        self.file = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.file.write(raw_data[: max(0, MOST - start)])
