"""The way out, for customers: no sign-in. GET asks, POST acts; a mail program may post without a page (RFC 8058)."""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from communications.models import Message
from console.organizations import scope


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@csrf_exempt
def unsubscribe(request: HttpRequest, token: UUID) -> HttpResponse:
    """One click from a mail program carries nothing but the token; our own page is protected as every form is."""
    if request.method == "POST" and request.POST.get("List-Unsubscribe") == "One-Click":
        _message(token).unsubscribe(at=timezone.now())
        return HttpResponse("You get no more of these messages.", content_type="text/plain; charset=utf-8")
    return _page(request, token)


@csrf_protect
def _page(request: HttpRequest, token: UUID) -> HttpResponse:
    message = _message(token)
    if request.method == "POST":
        message.unsubscribe(at=timezone.now())
    context = {"bank": message.organization, "is_done": request.method == "POST" or message.is_unsubscribed()}
    return render(request, "communications/unsubscribe.html", context)


def _message(token: UUID) -> Message:
    """The token says which bank's message it is; what follows is done inside that bank."""
    with scope.across():
        message = Message.opened_by(token)
    if message is None:
        raise Http404("This address opens nothing.")
    scope.enter(message.organization_id)
    return message
