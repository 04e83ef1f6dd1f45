from django.urls import path

from console.imports import views

app_name = "imports"
urlpatterns = [
    path("", views.run_list, name="run_list"),
    path("new/", views.run_create, name="run_create"),
    path("<uuid:pk>/", views.run_detail, name="run_detail"),
    path("<uuid:pk>/start/", views.run_start, name="run_start"),
    path("<uuid:pk>/cancel/", views.run_act, {"action": "cancel"}, name="run_cancel"),
    path("<uuid:pk>/resume/", views.run_act, {"action": "resume"}, name="run_resume"),
    path("<uuid:pk>/repeat/", views.run_act, {"action": "repeat"}, name="run_repeat"),
    path("<uuid:pk>/rejected.csv", views.rejected_download, name="rejected_download"),
]
