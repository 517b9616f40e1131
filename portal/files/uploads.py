"""The way in: a file that is too large is counted but not kept, so that it fills neither memory nor disk."""

from __future__ import annotations

from io import BytesIO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class LimitedUpload(FileUploadHandler):
    """Stands before the other handlers: hands them no byte beyond `LARGEST_FILE`.

    A larger file arrives as one without content that still tells its name and its real size.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data if start + len(raw_data) <= settings.LARGEST_FILE else None

    def file_complete(self, file_size: int) -> UploadedFile[bytes] | None:
        if file_size <= settings.LARGEST_FILE:
            return None
        # The others hold the part they were handed; nobody else will close it.
        for other in self.request.upload_handlers if self.request else []:
            if hasattr(other, "file"):
                other.file.close()
        return UploadedFile(BytesIO(), self.file_name, self.content_type, file_size)
