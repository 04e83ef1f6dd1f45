from django.urls import path

from segments.bulk import views

app_name = "bulk"
urlpatterns = [
    path("", views.run_list, name="run_list"),
    path("new/", views.run_create, name="run_create"),
    path("<uuid:pk>/", views.run_detail, name="run_detail"),
    path("<uuid:pk>/start/", views.run_start, name="run_start"),
    path("<uuid:pk>/cancel/", views.run_act, {"action": "cancel"}, name="run_cancel"),
    path("<uuid:pk>/resume/", views.run_act, {"action": "resume"}, name="run_resume"),
]
