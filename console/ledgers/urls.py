from django.urls import path

from console.ledgers import views

app_name = "ledgers"
urlpatterns = [
    path("", views.ledger_list, name="ledger_list"),
    path("new/", views.ledger_create, name="ledger_create"),
    path("<uuid:pk>/", views.ledger_detail, name="ledger_detail"),
    path("<uuid:pk>/edit/", views.ledger_edit, name="ledger_edit"),
    path("<uuid:pk>/delete/", views.ledger_delete, name="ledger_delete"),
]
