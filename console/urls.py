"""Every address that a person or a system of the bank opens; console/health.py has those of the machines that watch.

Pages of an organization live under /o/<slug>/; the middleware lets only its staff in.
"""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from communications.views.unsubscribe import unsubscribe
from console import gallery, reference, roles, switching, views
from console.api import urls as api_urls
from console.founding import beginning
from console.founding import views as founding
from console.signin.views import sign_out

organization_pages: list[URLPattern | URLResolver] = [
    path("", views.overview, name="overview"),
    path("search/", views.search, name="search"),
    path("approvals/", include("console.approvals.urls")),
    path("audit/", include("console.audit.urls")),
    path("begin/", beginning.begin, name="begin"),
    path("begin/ledger/", beginning.begin_ledger, name="begin_ledger"),
    path("begin/currencies/", beginning.begin_assets, name="begin_assets"),
    path("begin/data/", beginning.begin_data, name="begin_data"),
    path("begin/data/invented/", beginning.begin_invented, name="begin_invented"),
    path("settings/", views.settings_page, name="settings"),
    path("settings/organization/", founding.organization_edit, name="organization_edit"),
    path("settings/organizations/new/", founding.organization_add, name="organization_add"),
    path("settings/roles/", roles.roles, name="roles"),
    path("settings/keys/", include("console.keys.urls")),
    path("settings/attributes/", include("segments.attributes.urls")),
    path("settings/api/", reference.reference, name="reference"),
    path("settings/gallery/", gallery.gallery, name="gallery"),
    path("customers/", include("console.customers.urls")),
    path("billing/", include("console.billing.urls")),
    path("ledgers/choice/", switching.ledger_choice, name="ledger_choice"),
    path("ledgers/", include("console.ledgers.urls")),
    path("accounts/bulk/", include("segments.bulk.urls")),
    path("accounts/", include("console.portfolios.urls")),
    path("staff/", include("console.staff.urls")),
    path("imports/", include("console.imports.urls")),
    path("segments/", include("segments.urls")),
    path("communications/", include("communications.urls")),
    path("alerts/", include("alerts.urls")),
]

urlpatterns = [
    path("", views.home, name="home"),
    path("", include("console.signin.urls")),
    path("set-up/<str:token>/", founding.set_up, name="set_up"),
    path("organizations/", switching.organization_list, name="organization_list"),
    path("organizations/new/", founding.organization_create, name="organization_create"),
    path("theme/", views.theme, name="theme"),
    path("o/<slug:organization>/", include(organization_pages)),
    path("u/<uuid:token>/", unsubscribe, name="unsubscribe"),
    path("", api_urls()),
    path(f"{settings.ADMIN_PATH}login/", views.admin_door),
    path(f"{settings.ADMIN_PATH}logout/", sign_out),
    path(
        f"{settings.ADMIN_PATH}password_change/", RedirectView.as_view(pattern_name="account_change_password")
    ),
    path(settings.ADMIN_PATH, admin.site.urls),
]

handler400 = "console.views.bad_request"
handler403 = "console.views.forbidden"
handler404 = "console.views.not_found"
handler500 = "console.views.server_error"
