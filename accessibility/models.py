"""Audits with their results, what was checked by hand, and what is known not to be accessible."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accessibility.criteria import BY_NUMBER, CHOICES, NUMBERS, Criterion
from portal.bilingual import both_languages


def _empty(column: str) -> Q:
    return Q(**{f"{column}__isnull": True}) | Q(**{column: ""})


def _given(column: str) -> Q:
    return Q(**{f"{column}__isnull": False}) & ~Q(**{column: ""})


class Outcome(models.TextChoices):
    """What a rule said about a page. `explained`: a machine could not decide; a person did, and said why."""

    PASS = "pass", _("passed")
    VIOLATION = "violation", _("failed")
    INCOMPLETE = "incomplete", _("undecided")
    EXPLAINED = "explained", _("undecided, explained")
    INAPPLICABLE = "inapplicable", _("nothing to test")


class Result(models.TextChoices):
    """What a person found who checked a criterion."""

    MET = "met", _("met")
    NOT_MET = "not_met", _("not met")
    NOT_APPLICABLE = "not_applicable", _("does not apply")


class AuditQuerySet(models.QuerySet["Audit"]):
    def newest_first(self) -> AuditQuerySet:
        return self.order_by("-finished_at", "-id")

    def latest(self, *_fields: str) -> Audit | None:  # type: ignore[override]
        """The one the statement rests on; None before the first."""
        return self.newest_first().first()


class Audit(models.Model):
    """One scan of every page in every state, in both languages. Written once, never changed."""

    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), unique=True)
    standard = models.CharField(_("standard tested against"), max_length=40)
    engine = models.CharField(_("engine"), max_length=60)
    browser = models.CharField(_("browser"), max_length=80)
    version = models.CharField(_("version of the portal"), max_length=80)
    pages = models.PositiveIntegerField(_("pages, in each state and language"))
    scans = models.PositiveIntegerField(_("scans: each page in each look"))
    templates = models.PositiveIntegerField(_("templates"))
    templates_seen = models.PositiveIntegerField(_("templates on scanned pages"))
    violations = models.PositiveIntegerField(_("violations"))
    incomplete = models.PositiveIntegerField(_("undecided and unexplained"))
    findings_beyond = models.PositiveIntegerField(_("findings of the further checks"))
    rules = models.JSONField(_("rules"), help_text=_("Each rule with the criteria it tests."))
    checks = models.JSONField(_("further checks"), help_text=_("Each with its criteria, pages and findings."))

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = _("accessibility audit")
        verbose_name_plural = _("accessibility audits")
        ordering = ["-finished_at"]
        constraints = [
            models.CheckConstraint(condition=Q(finished_at__gte=F("started_at")), name="audit_ends_after_its_start"),
            models.CheckConstraint(condition=Q(templates_seen__lte=F("templates")), name="audit_sees_what_there_is"),
            models.CheckConstraint(condition=Q(pages__gte=1) & Q(scans__gte=F("pages")), name="audit_saw_pages"),
            models.CheckConstraint(condition=~Q(engine="") & ~Q(standard=""), name="audit_names_its_means"),
        ]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.finished_at):%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("accessibility:audit", args=[self.pk])

    @property
    def is_clean(self) -> bool:
        """Nothing failed, nothing is undecided, and no template was left out."""
        wrong = self.violations + self.incomplete + self.findings_beyond
        return wrong == 0 and self.templates_seen == self.templates

    @cached_property
    def criteria_by_rules(self) -> set[str]:
        """Criteria that at least one rule of the engine tested."""
        return {number for numbers in self.rules.values() for number in numbers}

    @cached_property
    def criteria_by_checks(self) -> set[str]:
        """Criteria that at least one of the portal's own checks tested."""
        return {number for check in self.checks.values() for number in check["criteria"]}


class RuleResult(models.Model):
    """What one rule said on how many pages of one template; without a template: on all pages together."""

    audit = models.ForeignKey(Audit, models.CASCADE, related_name="results", verbose_name=_("audit"))
    template = models.CharField(_("template"), max_length=160, blank=True)
    rule = models.CharField(_("rule"), max_length=80)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome.choices)
    pages = models.PositiveIntegerField(_("pages"))

    class Meta:
        verbose_name = _("result of a rule")
        verbose_name_plural = _("results of rules")
        ordering = ["template", "rule", "outcome"]
        constraints = [
            models.UniqueConstraint(
                fields=["audit", "template", "rule", "outcome"], name="ruleresult_once_for_each_outcome"
            ),
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="ruleresult_outcome_known"),
            models.CheckConstraint(condition=Q(pages__gte=1), name="ruleresult_rests_on_pages"),
            models.CheckConstraint(
                condition=(Q(template="") & Q(outcome="inapplicable")) | (~Q(template="") & ~Q(outcome="inapplicable")),
                name="ruleresult_inapplicable_is_for_all",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.rule}: {self.outcome}"


class Finding(models.Model):
    """Something wrong on one page in one look: by a rule of the engine or by one of the portal's own checks."""

    audit = models.ForeignKey(Audit, models.CASCADE, related_name="findings", verbose_name=_("audit"))
    template = models.CharField(_("template"), max_length=160, blank=True)
    scene = models.CharField(_("page"), max_length=160)
    language = models.CharField(_("language"), max_length=2, blank=True)
    look = models.CharField(_("look"), max_length=40, blank=True)
    check_name = models.CharField(_("rule or check"), max_length=80)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome.choices)
    detail = models.TextField(_("what"))

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["template", "scene", "language", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=["violation", "incomplete"]), name="finding_is_one"),
            models.CheckConstraint(condition=~Q(detail="") & ~Q(check_name=""), name="finding_says_what"),
        ]

    def __str__(self) -> str:
        return f"{self.scene}: {self.check_name}"


class ManualCheck(models.Model):
    """A criterion that a person checked, with an aid or without. People are named by their role only."""

    criterion = models.CharField(_("success criterion"), max_length=8, choices=CHOICES)
    what = models.TextField(_("what was checked"))
    role = models.CharField(
        _("by whom"), max_length=160, help_text=_("The role, not the name: a blind tester from outside, an editor.")
    )
    aid = models.CharField(
        _("with which aid"), max_length=160, blank=True, help_text=_("Such as a screen reader, with its version.")
    )
    result = models.CharField(_("result"), max_length=14, choices=Result.choices)
    checked_on = models.DateField(_("checked on"))

    class Meta:
        verbose_name = _("check by hand")
        verbose_name_plural = _("checks by hand")
        ordering = ["-checked_on", "-id"]
        constraints = [
            both_languages("what", "role", model="manualcheck"),
            models.CheckConstraint(condition=Q(criterion__in=NUMBERS), name="manualcheck_criterion_known"),
            models.CheckConstraint(condition=Q(result__in=Result.values), name="manualcheck_result_known"),
            models.CheckConstraint(
                condition=(_empty("aid_ar") & _empty("aid_en")) | (_given("aid_ar") & _given("aid_en")),
                name="manualcheck_aid_in_both",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion} {self.checked_on:%Y-%m-%d}"

    @property
    def about(self) -> Criterion:
        return BY_NUMBER[self.criterion]


class KnownIssueQuerySet(models.QuerySet["KnownIssue"]):
    def open(self) -> KnownIssueQuerySet:
        """Those not mended yet, the oldest first."""
        return self.filter(fixed_on=None).order_by("since", "id")

    def fixed(self) -> KnownIssueQuerySet:
        return self.exclude(fixed_on=None).order_by("-fixed_on", "-id")


class KnownIssue(models.Model):
    """Something that is not accessible: why, what to use instead, and by when it is to be mended."""

    criterion = models.CharField(_("success criterion"), max_length=8, choices=CHOICES)
    what = models.TextField(_("what is not accessible"))
    reason = models.TextField(_("why"))
    alternative = models.TextField(_("what to use instead"))
    since = models.DateField(_("known since"))
    planned_on = models.DateField(_("to be mended by"), null=True, blank=True)
    fixed_on = models.DateField(_("mended on"), null=True, blank=True)

    objects = KnownIssueQuerySet.as_manager()

    class Meta:
        verbose_name = _("known issue")
        verbose_name_plural = _("known issues")
        ordering = ["fixed_on", "since", "id"]
        constraints = [
            both_languages("what", "reason", "alternative", model="knownissue"),
            models.CheckConstraint(condition=Q(criterion__in=NUMBERS), name="knownissue_criterion_known"),
            models.CheckConstraint(
                condition=Q(fixed_on__isnull=True) | Q(fixed_on__gte=F("since")), name="knownissue_fixed_after_known"
            ),
            models.CheckConstraint(
                condition=Q(planned_on__isnull=True) | Q(planned_on__gte=F("since")),
                name="knownissue_planned_after_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {(self.what or '')[:60]}"

    @property
    def about(self) -> Criterion:
        return BY_NUMBER[self.criterion]

    def is_late(self, today: date | None = None) -> bool:
        """Whether the day it was to be mended by is past."""
        return (
            self.fixed_on is None and self.planned_on is not None and self.planned_on < (today or timezone.localdate())
        )
