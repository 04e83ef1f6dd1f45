from django.urls import path

from console.ledgers import views

app_name = "ledgers"
urlpatterns = [
    path("", views.ledger_list, name="ledger_list"),
    path("<uuid:pk>/", views.ledger_detail, name="ledger_detail"),
]
