from django.apps import AppConfig


class AlertsConfig(AppConfig):
    name = "alerts"

    def ready(self) -> None:
        """Say what needs approval here."""
        from alerts.approvals import BannerKind, CampaignKind
        from console.organizations.kinds import register

        register(CampaignKind())
        register(BannerKind())
