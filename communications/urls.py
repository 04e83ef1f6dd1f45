from django.urls import path

from communications.views import configurations, endpoints, messages, sending, templates

app_name = "communications"
urlpatterns = [
    path("", configurations.configuration_list, name="configuration_list"),
    path("new/", configurations.configuration_create, name="configuration_create"),
    path("<uuid:pk>/", configurations.configuration_detail, name="configuration_detail"),
    path("<uuid:pk>/edit/", configurations.configuration_edit, name="configuration_edit"),
    path("<uuid:pk>/state/", configurations.configuration_turn, name="configuration_turn"),
    path("<uuid:pk>/send/", sending.configuration_send, name="configuration_send"),
    path("<uuid:pk>/send/<uuid:customer>/", sending.configuration_example, name="configuration_example"),
    path("<uuid:pk>/uncertain/", sending.configuration_uncertain, name="configuration_uncertain"),
    path("runs/<uuid:pk>/", sending.run_detail, name="run_detail"),
    path("messages/", messages.message_list, name="message_list"),
    path("messages/<uuid:pk>/", messages.message_detail, name="message_detail"),
    path("messages/<uuid:pk>/copy/", messages.message_copy, name="message_copy"),
    path("messages/<uuid:pk>/decision/", messages.message_decide, name="message_decide"),
    path("customers/<uuid:pk>/", messages.customer_messages, name="customer_messages"),
    path("templates/", templates.template_list, name="template_list"),
    path("templates/new/", templates.template_create, name="template_create"),
    path("templates/draft/", templates.template_draft, name="template_draft"),
    path("templates/<uuid:pk>/", templates.template_detail, name="template_detail"),
    path("templates/<uuid:pk>/edit/", templates.template_edit, name="template_edit"),
    path("templates/<uuid:pk>/preview/", templates.template_preview, name="template_preview"),
    path("endpoints/", endpoints.endpoint_list, name="endpoint_list"),
    path("endpoints/new/", endpoints.endpoint_create, name="endpoint_create"),
    path("endpoints/<uuid:pk>/", endpoints.endpoint_detail, name="endpoint_detail"),
    path("endpoints/<uuid:pk>/edit/", endpoints.endpoint_edit, name="endpoint_edit"),
    path("endpoints/<uuid:pk>/secret/", endpoints.endpoint_secret, name="endpoint_secret"),
    path("endpoints/<uuid:pk>/rotation/", endpoints.endpoint_rotate, name="endpoint_rotate"),
    path("endpoints/<uuid:pk>/state/", endpoints.endpoint_turn, name="endpoint_turn"),
]
