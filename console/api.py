"""The versioned API, /api/v1/: on top of everything, for the bank's own systems."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from django.utils import timezone
from ninja import NinjaAPI
from ninja.security import HttpBearer

from console.organizations.models import ApiKey


class KeyAuth(HttpBearer):
    """`Authorization: Bearer <API key>`; the key says which organization."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiKey | None:
        return ApiKey.verify(token, at=timezone.now())


api = NinjaAPI(
    title="Tranche", version="1.0.0", auth=KeyAuth(), docs_url=None, docs_decorator=login_not_required
)
