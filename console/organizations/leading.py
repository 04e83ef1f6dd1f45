"""Leading a person from one page to another, and back: also where htmx asked, which follows no redirect by itself."""

from typing import cast
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect

from console.organizations.factors import PASSKEY, kinds_of
from console.organizations.models import User

SAFE = ("GET", "HEAD")
WAITING = "form that waits"


def page_of(request: HttpRequest, *, is_file: bool = False) -> str:
    """The path of the page that the person is looking at: what was asked for, or where a form, file or htmx stands."""
    shown = request.headers.get("HX-Current-URL") if "HX-Request" in request.headers else None
    if shown is None and request.method in SAFE and not is_file:
        return request.get_full_path()
    shown = shown or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(shown, {request.get_host()}, require_https=request.is_secure()):
        return resolve_url(settings.LOGIN_REDIRECT_URL)
    return urlsplit(shown)._replace(scheme="", netloc="", fragment="").geturl() or "/"


def lead(request: HttpRequest, to: str, *, and_back: bool = False, is_file: bool = False) -> HttpResponse:
    """Go to the page named `to`; with `and_back` it knows where from, as `next`."""
    url = resolve_url(to)
    if and_back:
        url = f"{url}?{urlencode({'next': page_of(request, is_file=is_file)})}"
    is_htmx = "HX-Request" in request.headers
    return HttpResponseClientRedirect(url) if is_htmx else HttpResponseRedirect(url)


def prove_again(request: HttpRequest, *, is_file: bool = False, by_passkey: bool = False) -> HttpResponse:
    """Go and prove once more who one is, and back; a form that was sent waits, and is offered to be sent again."""
    to = passkey_page(request) if by_passkey else "account_reauthenticate"
    if request.method == "POST" and "HX-Request" not in request.headers:
        form = {"path": request.get_full_path(), "back": page_of(request), "form": request.POST.urlencode()}
        request.session[WAITING] = form
        return HttpResponseRedirect(f"{resolve_url(to)}?{urlencode({'next': resolve_url('send_again')})}")
    return lead(request, to, and_back=True, is_file=is_file)


def lead_to_passkey(request: HttpRequest) -> HttpResponse:
    """Go and prove a passkey, or add the first one; and back."""
    return lead(request, passkey_page(request), and_back=True)


def passkey_page(request: HttpRequest) -> str:
    """The name of the page on which the person proves a passkey, or adds the first one."""
    has_one = PASSKEY in kinds_of(cast(User, request.user))
    return "mfa_reauthenticate_webauthn" if has_one else "mfa_add_webauthn"
