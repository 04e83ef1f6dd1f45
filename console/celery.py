"""Celery is the wake-up; rows in PostgreSQL are the truth. Losing every message of the broker loses no work."""

import ctypes
import os
from signal import SIGKILL

from celery import Celery
from celery.signals import setup_logging, worker_process_init
from django_structlog.celery.steps import DjangoStructLogInitStep

from console.embedded.processes import ON_LINUX, die_with

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


@worker_process_init.connect
def end_with_the_worker(**_: object) -> None:
    """Leave no process of the pool behind, however its worker dies. What it was at is taken up again from the rows."""
    if ON_LINUX:
        die_with(os.getppid(), SIGKILL, ctypes.CDLL(None).prctl)
