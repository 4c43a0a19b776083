"""Files are for staff: nobody else can make the site hold one in memory."""

from io import BytesIO

from django.core.files.uploadhandler import MemoryFileUploadHandler, SkipFile

# More than all questions with their pictures have: whatever is larger is cut off here, and refused in words by what
# reads it.
MOST = 24 * 1024 * 1024
FOR_STAFF = "/admin/"


class StaffUploadHandler(MemoryFileUploadHandler):
    """Takes the files that staff who have signed in send to the admin, in memory and at most MOST bytes a request.

    Any other file is skipped unread. The form is read when its token is compared, after the middleware has found out
    who asks.
    """

    def handle_raw_input(self, *args, **kwargs) -> None:
        self.left = MOST
        self.activated = (
            self.request is not None
            and self.request.path.startswith(FOR_STAFF)
            and getattr(getattr(self.request, "user", None), "is_staff", False)
        )

    def new_file(self, *args, **kwargs) -> None:
        if not self.activated:
            raise SkipFile
        # The base class would call its own first; nothing comes after this handler.
        super(MemoryFileUploadHandler, self).new_file(*args, **kwargs)
        self.file = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        taken = raw_data[: self.left]
        self.left -= len(taken)
        self.file.write(taken)
