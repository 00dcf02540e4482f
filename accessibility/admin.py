"""Accessibility in the staff site: checks by hand and known issues are entered, audits only looked at."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accessibility.actions import save_known_issue, save_manual_check
from accessibility.models import Audit, KnownIssue, ManualCheck
from portal.staff.admin_base import BilingualAdmin, KeptAdmin, ReadOnlyAdmin


@admin.register(ManualCheck)
class ManualCheckAdmin(BilingualAdmin, KeptAdmin):
    """A check stays: a later one of the same criterion takes its place in the statement."""

    optional_translations = ("aid",)
    list_display = ["about", "result", "role", "aid", "checked_on"]
    list_filter = ["result"]
    search_fields = ["criterion", "what_ar", "what_en"]
    fields = [
        "criterion", "what_ar", "what_en", "role_ar", "role_en", "aid_ar", "aid_en", "result", "checked_on",
    ]  # fmt: skip

    @admin.display(description=_("success criterion"), ordering="criterion")
    def about(self, check: ManualCheck) -> str:
        return str(check.about)

    def save_model(self, request: HttpRequest, obj: ManualCheck, form: Any, change: bool) -> None:
        save_manual_check(check=obj, by=request.user)


@admin.register(KnownIssue)
class KnownIssueAdmin(BilingualAdmin, KeptAdmin):
    """An issue that was mended stays, with the day: the statement's history shows it."""

    list_display = ["about", "what", "since", "planned_on", "fixed_on"]
    list_filter = [("fixed_on", admin.EmptyFieldListFilter)]
    search_fields = ["criterion", "what_ar", "what_en"]
    fields = [
        "criterion", "what_ar", "what_en", "reason_ar", "reason_en", "alternative_ar", "alternative_en",
        "since", "planned_on", "fixed_on",
    ]  # fmt: skip

    @admin.display(description=_("success criterion"), ordering="criterion")
    def about(self, issue: KnownIssue) -> str:
        return str(issue.about)

    def save_model(self, request: HttpRequest, obj: KnownIssue, form: Any, change: bool) -> None:
        save_known_issue(issue=obj, by=request.user)


@admin.register(Audit)
class AuditAdmin(ReadOnlyAdmin):
    """Written by `manage.py axe`."""

    list_display = ["finished_at", "version", "engine", "pages", "violations", "incomplete", "findings_beyond"]
    fields = [
        "public_page", "started_at", "finished_at", "standard", "engine", "browser", "version", "pages", "scans",
        "templates", "templates_seen", "violations", "incomplete", "findings_beyond",
    ]  # fmt: skip
    readonly_fields = ["public_page"]

    @admin.display(description=_("public page"))
    def public_page(self, audit: Audit) -> str:
        url = audit.get_absolute_url()
        return format_html('<a href="{}" dir="ltr">{}</a>', url, url)
