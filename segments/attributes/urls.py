from django.urls import path

from segments.attributes import views

app_name = "attributes"
urlpatterns = [
    path("", views.attribute_list, name="attribute_list"),
    path("new/", views.attribute_create, name="attribute_create"),
    path("undeclared/", views.attribute_undeclared, name="attribute_undeclared"),
    path("<uuid:pk>/", views.attribute_detail, name="attribute_detail"),
    path("<uuid:pk>/edit/", views.attribute_edit, name="attribute_edit"),
    path("<uuid:pk>/delete/", views.attribute_delete, name="attribute_delete"),
    path("<uuid:pk>/often/", views.attribute_mark, name="attribute_mark"),
]
