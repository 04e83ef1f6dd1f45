from django.urls import path

from console.portfolios import sheets, views

app_name = "portfolios"
urlpatterns = [
    path("", views.account_list, name="account_list"),
    path("export/", views.account_export, name="account_export"),
    path("new/", sheets.choose_ledger, {"kind": "account"}, name="account_new"),
    path("new/<uuid:pk>/", sheets.account_create, name="account_create"),
    path("assets/new/<uuid:pk>/", sheets.asset_create, name="asset_create"),
    path("assets/<uuid:pk>/", sheets.asset_edit, name="asset_edit"),
    path("assets/<uuid:pk>/delete/", sheets.asset_delete, name="asset_delete"),
    path("types/new/<uuid:pk>/", sheets.type_create, name="type_create"),
    path("types/<uuid:pk>/", sheets.type_edit, name="type_edit"),
    path("types/<uuid:pk>/delete/", sheets.type_delete, name="type_delete"),
    path("portfolios/", views.portfolio_list, name="portfolio_list"),
    path("portfolios/new/", sheets.choose_ledger, {"kind": "portfolio"}, name="portfolio_new"),
    path("portfolios/new/<uuid:pk>/", sheets.portfolio_create, name="portfolio_create"),
    path("portfolios/<uuid:pk>/", views.portfolio_detail, name="portfolio_detail"),
    path("portfolios/<uuid:pk>/edit/", sheets.portfolio_edit, name="portfolio_edit"),
    path("portfolios/<uuid:pk>/delete/", sheets.portfolio_delete, name="portfolio_delete"),
    path("<uuid:pk>/", views.account_detail, name="account_detail"),
    path("<uuid:pk>/edit/", sheets.account_edit, name="account_edit"),
    path("<uuid:pk>/delete/", sheets.account_delete, name="account_delete"),
]
