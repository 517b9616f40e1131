"""The worker's way in: `celery -A portal.celery worker`, `celery -A portal.celery beat`."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery, Task

from portal.audit.requests import numbered, request_id

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")


class NumberedTask(Task[Any, Any]):
    """A task done for the request that asked for it: the request's number travels with the message."""

    abstract = True

    def apply_async(self, *args: Any, **options: Any) -> Any:
        headers = {**(options.pop("headers", None) or {}), "request_id": request_id()}
        return super().apply_async(*args, headers=headers, **options)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with numbered(self.request.get("request_id") or request_id()):
            return super().__call__(*args, **kwargs)


app = Celery("portal", task_cls=NumberedTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
