"""`manage.py rotate_signing_key`: sign with a new key from now on; what the old one signed stays verifiable."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from opendata.catalogue.actions.log import announce_keys
from opendata.catalogue.storage import ring
from opendata.trust.keys import NoKey


class Command(BaseCommand):
    help = (
        "Make a new signing key. The old public key stays published with the time until which it was valid; the public "
        "log says so. With SIGNING_KEY: put the new key there, restart, then run this to note it in the log."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        from django.conf import settings

        try:
            keys = ring()
            keys = keys if settings.SIGNING_KEY.strip() else keys.rotate()
        except NoKey as error:
            raise CommandError(str(error)) from error
        with transaction.atomic():
            noted = announce_keys(keys)
        self.stdout.write(f"Signing with {keys.active}; {noted} entries added to the public log.")
