"""What is watched, what was found, and what customers are shown because of it."""

from alerts.models.alert import AccountState, Alert, AlertEvent, NotOpen
from alerts.models.banner import Banner, Impression, Placement
from alerts.models.campaign import Campaign, CampaignEvent, NotApproved, Overtaken, Trigger, WrongState

__all__ = [
    "AccountState",
    "Alert",
    "AlertEvent",
    "Banner",
    "Campaign",
    "CampaignEvent",
    "Impression",
    "NotApproved",
    "NotOpen",
    "Overtaken",
    "Placement",
    "Trigger",
    "WrongState",
]
