from django.urls import path

from console.staff import views

app_name = "staff"
urlpatterns = [
    path("", views.staff_list, name="staff_list"),
    path("invite/", views.staff_invite, name="staff_invite"),
    path("invitations/<uuid:pk>/resend/", views.invitation_resend, name="invitation_resend"),
    path("invitations/<uuid:pk>/withdraw/", views.invitation_withdraw, name="invitation_withdraw"),
    path("<uuid:pk>/", views.staff_detail, name="staff_detail"),
    path("<uuid:pk>/role/", views.staff_role, name="staff_role"),
    path("<uuid:pk>/access/", views.staff_access, name="staff_access"),
]
