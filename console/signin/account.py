"""One's own account, the same for all organizations: name and colours, password, factors, sessions."""

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from console.organizations.sessions import end_sessions, sessions_of
from console.signin.adapters import person
from console.signin.forms import ProfileForm

# A number of more digits fits no key of the database.
DIGITS = 18


@require_http_methods(["GET", "HEAD", "POST"])
def you(request: HttpRequest) -> HttpResponse:
    """Who one is here, and where one works."""
    user = person(request)
    form = ProfileForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Saved")
        return redirect("you")
    status = 422 if form.errors else 200
    return render(request, "signin/you.html", {"form": form, "staff_rows": user.places()}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request: HttpRequest) -> HttpResponse:
    """Where one is signed in; ends one session, or all but this."""
    user, here = person(request), request.session.session_key
    if request.method == "POST":
        end(request, here)
        return redirect("usersessions_list")
    rows = [{"session": one, "is_here": one.session_key == here} for one in sessions_of(user.pk)]
    return render(request, "usersessions/usersession_list.html", {"rows": rows})


def end(request: HttpRequest, here: str | None) -> None:
    """End the session that the form names, or all others. Signing out ends this one."""
    if "session" not in request.POST:
        end_sessions([person(request).pk], but=here)
        messages.success(request, "All other sessions have ended")
        return
    named = request.POST["session"]
    if not (named.isdecimal() and len(named) < DIGITS):
        raise Http404("There is no such session.")
    one: UserSession = get_object_or_404(sessions_of(person(request).pk), pk=int(named))
    one.end()
    messages.success(request, "The session has ended")
