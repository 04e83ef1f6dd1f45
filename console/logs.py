"""What is logged, and what never is: one JSON object a line on standard error, without secrets or search words."""

import re
from typing import Any

import structlog

# A link that lets in whoever has it: an invitation, the set-up, a new password, leaving a list.
LINK = re.compile(r"(/(?:invitation|set-up|u)/|/sign-in/password/[0-9A-Za-z]+-)[^/\s?\"']+")
OWN: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.filter_by_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso"),
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.format_exc_info,
    structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
]
# For what Django and libraries log.
FOREIGN: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.TimeStamper(fmt="iso"),
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.format_exc_info,
]


def conceal(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """The line with dots for the token of every link in it, whoever logged it."""
    return {
        name: LINK.sub(r"\1•••", value) if isinstance(value, str) else value for name, value in event.items()
    }


def logging_options(level: str) -> dict[str, Any]:
    """settings.LOGGING, from `level` on; structlog is told too."""
    structlog.configure(
        processors=OWN, logger_factory=structlog.stdlib.LoggerFactory(), cache_logger_on_first_use=True
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            conceal,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        "foreign_pre_chain": FOREIGN,
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": formatter},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django": {"handlers": [], "propagate": True},
            "django.server": {"handlers": [], "propagate": True},
        },
    }
