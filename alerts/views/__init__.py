"""Alerts and campaigns on pages: inbox.py, campaigns.py, banners.py."""
