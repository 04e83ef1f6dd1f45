from django.urls import path

from alerts.views import banners, campaigns, inbox, records

app_name = "alerts"
urlpatterns = [
    path("", inbox.alert_list, name="alert_list"),
    path("<uuid:pk>/", inbox.alert_detail, name="alert_detail"),
    path("<uuid:pk>/assign/", inbox.alert_assign, name="alert_assign"),
    path("<uuid:pk>/comment/", inbox.alert_comment, name="alert_comment"),
    path("<uuid:pk>/snooze/", inbox.alert_snooze, name="alert_snooze"),
    path("<uuid:pk>/resolve/", inbox.alert_resolve, name="alert_resolve"),
    path("customers/<uuid:pk>/", records.customer_alerts, name="customer_alerts"),
    path("accounts/<uuid:pk>/", records.account_alerts, name="account_alerts"),
    path("campaigns/", campaigns.campaign_list, name="campaign_list"),
    path("campaigns/new/", campaigns.campaign_create, name="campaign_create"),
    path("campaigns/<uuid:pk>/", campaigns.campaign_detail, name="campaign_detail"),
    path("campaigns/<uuid:pk>/edit/", campaigns.campaign_edit, name="campaign_edit"),
    path("campaigns/<uuid:pk>/activate/", campaigns.campaign_activate, name="campaign_activate"),
    path("campaigns/<uuid:pk>/pause/", campaigns.campaign_pause, name="campaign_pause"),
    path("campaigns/<uuid:pk>/end/", campaigns.campaign_end, name="campaign_end"),
    path("campaigns/<uuid:pk>/banners/new/", banners.banner_create, name="banner_create"),
    path("campaigns/banners/<uuid:pk>/", banners.banner_edit, name="banner_edit"),
    path("campaigns/banners/<uuid:pk>/ask/", banners.banner_ask, name="banner_ask"),
    path("campaigns/banners/<uuid:pk>/withdraw/", banners.banner_withdraw, name="banner_withdraw"),
]
