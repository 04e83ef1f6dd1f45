from django.urls import path

from console.ledgers import contents, views

app_name = "ledgers"
urlpatterns = [
    path("", views.ledger_list, name="ledger_list"),
    path("new/", views.ledger_create, name="ledger_create"),
    path("assets/", contents.asset_list, name="asset_list"),
    path("assets/<uuid:pk>/", contents.asset_detail, name="asset_detail"),
    path("account-types/", contents.type_list, name="type_list"),
    path("account-types/<uuid:pk>/", contents.type_detail, name="type_detail"),
    path("<uuid:pk>/", views.ledger_detail, name="ledger_detail"),
    path("<uuid:pk>/edit/", views.ledger_edit, name="ledger_edit"),
    path("<uuid:pk>/delete/", views.ledger_delete, name="ledger_delete"),
]
