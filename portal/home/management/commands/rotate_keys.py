from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from portal.encryption import encrypted_models, reencrypt


class Command(BaseCommand):
    help = "Encrypt every contact detail anew with the first of FIELD_KEYS; afterwards older keys may be dropped."

    def handle(self, *args: Any, **options: Any) -> None:
        for model in encrypted_models():
            self.stdout.write(f"{model._meta.label}: {reencrypt(model)} values")
