"""The door and the first page: sign-in, home, overview, search, settings, error pages."""

from typing import Any

from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from console.demo import bank
from console.organizations.access import StaffRequest, allowed
from console.organizations.models import User


class SignIn(LoginView):
    """Where everybody comes in. On a demonstration copy each of the demo's people has a button."""

    template_name = "registration/login.html"
    redirect_authenticated_user = True

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        is_shown = bank.is_demonstration() and User.objects.filter(email=bank.PEOPLE[0].email).exists()
        return super().get_context_data(demo_sign_ins=bank.PEOPLE if is_shown else [], **context)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Lead to the organization the person works for; with none, say so."""
    staff = request.user.staff.select_related("organization").order_by("organization__name").first()  # type: ignore[union-attr]
    if staff is None:
        return render(request, "organizations/none.html", status=404)
    return redirect("overview", staff.organization.slug)


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the person's choice of light or dark colours; the button says which it asks for."""
    request.user.theme = "dark" if request.POST.get("theme") == "dark" else "light"  # type: ignore[union-attr]
    request.user.save(update_fields=["theme"])
    return redirect(request.headers.get("Referer", "home"))


@require_safe
@allowed("view")
def overview(request: StaffRequest) -> HttpResponse:
    return render(request, "overview.html", {"today": request.organization.local_date(timezone.now())})


@require_safe
@allowed("view")
def search(request: StaffRequest) -> HttpResponse:
    return render(request, "search.html")


@require_safe
@allowed("view")
def settings_page(request: StaffRequest) -> HttpResponse:
    return render(request, "settings.html")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", {"reason": str(exception)}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    return render(request, "500.html", status=500)
