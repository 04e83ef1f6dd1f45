from django.urls import path

from console.portfolios import views

app_name = "portfolios"
urlpatterns = [
    path("", views.account_list, name="account_list"),
    path("export/", views.account_export, name="account_export"),
    path("portfolios/", views.portfolio_list, name="portfolio_list"),
    path("portfolios/<uuid:pk>/", views.portfolio_detail, name="portfolio_detail"),
    path("<uuid:pk>/", views.account_detail, name="account_detail"),
]
