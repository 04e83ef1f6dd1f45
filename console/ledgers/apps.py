from django.apps import AppConfig


class LedgersConfig(AppConfig):
    name = "console.ledgers"
    label = "ledgers"
