"""What we say, to whom, and what became of it. A row in Message is a promise; everything else explains it."""

from communications.models.configurations import Configuration, ConfigurationVersion, Transition
from communications.models.endpoints import Endpoint, EndpointSecret
from communications.models.events import DomainEvent
from communications.models.messages import Decision, Message
from communications.models.runs import Run
from communications.models.suppressions import Suppression
from communications.models.templates import Template, TemplateVersion
from communications.models.tries import Attempt, RenderedCopy

__all__ = [
    "Attempt",
    "Configuration",
    "ConfigurationVersion",
    "Decision",
    "DomainEvent",
    "Endpoint",
    "EndpointSecret",
    "Message",
    "RenderedCopy",
    "Run",
    "Suppression",
    "Template",
    "TemplateVersion",
    "Transition",
]
