from django.urls import path

from console.keys import views

app_name = "keys"
urlpatterns = [
    path("", views.key_list, name="key_list"),
    path("new/", views.key_create, name="key_create"),
    path("<uuid:pk>/", views.key_detail, name="key_detail"),
    path("<uuid:pk>/rotation/", views.key_rotate, name="key_rotate"),
    path("<uuid:pk>/end/", views.key_revoke, name="key_revoke"),
]
