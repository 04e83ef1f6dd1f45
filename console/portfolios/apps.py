from django.apps import AppConfig


class PortfoliosConfig(AppConfig):
    name = "console.portfolios"
    label = "portfolios"
