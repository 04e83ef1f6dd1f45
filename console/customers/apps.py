from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "console.customers"
    label = "customers"
