"""Sending to a segment: who would get it, asking, how far it is, and what a person has to decide."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_safe

from communications.approvals import proposed
from communications.audience import audience
from communications.books import books_of_run, held_back
from communications.columns import what_happened
from communications.examples import examples
from communications.forms import AskForm
from communications.models import Configuration, ConfigurationVersion, Run
from communications.previews import preview
from communications.views.configurations import bars, configuration_of
from communications.views.frames import framed, framed_words
from communications.views.messages import decide
from console.approvals.words import latest
from console.customers.masking import sight_of
from console.organizations.access import StaffRequest, allowed, may
from console.organizations.approving import NotSeen, ask
from console.organizations.kinds import Impossible


@require_http_methods(["GET", "HEAD", "POST"])
@allowed("communications.send")
def configuration_send(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Who would get it now, five of them as they would; asking leads to the request that somebody else decides on."""
    configuration = configuration_of(request, pk)
    if configuration.version is None or configuration.state != Configuration.State.ACTIVE:
        messages.warning(request, "Only an active communication sends. Activate it first.")
        return redirect(configuration)
    form = AskForm(request.POST or None)
    if form.is_valid():
        asked = {"seen": form.cleaned_data["fingerprint"], "comment": form.cleaned_data["comment"]}
        try:
            approval = ask("send", configuration.pk, by=request.staff, at=timezone.now(), **asked)
        except NotSeen:
            messages.warning(
                request, "Who receives has changed since this page was shown. Look again, then ask."
            )
        except Impossible as refusal:
            messages.warning(request, f"{refusal} Nothing was asked for.")
        else:
            messages.success(request, "Asked. It goes out once somebody else approves it.")
            return redirect(approval)
    return _ask(request, configuration, configuration.version, form)


def _ask(
    request: StaffRequest, configuration: Configuration, version: ConfigurationVersion, form: AskForm
) -> HttpResponse:
    """The page that asks."""
    found = audience(version)
    context = {
        "configuration": configuration,
        "version": version,
        "audience": found,
        "proposal": proposed(configuration, version, found),
        "form": form,
        "examples": examples(version, sight_of(request.staff)),
        "reasons": bars(found.reasons),
        "last": configuration.runs.select_related("confirmed_by__user").first(),
        "approval": latest(request.staff, "send", configuration.pk),
    }
    status = 409 if form.is_bound else 200
    return render(request, "communications/configuration_send.html", context, status=status)


@require_safe
@allowed("view")
@xframe_options_sameorigin
def configuration_example(request: StaffRequest, pk: UUID, customer: UUID) -> HttpResponse:
    """The HTML part as one customer would get it, for a sandboxed frame."""
    configuration = configuration_of(request, pk)
    recipient = get_object_or_404(request.organization.customers, pk=customer)
    template = configuration.version.template if configuration.version else None
    if template is None or template.version is None:
        return framed_words("A webhook has no page to show.")
    shown = preview(template.version.content, request.organization, [recipient], sight_of(request.staff))[0]
    return framed_words(shown.fault) if shown.fault else framed(shown.html)


@require_safe
@allowed("view")
def run_detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    """One send: its books, how far it is, what was confirmed, who was held back why."""
    runs = request.organization.communication_runs.select_related(
        *(
            "configuration__organization",
            "confirmed_by__user",
            "approval__maker__user",
            "approval__organization",
        ),
        *("organization", "segment_version"),
        *("version__segment__organization", "template_version__template__organization"),
    )
    run: Run = get_object_or_404(runs, pk=pk)
    books = books_of_run(run)
    context = {
        "run": run,
        "books": books,
        "reasons": bars(held_back(run.messages.all())),
        "may_decide": may(request.staff, "communications.send"),
    }
    part = "#progress" if request.htmx.target == "run-progress" else ""
    return render(request, f"communications/run_detail.html{part}", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed("communications.send")
def configuration_uncertain(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Messages of which nobody knows whether they were sent: decide on all of them."""
    configuration = configuration_of(request, pk)
    uncertain = configuration.messages.filter(state="uncertain").select_related("customer", "organization")
    number = uncertain.count()
    if request.method == "POST" and request.POST.get("number") == str(number):
        decide(request, uncertain)
        return redirect(configuration)
    if request.method == "POST":
        messages.warning(request, "There are others by now than the page showed. Look again, then decide.")
    rows = [(row, what_happened(row, sight_of(request.staff))) for row in uncertain.order_by("pk")[:50]]
    context = {"configuration": configuration, "rows": rows, "number": number}
    return render(request, "communications/configuration_uncertain.html", context)
