"""Musharaka: a portal for taking part in government and for using its data."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
