"""What of alerts needs four eyes: that a campaign watches, and that a banner is shown."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from alerts.models import Banner, Campaign
from alerts.triggers import matching
from alerts.words import cooldown_words, rule_words
from console.organizations.kinds import Impossible, Kind, Look, Pairs, Proposal
from console.organizations.models import Approval, Staff
from console.templatetags.console import money
from segments.columns import counted


class CampaignKind(Kind):
    """A campaign begins to watch, bound to its rule and to the rules of its segment. How many it watches may change."""

    name, label, asks = "campaign", "Campaign", "campaigns.edit"

    def hold(self, approval: Approval) -> Campaign:
        rows = Campaign.objects.select_for_update(of=("self",), no_key=True)
        campaign = (
            rows.select_related("segment__version", "segment__organization", "organization")
            .filter(pk=approval.subject, organization=approval.organization_id)
            .first()
        )
        if campaign is None:
            raise Impossible("The campaign is gone.")
        if not campaign.can_edit:
            raise Impossible(f"“{campaign}” is {campaign.get_state_display().lower()}.")
        return campaign

    def proposal(self, thing: Campaign, approval: Approval, *, at: datetime) -> Proposal:
        trigger, segment = thing.trigger, thing.segment
        return Proposal(
            title=f"Activate “{thing}”",
            content={
                "campaign": thing.pk,
                "version": thing.version,
                "segment": segment.in_force(),
                "rule": [trigger.kind, _plain(trigger.threshold), _plain(trigger.clear_at), trigger.currency],
                "starts": [thing.on_activation, thing.cooldown, thing.priority],
            },
            after=_rule(thing),
            audience=matching(thing, at=at)[0],
        )

    def apply(self, thing: Campaign, approval: Approval, *, by: Staff, at: datetime) -> None:
        thing.activate(approval, by=by, at=at)

    def url(self, approval: Approval) -> str:
        return approval.organization.url("alerts:campaign_detail", approval.subject)

    def look(self, thing: Campaign, approval: Approval, *, by: Staff, at: datetime) -> Look:
        """The rule read aloud, how many accounts it watches, and how many it meets below already."""
        shown = {"rule": rule_words(thing), "banners": thing.banners.all(), "bank": thing.organization.name}
        return Look(
            pages=[(f"Segment “{thing.segment}”", thing.segment.get_absolute_url())],
            figures=_watched(thing, at),
            template="alerts/campaign_shown.html",
            shown=shown,
        )


class BannerKind(Kind):
    """Customers are shown a banner, bound to its words, its link and its place."""

    name, label, asks = "banner", "Banner", "campaigns.edit"
    done = "customers see it from now on."

    def hold(self, approval: Approval) -> Banner:
        rows = Banner.objects.select_for_update(of=("self",), no_key=True)
        banner = (
            rows.select_related("organization", "campaign__organization", "campaign__segment__organization")
            .filter(pk=approval.subject, organization=approval.organization_id)
            .first()
        )
        if banner is None:
            raise Impossible("The banner is gone.")
        if banner.campaign.state == Campaign.State.ENDED:
            raise Impossible(f"“{banner.campaign}” has ended.")
        if banner.is_shown:
            raise Impossible("These words are approved already.")
        return banner

    def proposal(self, thing: Banner, approval: Approval, *, at: datetime) -> Proposal:
        words: Pairs = [
            ("Title", thing.title),
            ("Text", thing.text),
            ("Button", thing.button_label),
            ("Link", thing.link),
            ("Place in the app", thing.placement),
        ]
        return Proposal(
            title=f"Show “{thing}” to customers",
            content={"banner": thing.pk, "campaign": thing.campaign_id, "words": words},
            after=[("Campaign", str(thing.campaign)), *words],
            audience=matching(thing.campaign, at=at)[0],
        )

    def apply(self, thing: Banner, approval: Approval, *, by: Staff, at: datetime) -> None:
        thing.show(approval, by=by, at=at)

    def look(self, thing: Banner, approval: Approval, *, by: Staff, at: datetime) -> Look:
        """The banner in the customer's app."""
        segment = thing.campaign.segment
        return Look(
            pages=[(f"Segment “{segment}”", segment.get_absolute_url())],
            figures=_watched(thing.campaign, at),
            template="alerts/banner_shown.html",
            shown={"banner": thing, "bank": thing.organization.name},
        )

    def url(self, approval: Approval) -> str:
        campaign = approval.organization.banners.values_list("campaign", flat=True).get(pk=approval.subject)
        return approval.organization.url("alerts:campaign_detail", campaign)


def _watched(campaign: Campaign, at: datetime) -> list[dict[str, Any]]:
    watched, below = matching(campaign, at=at)
    starts = "each fires once" if campaign.on_activation == "fire" else "wait until they cross again"
    note = f"members {counted(campaign.segment, at=at)}"
    return [
        {"label": "Accounts watched", "value": watched, "sure": "exact", "note": note},
        {"label": "Below already", "value": below, "note": starts},
    ]


def _plain(amount: Decimal) -> str:
    """However many zeros it was written with."""
    return f"{amount.normalize():f}"


def _rule(campaign: Campaign) -> Pairs:
    trigger, segment = campaign.trigger, campaign.segment
    rules = f", rules of version {segment.version.number}" if segment.version else ""
    return [
        ("Name", campaign.name),
        ("Watches", f"“{segment}”{rules}"),
        ("Who is in it", segment.in_words()),
        ("Fires when", f"{trigger.get_kind_display()} {money(trigger.threshold, trigger.currency)}"),
        ("Clears at", money(trigger.clear_at, trigger.currency)),
        ("Afterwards", cooldown_words(campaign.cooldown)),
        ("Below already", campaign.get_on_activation_display()),
        ("Priority", str(campaign.priority)),
    ]
