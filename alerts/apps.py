from django.apps import AppConfig

from console.customers import disclosing, erasing


class AlertsConfig(AppConfig):
    name = "alerts"

    def ready(self) -> None:
        """Say what needs approval here, what erasing a customer means, and what segments ask of alerts."""
        from alerts.alert_fields import ALERTS, LEADING
        from alerts.approvals import BannerKind, CampaignKind
        from alerts.disclosing import SECTIONS
        from alerts.erasing import PART
        from console.organizations.kinds import register
        from segments import catalog

        catalog.add(ALERTS, LEADING, to=["customers", "accounts", "holdings"])
        register(CampaignKind())
        register(BannerKind())
        erasing.PARTS.append(PART)
        disclosing.SECTIONS.extend(SECTIONS)
