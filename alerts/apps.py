from django.apps import AppConfig

from console.customers import disclosing, erasing


class AlertsConfig(AppConfig):
    name = "alerts"

    def ready(self) -> None:
        """Say what needs approval here, and what erasing a customer means."""
        from alerts.approvals import BannerKind, CampaignKind
        from alerts.disclosing import SECTIONS
        from alerts.erasing import PART
        from console.organizations.kinds import register

        register(CampaignKind())
        register(BannerKind())
        erasing.PARTS.append(PART)
        disclosing.SECTIONS.extend(SECTIONS)
