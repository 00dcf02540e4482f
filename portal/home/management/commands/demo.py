from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from participation.feedback.models import Case
from participation.feedback.performance.storing import compute_figures
from portal.home.demo.assessment import tell_assessments
from portal.home.demo.faq import tell_faq
from portal.home.demo.news import tell_news
from portal.home.demo.open_data.telling import tell_open_data
from portal.home.demo.outcomes import tell_outcomes
from portal.home.demo.people import ensure_people, passwords_file, table
from portal.home.demo.policies import tell_policies
from portal.home.demo.services import tell_services
from portal.home.demo.setting import ensure_setting
from portal.home.demo.social import tell_social
from portal.home.demo.surveys import tell_surveys
from portal.home.demo.telling import TOKEN, tell_cases


class Command(BaseCommand):
    help = (
        "Load the demonstration content. A second run adds nothing; a database that holds real cases is refused. "
        "Datasets are read, built and signed as for real, which takes most of the time. The invented commercial "
        "register of 1,000,000 rows is published only with --large, also later into a demonstration that is there."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--large", action="store_true", help="also publish the register of 1,000,000 rows")
        parser.add_argument("--without-open-data", action="store_true", help="leave the open data out, to be quicker")

    def handle(self, *args: Any, large: bool = False, without_open_data: bool = False, **options: Any) -> None:
        has_demo = Case.objects.filter(form_token__startswith=TOKEN).exists()
        if not has_demo and Case.objects.exists():
            raise CommandError(
                "This database holds cases of real people, so the demonstration content was not loaded. "
                "Use another database: set DATABASE_URL, or DATA_DIR for an embedded one."
            )
        password = self._load(has_demo)
        if not without_open_data:
            told = tell_open_data(large=large)
            self.stdout.write(", ".join(f"{count} {what}" for what, count in told.items()) + " added.")
        call_command("reindex", verbosity=0)
        self.stdout.write("Demonstration staff for /admin/:")
        for line in table(password):
            self.stdout.write(line)
        self.stdout.write(f"  (kept in {passwords_file()})")

    @transaction.atomic
    def _load(self, has_demo: bool) -> str:
        ensure_setting()
        password = ensure_people()
        if not has_demo:
            self.stdout.write(f"{tell_cases()} demonstration cases.")
        told = {
            "polls and surveys": tell_surveys(),
            "announcements": tell_news(),
            "questions and answers": tell_faq(),
            "commitments": tell_outcomes(),
            "social-media accounts": tell_social(),
            "versions of policies": tell_policies(),
            "services": tell_services(),
            "assessments": tell_assessments(),
        }
        self.stdout.write(", ".join(f"{count} {what}" for what, count in told.items()) + " added.")
        compute_figures()
        return password
