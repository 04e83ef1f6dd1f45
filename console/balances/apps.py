from django.apps import AppConfig


class BalancesConfig(AppConfig):
    name = "console.balances"
    label = "balances"
