"""The staff site: Django admin whose home is the triage desk."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from portal.staff import desk
from portal.staff.forms import SignInForm


class StaffSite(AdminSite):
    site_header = _("Musharaka staff")
    site_title = _("Musharaka staff")
    index_title = _("Triage desk")
    site_url = None
    login_form = SignInForm
    enable_nav_sidebar = False

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """The desk: what each area registered, then the list of everything that can be edited."""
        panels = [panel for build in desk.builders for panel in build(request)]
        return super().index(request, {"desk_panels": panels, **(extra_context or {})})
