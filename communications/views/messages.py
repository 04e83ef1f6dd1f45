"""The message log, one message with every try and the copy that left, and a customer's messages."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from communications.columns import NEWEST, message_columns, state_badge, what_happened
from communications.filtersets import MessageFilters
from communications.models import Decision, Message, RenderedCopy
from communications.models.messages import MessageQuerySet
from communications.tasks import dispatch
from communications.views.frames import framed, framed_words
from communications.views.tabs import tabs
from console.columns import choose
from console.customers.masking import sight_of
from console.listing import Listing, show_list
from console.organizations.access import StaffRequest, allowed, may
from console.paging import keyset
from console.wakeup import wake

RECENT = 20


@require_safe
@allowed("view")
def message_list(request: StaffRequest) -> HttpResponse:
    """Everything that was planned, the newest first, and what became of it."""
    filters = MessageFilters(request, _messages(request))
    columns = choose(request, "messages", message_columns(request.organization.zone, sight_of(request.staff)))
    page = keyset(filters.rows, request, orders=NEWEST, default="-created")
    listing = Listing(request, "message", "messages", filters, columns, page)
    return show_list(request, "communications/message_list.html", listing, tabs=tabs(request, "message_list"))


@require_safe
@allowed("view")
def message_detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    """One message: what happened at each try, what was decided, and the copy that left."""
    message = _message(request, pk)
    sight = sight_of(request.staff)
    is_open = message.state in ("uncertain", "failed", "dead")
    context = {
        "message": message,
        "badge": state_badge(message),
        "what": what_happened(message, sight),
        "attempts": [(attempt, sight.text(attempt.answer)) for attempt in message.attempts.all()],
        "decisions": message.decisions.select_related("by__user"),
        "copy": RenderedCopy.of(message),
        "may_decide": is_open and may(request.staff, "communications.send"),
    }
    return render(request, "communications/message_detail.html", context)


@require_safe
@allowed("view")
@xframe_options_sameorigin
def message_copy(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The HTML part that left, for a sandboxed frame."""
    copy = RenderedCopy.of(_message(request, pk))
    if not sight_of(request.staff).is_clear:
        return framed_words("It is written to a person. Your role sees such messages masked.")
    return framed(copy.html if copy else "")


@require_POST
@allowed("communications.send")
def message_decide(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Send one message again, or count it as sent."""
    message = _message(request, pk)
    decide(request, _messages(request).filter(pk=pk))
    return redirect(message)


def decide(request: StaffRequest, chosen: MessageQuerySet) -> int:
    """Carry out the decision that a form sent about `chosen`, and say so."""
    again = request.POST.get("choice") == Decision.Choice.SEND_AGAIN
    choice = Decision.Choice.SEND_AGAIN if again else Decision.Choice.SENT
    number = chosen.decide(choice, by=request.staff, at=timezone.now())
    wake(dispatch)
    what = "sent again" if again else "counted as sent"
    messages.success(request, f"{number:,} {'message is' if number == 1 else 'messages are'} {what}.")
    return number


@require_safe
@allowed("view")
def customer_messages(request: StaffRequest, pk: UUID) -> HttpResponse:
    """What we told one customer: a page, or the part of it that the customer's page shows."""
    customer = get_object_or_404(request.organization.customers, pk=pk)
    recent = list(_messages(request).filter(customer=customer).order_by("-pk")[:RECENT])
    rows = [
        (message, state_badge(message), what_happened(message, sight_of(request.staff))) for message in recent
    ]
    part = "#card" if request.htmx.target == "customer-messages" else ""
    context = {"customer": customer, "rows": rows}
    return render(request, f"communications/customer_messages.html{part}", context)


def _messages(request: StaffRequest) -> MessageQuerySet:
    related = ("organization", "customer", "configuration__organization")
    found: MessageQuerySet = request.organization.messages.select_related(*related)
    return found


def _message(request: StaffRequest, pk: UUID) -> Message:
    related = ("endpoint__organization", "version__segment", "run", "template_version__template", "copy")
    found: Message = get_object_or_404(_messages(request).select_related(*related), pk=pk)
    return found
