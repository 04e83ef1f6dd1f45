"""What we say, to whom, and what became of it. A row in Message is a promise; everything else explains it."""

from communications.models.configurations import Configuration, ConfigurationVersion, Transition
from communications.models.endpoints import Endpoint, EndpointSecret
from communications.models.messages import Attempt, Decision, Message, RenderedCopy
from communications.models.runs import Run
from communications.models.suppressions import Suppression
from communications.models.templates import Template, TemplateVersion

__all__ = [
    "Attempt",
    "Configuration",
    "ConfigurationVersion",
    "Decision",
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
