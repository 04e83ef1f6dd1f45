"""Celery is the wake-up; rows in PostgreSQL are the truth. Losing every message of the broker loses no work."""

import os

from celery import Celery
from celery.signals import setup_logging
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "console.settings")

app = Celery("tranche", task_cls="console.wakeup:Work")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.steps["worker"].add(DjangoStructLogInitStep)
app.autodiscover_tasks()


@setup_logging.connect
def use_django_logging(**_: object) -> None:
    """Let the worker log as the web server does: one JSON line an event, with the request id that caused it."""
    from logging.config import dictConfig

    from django.conf import settings

    dictConfig(settings.LOGGING)
