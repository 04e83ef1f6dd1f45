"""Addresses of the door and of one's own account. The names are those by which django-allauth finds them."""

from allauth.account import views as account
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.webauthn import views as webauthn
from django.urls import path, re_path, reverse_lazy

from console.signin import account as account_pages
from console.signin import invitations, views

urlpatterns = [
    path("sign-in/", account.login, name="account_login"),
    path("sign-in/demo/", views.demo_sign_in, name="demo_sign_in"),
    path("sign-in/passkey/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("sign-in/factor/", views.Factor.as_view(), name="mfa_authenticate"),
    path("sign-in/password/", account.password_reset, name="account_reset_password"),
    path("sign-in/password/sent/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^sign-in/password/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("invitation/<str:token>/", invitations.invitation, name="invitation"),
    path("sign-out/", views.sign_out, name="account_logout"),
    path("you/", account_pages.you, name="you"),
    path("you/sessions/", account_pages.sessions, name="usersessions_list"),
    path("you/enrol/", views.enrol, name="enrol"),
    path("you/again/", views.PasswordAgain.as_view(), name="account_reauthenticate"),
    path("you/again/code/", views.CodeAgain.as_view(), name="mfa_reauthenticate"),
    path("you/again/passkey/", views.PasskeyAgain.as_view(), name="mfa_reauthenticate_webauthn"),
    path("you/again/send/", views.send_again, name="send_again"),
    path("you/password/", account.password_change, name="account_change_password"),
    path("you/factors/", factors.index, name="mfa_index"),
    path("you/factors/app/", views.AddApp.as_view(), name="mfa_activate_totp"),
    path("you/factors/app/remove/", views.RemoveApp.as_view(), name="mfa_deactivate_totp"),
    path("you/factors/passkey/", views.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path(
        "you/factors/passkey/<int:pk>/name/",
        webauthn.EditWebAuthnView.as_view(success_url=reverse_lazy("mfa_index")),
        name="mfa_edit_webauthn",
    ),
    path("you/factors/passkey/<int:pk>/remove/", views.RemovePasskey.as_view(), name="mfa_remove_webauthn"),
    path("you/factors/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("you/factors/codes/kept/", views.codes_kept, name="codes_kept"),
    path("you/factors/codes/new/", views.NewCodes.as_view(), name="mfa_generate_recovery_codes"),
]
