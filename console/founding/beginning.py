"""The pages of a new organization, one step each. Any can be left and come back to: what exists says what is done."""

from contextlib import suppress
from time import time
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from console.currencies import CURRENCIES, currencies_called, named_currencies
from console.demo.filling import CUSTOMERS
from console.founding.forms import USUAL, FirstLedgerForm
from console.founding.steps import next_of, steps_of
from console.imports.permitted import kinds_for
from console.ledgers.keeping import AssetTaken, LedgerTaken, NoCurrency, keep_ledger
from console.ledgers.models import Ledger
from console.organizations.access import StaffRequest, allowed
from console.portfolios.assets import begin_asset
from console.tasks import load_invented
from console.wakeup import wake

METHODS = ["GET", "HEAD", "POST"]
PATIENCE = 30  # seconds within which a worker that is there has loaded what is invented


@require_safe
@allowed("view")
def begin(request: StaffRequest) -> HttpResponse:
    """On to the first step that is not done, or to the overview."""
    step = next_of(steps_of(request.organization, request.staff))
    return redirect(step.url if step else request.organization.url("overview"))


def show(request: StaffRequest, name: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """The page of a step, with all steps beside it."""
    steps = steps_of(request.organization, request.staff)
    at = [step.name for step in steps].index(name)
    around = {
        "before": steps[at - 1] if at else None,
        "after": steps[at + 1] if at + 1 < len(steps) else None,
    }
    given = {"steps": steps, "step": steps[at], "number": at + 1, **around, **context}
    return render(request, f"founding/{name}.html", given, status=status)


@require_http_methods(METHODS)
@allowed("record.edit")
def begin_ledger(request: StaffRequest) -> HttpResponse:
    """The first ledger by its name; those that are there are shown."""
    form = FirstLedgerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        ledger = Ledger(organization=request.organization, name=form.cleaned_data["name"])
        try:
            keep_ledger(ledger)
        except LedgerTaken as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, f"Ledger {ledger} is there")
            return redirect(request.organization.url("begin_assets"))
    ledgers = request.organization.ledgers.all()[:20]
    return show(request, "begin_ledger", status=422 if form.is_bound else 200, form=form, ledgers=ledgers)


@require_http_methods(METHODS)
@allowed("record.edit")
def begin_assets(request: StaffRequest) -> HttpResponse:
    """Which currencies the first ledger counts in: the usual ones, and any other by its code or name."""
    ledger = request.organization.ledgers.order_by("created_at", "pk").first()
    if ledger is None:
        return redirect(request.organization.url("begin_ledger"))
    if request.method == "POST":
        opened = open_all(ledger, request.POST.getlist("code"))
        if opened:
            messages.success(request, f"Opened: {', '.join(opened)}")
            return redirect(request.organization.url("begin_assets"))
    part = "#others" if request.htmx.target == "others" else ""
    context = choice_of(ledger, request) | {"ledger": ledger, "is_none": request.method == "POST"}
    if part:
        return render(request, f"founding/begin_assets.html{part}", context)
    return show(request, "begin_assets", status=422 if request.method == "POST" else 200, **context)


def choice_of(ledger: Ledger, request: StaffRequest) -> dict[str, Any]:
    """What is open, what is offered first, and what the search finds beside that; what was ticked stays so."""
    words, ticked = request.GET.get("q", "").strip(), set(request.GET.getlist("code"))
    assets = list(ledger.assets.all())
    there, named = {asset.code for asset in assets}, named_currencies()
    first = dict.fromkeys([ledger.organization.base_currency, *USUAL])
    usual = [(code, named.get(code, code)) for code in first if code not in there]
    found = [
        (code, name) for code, name in currencies_called(words) if code not in there and code not in first
    ]
    kept = [(code, name) for code, name in found if words or code in ticked]
    kept += [
        (code, named[code])
        for code in sorted(ticked & CURRENCIES)
        if code not in dict(found) and code not in first
    ]
    ticked |= {ledger.organization.base_currency} if not there else set()
    return {"assets": assets, "usual": usual, "found": kept, "words": words, "ticked": ticked, "named": named}


def open_all(ledger: Ledger, codes: list[str]) -> list[str]:
    """Open each currency of ISO 4217 among `codes` that the ledger has not yet, with its external account."""
    named, opened = named_currencies(), []
    for code in dict.fromkeys(codes):
        with suppress(NoCurrency, AssetTaken):  # it is open, or somebody has just opened it
            begin_asset(ledger, code, name=named.get(code, code))
            opened.append(code)
    return opened


@require_safe
@allowed("imports.run")
def begin_data(request: StaffRequest) -> HttpResponse:
    """Which file to begin with; beside that invented customers, and whether they are on their way."""
    step = steps_of(request.organization, request.staff)[-1]
    context = {"customers": CUSTOMERS} | on_their_way(request.GET.get("loading", ""))
    if request.htmx.target != "invented":
        return show(request, "begin_data", kinds=kinds_for(request.staff), **context)
    if step.is_done:
        return HttpResponseClientRedirect(step.url)
    return render(request, "founding/begin_data.html#invented", {"step": step, **context})


def on_their_way(asked: str) -> dict[str, Any]:
    """Since which second invented customers have been asked for, by the address, and whether that is long ago."""
    since = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 12 else None
    return {"loading": since, "is_late": since is not None and time() - since > PATIENCE}


@require_POST
@allowed("imports.run")
def begin_invented(request: StaffRequest) -> HttpResponse:
    """Have invented customers loaded where there are none; a worker does it."""
    if steps_of(request.organization, request.staff)[-1].is_done:
        messages.error(
            request, "There are customers or accounts already. Invented ones would stand among them."
        )
        return redirect(request.organization.url("begin_data"))
    wake(load_invented, str(request.organization.pk), organization=request.organization.pk)
    return redirect(f"{request.organization.url('begin_data')}?loading={int(time())}")
