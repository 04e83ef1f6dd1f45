"""Campaigns: the list, the rule as a sentence, and starting, pausing, ending them."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import IntegrityError
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alerts.columns import COLUMNS, ORDERS
from alerts.filtersets import CampaignFilters, listed_alerts, listed_campaigns
from alerts.forms import CampaignForm
from alerts.models import Campaign, NotApproved, Overtaken, WrongState
from alerts.models.alert import OPEN
from alerts.tasks import evaluate_organization
from alerts.triggers import matching
from alerts.words import CAMPAIGN_TONES, badge_of, rule_words
from console.approvals.forms import RequestForm
from console.approvals.words import latest as latest_approval
from console.columns import choose
from console.listing import Listing, show_list
from console.organizations.access import StaffRequest, allowed, may
from console.organizations.approving import ask, covers
from console.organizations.kinds import Impossible
from console.paging import keyset
from console.wakeup import wake

MONTH = timedelta(days=30)


@require_safe
@allowed("view")
def campaign_list(request: StaffRequest) -> HttpResponse:
    """Every campaign with its rule, its state and what it found."""
    filters = CampaignFilters(request, listed_campaigns(request.organization))
    page = keyset(filters.rows, request, orders=ORDERS, default="name")
    listing = Listing(request, "campaign", "campaigns", filters, choose(request, "campaigns", COLUMNS), page)
    may_edit = may(request.staff, "campaigns.edit")
    return show_list(request, "alerts/campaign_list.html", listing, may_edit=may_edit)


def _campaign(request: StaffRequest, pk: UUID) -> Campaign:
    campaigns = request.organization.campaigns.select_related(
        "segment__version", "trigger", "organization", "approval"
    )
    campaign: Campaign = get_object_or_404(campaigns.prefetch_related("banners"), pk=pk)
    return campaign


@require_safe
@allowed("view")
def campaign_detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The rule read aloud, what it found, its banners, and who did what to it."""
    campaign, now = _campaign(request, pk), timezone.now()
    latest = listed_alerts(request.organization).filter(campaign=campaign).order_by("-fired_at", "-pk")[:5]
    is_covered = covers(campaign.approval, campaign, at=now)
    context = {
        "campaign": campaign,
        "tone": CAMPAIGN_TONES[campaign.state],
        "rule": rule_words(campaign),
        "stats": _stats(campaign, now),
        "latest": [(alert, *badge_of(alert, request.staff)) for alert in latest],
        "story": [
            {"text": str(event), "at": event.at, "by": event.by}
            for event in campaign.events.select_related("by__user").order_by("-at", "-pk")[:20]
        ],
        "may_edit": may(request.staff, "campaigns.edit"),
        "approval": latest_approval(request.staff, "campaign", campaign.pk),
        "banners": [
            (banner, latest_approval(request.staff, "banner", banner.pk)) for banner in campaign.banners.all()
        ],
        "is_changed": campaign.state == "active" and not is_covered,
        "is_covered": is_covered,
    }
    return render(request, "alerts/campaign_detail.html", context)


def _stats(campaign: Campaign, now: Any) -> list[dict[str, Any]]:
    watched, below = matching(campaign, at=now)
    found = campaign.alerts.aggregate(
        open=Count("pk", Q(state__in=OPEN)),
        month=Count("pk", Q(fired_at__gte=now - MONTH) & ~Q(state="voided")),
    )
    waiting = campaign.account_states.filter(state="waiting").count()
    return [
        {
            "label": "Accounts watched",
            "value": watched,
            "sure": "exact",
            "note": f"in {campaign.trigger.currency}, open",
        },
        {"label": "Below now", "value": below, "note": "by today’s ledger balance"},
        {
            "label": "Open alerts",
            "value": found["open"],
            "tone": "bad" if found["open"] else "",
            "note": "in the inbox",
        },
        {"label": "Fired in 30 days", "value": found["month"], "note": "voided ones left out"},
        {"label": "Waiting", "value": waiting, "note": "below, until they cross again"},
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@allowed("campaigns.edit")
def campaign_create(request: StaffRequest) -> HttpResponse:
    """Write a rule; it starts as a draft."""
    form = CampaignForm(request.POST or None, organization=request.organization)
    return _write(request, form, {})


@require_http_methods(["GET", "HEAD", "POST"])
@allowed("campaigns.edit")
def campaign_edit(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Change the rule of a campaign that does not run."""
    campaign = _campaign(request, pk)
    if not campaign.can_edit:
        messages.warning(
            request, f"“{campaign}” is {campaign.get_state_display().lower()}. Pause it to change its rule."
        )
        return redirect(campaign.get_absolute_url())
    form = CampaignForm(request.POST or None, organization=request.organization, campaign=campaign)
    return _write(request, form, {"campaign": campaign})


def _write(request: StaffRequest, form: CampaignForm, context: dict[str, Any]) -> HttpResponse:
    if form.is_valid() and (campaign := _kept(request, form)):
        messages.success(request, f"“{campaign}” kept as version {campaign.version}.")
        return redirect(campaign.get_absolute_url())
    has_segments = request.organization.segments.filter(archived_at__isnull=True).exists()
    status = 422 if form.is_bound else 200
    page = {"form": form, "has_segments": has_segments, **context}
    return render(request, "alerts/campaign_form.html", page, status=status)


def _kept(request: StaffRequest, form: CampaignForm) -> Campaign | None:
    """The campaign with its new rule; None when somebody was faster, which the form then says."""
    try:
        return form.save(by=request.staff, at=timezone.now())
    except (WrongState, Overtaken) as refusal:
        form.add_error(None, str(refusal))
    except IntegrityError:
        form.add_error("name", "Another campaign took this name meanwhile. Choose another one.")
    return None


@require_http_methods(["GET", "HEAD", "POST"])
@allowed("campaigns.edit")
def campaign_activate(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Say how many accounts are below already, then ask for approval, or resume with what is approved already."""
    campaign, now = _campaign(request, pk), timezone.now()
    if not campaign.can_edit:
        messages.warning(request, f"“{campaign}” is {campaign.get_state_display().lower()}.")
        return redirect(campaign.get_absolute_url())
    is_approved = campaign.state == Campaign.State.PAUSED and covers(campaign.approval, campaign, at=now)
    form = RequestForm(request.POST or None)
    if request.method == "POST" and is_approved:
        done = _change(request, campaign, campaign.resume, "is watching")
        wake(evaluate_organization, str(request.organization.pk), organization=request.organization.pk)
        return done
    if request.method == "POST" and form.is_valid():
        return _asked(request, campaign, form.cleaned_data["comment"])
    watched, below = matching(campaign, at=now)
    context = {"campaign": campaign, "rule": rule_words(campaign), "watched": watched, "below": below}
    context |= {"form": form, "is_approved": is_approved}
    return render(request, "alerts/campaign_activate.html", context, status=422 if form.is_bound else 200)


def _asked(request: StaffRequest, campaign: Campaign, comment: str) -> HttpResponse:
    try:
        ask("campaign", campaign.pk, by=request.staff, at=timezone.now(), comment=comment)
    except Impossible as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, f"Asked. “{campaign}” begins to watch once somebody else approves it.")
    return redirect(campaign.get_absolute_url())


@require_POST
@allowed("campaigns.edit")
def campaign_pause(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Stop watching; its banner is withdrawn at once."""
    campaign = _campaign(request, pk)
    return _change(request, campaign, campaign.pause, "is paused. Its banners are withdrawn")


@require_http_methods(["GET", "HEAD", "POST"])
@allowed("campaigns.edit")
def campaign_end(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Say what ending means, then end it for good."""
    campaign = _campaign(request, pk)
    if request.method == "POST":
        return _change(request, campaign, campaign.end, "has ended. Its open alerts are resolved")
    open_alerts = campaign.alerts.open().count()
    return render(request, "alerts/campaign_end.html", {"campaign": campaign, "open_alerts": open_alerts})


def _change(request: StaffRequest, campaign: Campaign, change: Any, said: str) -> HttpResponse:
    try:
        change(by=request.staff, at=timezone.now())
    except (WrongState, NotApproved) as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, f"“{campaign}” {said}.")
    return redirect(campaign.get_absolute_url())
