from django.urls import path

from console.audit import views

app_name = "audit"
urlpatterns = [
    path("", views.event_list, name="event_list"),
    path("export/", views.event_export, name="event_export"),
    path("<uuid:pk>/", views.event_detail, name="event_detail"),
    path("of/<uuid:pk>/", views.history, name="history"),
]
