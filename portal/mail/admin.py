from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.mail.actions import try_again
from portal.mail.models import OutgoingMail


@admin.register(OutgoingMail)
class OutgoingMailAdmin(admin.ModelAdmin):
    """Shows that a letter failed and why, never to whom it went or what it says."""

    list_display = ["template", "state", "attempts", "last_error", "created_at", "sent_at"]
    list_filter = ["state", "template", "language"]
    readonly_fields = [
        "template", "language", "about_kind", "about_id", "state", "attempts",
        "next_attempt_at", "last_error", "created_at", "sent_at",
    ]  # fmt: skip
    fields = readonly_fields  # type: ignore[assignment]
    actions = ["send_again"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: OutgoingMail | None = None) -> bool:
        return False

    @admin.action(description=_("Try to send again"), permissions=["change"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[OutgoingMail]) -> None:
        count = try_again(mails=queryset, by=request.user)
        message = ngettext("%(count)d letter will be sent again.", "%(count)d letters will be sent again.", count)
        self.message_user(request, message % {"count": count})
