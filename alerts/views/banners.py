"""What customers are shown: preparing a banner with its preview, asking for approval, withdrawing it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from alerts.forms import BannerForm
from alerts.models import Banner, Campaign, NotApproved
from console.organizations import approving
from console.organizations.access import StaffRequest, allowed
from console.organizations.kinds import Impossible
from console.templatetags.console import money

PHONE_ROWS = [("Energie Krämer", "−54.10"), ("Kino & Serien", "−15.90"), ("Salary, October", "+1,240.00")]
PREVIEW = "banner-preview"


@require_http_methods(["GET", "HEAD", "POST"])
@allowed("campaigns.edit")
def banner_create(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Prepare a banner for a campaign."""
    campaign = get_object_or_404(request.organization.campaigns.select_related("trigger"), pk=pk)
    return _write(request, campaign, Banner(organization=request.organization, campaign=campaign))


@require_http_methods(["GET", "HEAD", "POST"])
@allowed("campaigns.edit")
def banner_edit(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Change a banner; whatever was approved is no longer."""
    banner = get_object_or_404(request.organization.banners.select_related("campaign__trigger"), pk=pk)
    return _write(request, banner.campaign, banner)


def _write(request: StaffRequest, campaign: Campaign, banner: Banner) -> HttpResponse:
    campaign.organization = request.organization
    was_shown = banner.is_shown
    form = BannerForm(request.POST or None, instance=banner)
    if request.htmx.target == PREVIEW:
        return render(request, "alerts/banner_form.html#preview", preview(request, campaign, form))
    if request.method == "POST" and form.is_valid():
        form.save(commit=False).prepare(by=request.staff, at=timezone.now())
        messages.success(request, "Banner kept. Customers see it once it is approved.")
        return redirect(campaign.get_absolute_url())
    context = {"campaign": campaign, "form": form, "was_shown": was_shown, **preview(request, campaign, form)}
    return render(request, "alerts/banner_form.html", context, status=422 if form.is_bound else 200)


def preview(request: StaffRequest, campaign: Campaign, form: BannerForm) -> dict[str, Any]:
    """The phone with what is typed so far, on an account as low as the rule asks for."""
    words = {name: form[name].value() or "" for name in ("title", "text", "button_label", "link")}
    return {
        "words": words,
        "phone_rows": PHONE_ROWS,
        "balance": money(campaign.trigger.threshold - 20, campaign.trigger.currency),
        "lengths": [
            ("Title", f"{len(words['title'])} of 40 characters"),
            ("Text", f"{len(words['text'])} of 200 characters"),
            ("Shown until", "the alert clears, or somebody ends it"),
        ],
        "bank": request.organization.name,
    }


@require_POST
@allowed("campaigns.edit")
def banner_ask(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Ask that customers may see it as it is now; words that are approved already are shown again."""
    banner = get_object_or_404(request.organization.banners.select_related("campaign__organization"), pk=pk)
    now = timezone.now()
    try:
        if banner.approval_id:
            banner.show_again(by=request.staff, at=now)
            messages.success(request, f"“{banner}” is shown again: its words are those that were approved.")
        else:
            approving.ask("banner", banner.pk, by=request.staff, at=now)
            messages.success(request, "Asked. Customers see it once somebody else approves it.")
    except (Impossible, NotApproved) as refusal:
        messages.warning(request, str(refusal))
    return redirect(banner.campaign.get_absolute_url())


@require_POST
@allowed("campaigns.edit")
def banner_withdraw(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Take it away from customers at once."""
    banner = get_object_or_404(request.organization.banners.select_related("campaign__organization"), pk=pk)
    banner.withdraw(by=request.staff, at=timezone.now())
    messages.success(request, f"“{banner}” is withdrawn.")
    return redirect(banner.campaign.get_absolute_url())
