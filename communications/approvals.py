"""What of communications needs four eyes: each send, and the address that an endpoint's webhooks go to."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from communications.audience import Audience, audience, planned
from communications.examples import examples
from communications.models import Configuration, DomainEvent, Endpoint
from communications.rendering.plain_text import plain_text
from communications.tasks import dispatch
from console.customers.masking import sight_of
from console.organizations.kinds import Impossible, Kind, Look, Pairs, Proposal
from console.organizations.models import Approval, Staff
from console.wakeup import wake
from segments.columns import counted

if TYPE_CHECKING:
    from communications.models import ConfigurationVersion


class SendKind(Kind):
    """A communication goes out once, bound to its version, its template's, its segment's, and to who receives."""

    name, label, asks = "send", "Send", "communications.send"
    done = "it goes out now."

    def hold(self, approval: Approval) -> Configuration:
        rows = Configuration.objects.select_for_update(of=("self",))
        related = (
            "organization",
            "version__segment__version",
            "version__segment__organization",
            "version__template__version",
            "version__endpoint",
        )
        configuration = (
            rows.select_related(*related)
            .filter(pk=approval.subject, organization=approval.organization_id)
            .first()
        )
        if configuration is None or configuration.version is None:
            raise Impossible("The communication is gone.")
        if configuration.state != Configuration.State.ACTIVE:
            raise Impossible(f"“{configuration}” is {configuration.get_state_display().lower()}.")
        return configuration

    def proposal(self, thing: Configuration, approval: Approval, *, at: datetime) -> Proposal:
        version = thing.in_force()
        return proposed(thing, version, audience(version))

    def apply(self, thing: Configuration, approval: Approval, *, by: Staff, at: datetime) -> None:
        """Plan the messages, and count who they are for: somebody may have entered since the fingerprint was taken."""
        run = thing.send(approval, by=by, at=at)
        if proposed(thing, run.version, planned(run)).fingerprint != approval.fingerprint:
            raise Impossible(moved(thing, approval))
        wake(dispatch)

    def url(self, approval: Approval) -> str:
        return approval.organization.url("communications:configuration_detail", approval.subject)

    def look(self, thing: Configuration, approval: Approval, *, by: Staff, at: datetime) -> Look:
        """The letter as five of them get it, and who gets it now."""
        version = thing.in_force()
        found, segment = audience(version), version.segment
        parts = [("Segment", segment), ("Template", version.template), ("Endpoint", version.endpoint)]
        return Look(
            pages=[(f"{label} “{one}”", one.get_absolute_url()) for label, one in parts if one],
            figures=[
                {"label": "In the segment", "value": found.planned, "note": counted(segment, at=at)},
                {"label": "Will get it", "value": found.sending, "note": "customers"},
                {"label": "Held back", "value": found.total_held_back, "note": "counted, not sent"},
            ],
            template="communications/examples.html",
            shown={
                "configuration": thing,
                "version": version,
                "examples": examples(version, sight_of(by)),
            },
        )

    def why_changed(self, thing: Configuration, approval: Approval, now: Proposal) -> str:
        words = super().why_changed(thing, approval, now)
        is_audience_alone = {"Customers", "Held back", "Without consent"}.issuperset(
            words.split(": ")[1].removesuffix(".").split(", ")
        )
        return moved(thing, approval) if is_audience_alone or "no words" in words else words


def proposed(configuration: Configuration, version: "ConfigurationVersion", found: Audience) -> Proposal:
    """A send of `version` to `found`: the page that asks shows it, and approving compares with it."""
    segment, template, endpoint = version.segment, version.template, version.endpoint
    rules = f", rules of version {segment.version.number}" if segment.version else ""
    words: Pairs = [
        ("Communication", f"{configuration}, version {version.number}"),
        ("What for", version.rules.in_words()),
        ("Segment", f"{segment}{rules}"),
        ("Who is in it", segment.in_words()),
    ]
    if template and template.version:
        words += [
            ("Template", str(template.version)),
            ("Subject", template.version.subject),
            ("Letter", template.version.text or plain_text(template.version.html)),
            ("Sender", version.sender),
        ]
    if endpoint:
        words += [("Endpoint", f"{endpoint}, {endpoint.url}")]
    words += [("Customers", f"{found.planned:,}"), ("Held back", f"{found.total_held_back:,}")]
    if version.rules.needs_consent:
        words += [("Without consent", f"{found.without_consent:,}")]
    return Proposal(
        title=f"Send “{configuration}” to {found.planned:,} customer{'' if found.planned == 1 else 's'}",
        content={
            "communication": version.pk,
            "template": template.version_id if template else None,
            "endpoint": endpoint.url if endpoint else None,
            "segment": segment.in_force(),
            "audience": found.fingerprint,
        },
        after=words,
        audience=found.planned,
    )


def moved(configuration: Configuration, approval: Approval) -> str:
    """How many joined and left the segment since it was asked for."""
    since = configuration.in_force().segment.events.filter(at__gte=approval.requested_at)
    found = since.aggregate(joined=Count("pk", Q(change="entered")), left=Count("pk", Q(change="left")))
    if not any(found.values()):
        return "Who receives it, or is held back, changed after it was asked for. Ask again."
    return f"{found['joined']:,} joined and {found['left']:,} left after it was asked for. Ask again."


def events_in_words(endpoint: Endpoint) -> str:
    """What an endpoint is told of by itself."""
    return "; ".join(DomainEvent(each).label for each in endpoint.events)


class EndpointKind(Kind):
    """Webhooks go to an address, bound to that address and to the events it is told of."""

    name, label, asks = "endpoint", "Endpoint", "communications.edit"

    def hold(self, approval: Approval) -> Endpoint:
        rows = Endpoint.objects.select_for_update(of=("self",)).select_related("organization")
        endpoint = rows.filter(pk=approval.subject, organization=approval.organization_id).first()
        if endpoint is None:
            raise Impossible("The endpoint is gone.")
        if endpoint.is_enabled:
            raise Impossible(f"“{endpoint}” is enabled.")
        return endpoint

    def proposal(self, thing: Endpoint, approval: Approval, *, at: datetime) -> Proposal:
        told = [("Told when", events_in_words(thing))] if thing.events else []
        return Proposal(
            title=f"Send webhooks to “{thing}”",
            content={"endpoint": thing.pk, "url": thing.url}
            | ({"events": thing.events} if thing.events else {}),
            after=[("Name", thing.name), ("Address", thing.url), *told],
        )

    def look(self, thing: Endpoint, approval: Approval, *, by: Staff, at: datetime) -> Look:
        """The communications that go there."""
        using = thing.organization.configurations.filter(version__endpoint=thing).select_related(
            "organization"
        )
        return Look(pages=[(f"Communication “{one}”", one.get_absolute_url()) for one in using[:20]])

    def apply(self, thing: Endpoint, approval: Approval, *, by: Staff, at: datetime) -> None:
        thing.open(approval, by=by, at=at)
        wake(dispatch)

    def url(self, approval: Approval) -> str:
        return approval.organization.url("communications:endpoint_detail", approval.subject)
