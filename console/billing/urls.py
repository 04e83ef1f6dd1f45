from django.urls import path

from console.billing.views import connectors, customers, invoices, links, methods, monitors

app_name = "billing"
urlpatterns = [
    path("invoices/", invoices.invoice_list, name="invoice_list"),
    path("invoices/new/", invoices.invoice_create, name="invoice_create"),
    path("invoices/<uuid:pk>/", invoices.invoice_detail, name="invoice_detail"),
    path("invoices/<uuid:pk>/edit/", invoices.invoice_edit, name="invoice_edit"),
    path("invoices/<uuid:pk>/step/", invoices.invoice_step, name="invoice_step"),
    path("invoices/<uuid:pk>/pay/", invoices.invoice_pay, name="invoice_pay"),
    path("methods/", methods.method_list, name="method_list"),
    path("methods/new/", methods.method_create, name="method_create"),
    path("methods/<uuid:pk>/", methods.method_detail, name="method_detail"),
    path("methods/<uuid:pk>/edit/", methods.method_edit, name="method_edit"),
    path("methods/<uuid:pk>/delete/", methods.method_delete, name="method_delete"),
    path("connectors/", connectors.connector_list, name="connector_list"),
    path("connectors/new/", connectors.connector_create, name="connector_create"),
    path("connectors/<uuid:pk>/", connectors.connector_detail, name="connector_detail"),
    path("connectors/<uuid:pk>/edit/", connectors.connector_edit, name="connector_edit"),
    path("connectors/<uuid:pk>/delete/", connectors.connector_delete, name="connector_delete"),
    path("connectors/<uuid:pk>/links/new/", links.link_create_on, name="link_create_on"),
    path("of/<uuid:pk>/links/new/", links.link_create, name="link_create"),
    path("links/<uuid:pk>/", links.link_edit, name="link_edit"),
    path("links/<uuid:pk>/delete/", links.link_delete, name="link_delete"),
    path("monitors/", monitors.monitor_list, name="monitor_list"),
    path("monitors/new/", monitors.monitor_create, name="monitor_create"),
    path("monitors/<uuid:pk>/", monitors.monitor_detail, name="monitor_detail"),
    path("monitors/<uuid:pk>/edit/", monitors.monitor_edit, name="monitor_edit"),
    path("monitors/<uuid:pk>/evaluate/", monitors.monitor_evaluate, name="monitor_evaluate"),
    path("monitors/<uuid:pk>/delete/", monitors.monitor_delete, name="monitor_delete"),
    path("of/<uuid:pk>/", customers.customer_billing, name="customer_billing"),
    path("of/<uuid:pk>/consent/", customers.consent_note, name="consent_note"),
    path("of/<uuid:pk>/contacts/new/", customers.contact_create, name="contact_create"),
    path("contacts/<uuid:pk>/", customers.contact_edit, name="contact_edit"),
    path("contacts/<uuid:pk>/delete/", customers.contact_delete, name="contact_delete"),
]
