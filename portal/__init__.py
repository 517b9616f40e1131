"""What holds the portal together. The Celery app is loaded with Django so that tasks find it."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
