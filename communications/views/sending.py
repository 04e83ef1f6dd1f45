"""Sending to a segment: who would get it, confirm, how far it is, and what a person has to decide."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_safe

from communications.audience import audience
from communications.books import books_of_run, held_back
from communications.columns import what_happened
from communications.examples import examples
from communications.forms import ConfirmationForm
from communications.models import Configuration, Run
from communications.models.configurations import AudienceChanged, NotActive
from communications.previews import preview
from communications.tasks import dispatch
from communications.views.configurations import bars, configuration_of
from communications.views.frames import framed, framed_words
from communications.views.messages import decide
from console.customers.masking import sight_of
from console.organizations.access import StaffRequest, allowed, may
from console.wakeup import wake


@require_http_methods(["GET", "HEAD", "POST"])
@allowed("communications.send")
def configuration_send(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Who would get it now, five of them as they would; a confirmed send leads to its run."""
    configuration = configuration_of(request, pk)
    if configuration.version is None or configuration.state != Configuration.State.ACTIVE:
        messages.warning(request, "Only an active communication sends. Activate it first.")
        return redirect(configuration)
    form = ConfirmationForm(request.POST or None)
    if form.is_valid():
        try:
            run = configuration.send(by=request.staff, at=timezone.now(), **form.cleaned_data)
        except AudienceChanged:
            messages.warning(
                request, "Who receives has changed since this page was shown. Look again, then send."
            )
        except NotActive:
            messages.warning(request, "It was paused in the meantime. Nothing was sent.")
        else:
            wake(dispatch)
            return redirect(run)
    return _ask(request, configuration, status=409 if form.is_bound else 200)


def _ask(request: StaffRequest, configuration: Configuration, status: int) -> HttpResponse:
    """The page that asks. Each time it is shown it stands for one send, however often it is posted."""
    version = configuration.version
    found = audience(version) if version else None
    context = {
        "configuration": configuration,
        "version": version,
        "audience": found,
        "examples": examples(version, sight_of(request.staff)) if version else [],
        "reasons": bars(found.reasons if found else []),
        "confirmation": uuid4(),
        "last": configuration.runs.select_related("confirmed_by__user").first(),
    }
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
        *("configuration__organization", "confirmed_by__user", "organization", "segment_version"),
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
