from django.urls import path

from console.customers import exporting, views

app_name = "customers"
urlpatterns = [
    path("", views.customer_list, name="customer_list"),
    path("export/", exporting.customer_export, name="customer_export"),
    path("export/<uuid:pk>/", exporting.customer_download, name="customer_download"),
    path("<uuid:pk>/", views.customer_detail, name="customer_detail"),
    path("<uuid:pk>/reveal/", views.customer_reveal, name="customer_reveal"),
    path("<uuid:pk>/disclose/", views.customer_disclose, name="customer_disclose"),
    path("<uuid:pk>/erase/", views.customer_erase, name="customer_erase"),
]
