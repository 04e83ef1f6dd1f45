from django.urls import path

from console.approvals import views

urlpatterns = [
    path("", views.approval_list, name="approval_list"),
    path("size/", views.approval_size, name="approval_size"),
    path("<uuid:pk>/", views.approval_detail, name="approval_detail"),
    path("<uuid:pk>/decide/", views.approval_decide, name="approval_decide"),
    path("<uuid:pk>/take-back/", views.approval_take_back, name="approval_take_back"),
]
