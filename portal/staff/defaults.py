"""The groups a new portal starts with. What somebody sees is settled by their units; what they may do, by these."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_noop

if TYPE_CHECKING:
    from django.contrib.auth.models import Permission

GROUPS: dict[str, list[str]] = {
    gettext_noop("Case staff"): [
        "feedback.view_case",
        "feedback.change_case",
    ],
    gettext_noop("Call centre"): [
        "data_requests.view_datarequest",
        "data_requests.change_datarequest",
        "feedback.view_case",
        "feedback.change_case",
        "feedback.register_case",
    ],
    gettext_noop("Team leads"): [
        "data_requests.view_datarequest",
        "data_requests.change_datarequest",
        "feedback.view_case",
        "feedback.change_case",
        "feedback.export_case",
        "outcomes.view_commitment",
        "outcomes.add_commitment",
        "outcomes.change_commitment",
        "outcomes.delete_commitment",
        "outcomes.publish_commitment",
        "surveys.view_questionnaire",
        "surveys.add_questionnaire",
        "surveys.change_questionnaire",
        "surveys.schedule_questionnaire",
        "surveys.look_early",
        "surveys.read_answers",
        "assessment.view_assessment",
        "assessment.change_assessment",
        "pages.view_policy",
        "pages.view_policyversion",
        "pages.change_policyversion",
        "pages.publish_policyversion",
        "pages.change_policy",
    ],
    gettext_noop("Publishers"): [
        "news.view_announcement",
        "news.add_announcement",
        "news.change_announcement",
        "news.delete_announcement",
        "news.publish_announcement",
        "social.view_account",
        "social.add_account",
        "social.change_account",
        "social.delete_account",
        "social.list_account",
        "services.view_service",
        "services.add_service",
        "services.change_service",
        "services.delete_service",
        "services.publish_service",
        "pages.view_policy",
        "pages.view_policyversion",
        "pages.change_policyversion",
        "pages.publish_policyversion",
        "pages.change_policy",
    ],
    gettext_noop("Editors"): [
        "news.view_announcement",
        "news.add_announcement",
        "news.change_announcement",
        "news.delete_announcement",
        "surveys.view_questionnaire",
        "surveys.add_questionnaire",
        "surveys.change_questionnaire",
        "outcomes.view_commitment",
        "outcomes.add_commitment",
        "outcomes.change_commitment",
        "faq.view_entry",
        "faq.add_entry",
        "faq.change_entry",
        "faq.delete_entry",
        "social.view_account",
        "social.add_account",
        "social.change_account",
        "social.delete_account",
        "feeds.view_subscription",
        "search.view_synonym",
        "search.add_synonym",
        "search.change_synonym",
        "search.delete_synonym",
        "pages.view_policy",
        "pages.view_policyversion",
        "pages.change_policyversion",
        "services.view_service",
        "services.add_service",
        "services.change_service",
        "services.delete_service",
        "organisations.view_organisation",
        "organisations.view_unit",
        "organisations.view_topic",
        "organisations.add_topic",
        "organisations.change_topic",
        "feedback.view_replytemplate",
        "feedback.add_replytemplate",
        "feedback.change_replytemplate",
        "feedback.view_routingrule",
        "feedback.add_routingrule",
        "feedback.change_routingrule",
        "feedback.delete_routingrule",
    ],
    gettext_noop("Data stewards"): [
        "inventory.view_asset",
        "inventory.add_asset",
        "inventory.change_asset",
        "inventory.decide_asset",
        "inventory.view_agency",
        "inventory.change_agency",
    ],
    gettext_noop("Open data overseer"): [
        "inventory.oversee_agency",
        "inventory.view_asset",
        "inventory.view_agency",
        "inventory.add_agency",
    ],
    gettext_noop("Data request officers"): [
        "data_requests.view_datarequest",
        "data_requests.change_datarequest",
    ],
    gettext_noop("Data publishers"): [
        "catalogue.view_dataset",
        "catalogue.add_dataset",
        "catalogue.change_dataset",
        "catalogue.view_release",
        "catalogue.add_release",
        "catalogue.change_release",
        "catalogue.view_version",
        "catalogue.view_reuse",
        "catalogue.change_reuse",
    ],
    gettext_noop("Data approvers"): [
        "catalogue.view_dataset",
        "catalogue.add_dataset",
        "catalogue.change_dataset",
        "catalogue.view_release",
        "catalogue.add_release",
        "catalogue.change_release",
        "catalogue.view_version",
        "catalogue.view_reuse",
        "catalogue.change_reuse",
        "catalogue.approve_dataset",
    ],
    gettext_noop("Service levels"): [
        "clocks.view_policy",
        "clocks.add_policy",
        "clocks.change_policy",
        "clocks.view_escalationstep",
        "clocks.change_escalationstep",
        "clocks.view_incident",
        "clocks.add_incident",
        "clocks.change_incident",
        "working_days.view_calendar",
        "working_days.change_calendar",
        "working_days.view_closure",
        "working_days.add_closure",
        "working_days.change_closure",
        "working_days.view_specialhours",
        "working_days.add_specialhours",
        "working_days.change_specialhours",
        "working_days.delete_specialhours",
    ],
    gettext_noop("E-transformation authority"): [
        "assessment.view_assessment",
        "assessment.review_assessment",
        "assessment.view_indicatorset",
        "assessment.add_indicatorset",
        "assessment.change_indicatorset",
        "assessment.view_indicator",
        "assessment.add_indicator",
        "assessment.change_indicator",
        "assessment.delete_indicator",
    ],
    gettext_noop("Accessibility"): [
        "accessibility.view_audit",
        "accessibility.view_manualcheck",
        "accessibility.add_manualcheck",
        "accessibility.change_manualcheck",
        "accessibility.view_knownissue",
        "accessibility.add_knownissue",
        "accessibility.change_knownissue",
    ],
    gettext_noop("Records officers"): [
        "retention.view_legalhold",
        "retention.add_legalhold",
        "retention.change_legalhold",
        "retention.view_earlydisposal",
        "retention.add_earlydisposal",
        "retention.decide_earlydisposal",
        "retention.view_disposalrun",
    ],
    gettext_noop("Auditors"): [
        "audit.view_auditevent",
        "clocks.view_policy",
        "clocks.view_escalationstep",
        "working_days.view_calendar",
        "working_days.view_closure",
        "working_days.view_specialhours",
    ],
}


def ensure_defaults(app_config: Any, **_kwargs: Any) -> None:
    """After an app's migration: make the missing groups all of whose permissions exist by now.

    A group that is there is the operator's own and stays as it is.
    """
    from django.contrib.auth.management import create_permissions
    from django.contrib.auth.models import Group

    if not (missing := GROUPS.keys() - set(Group.objects.values_list("name", flat=True))):
        return
    create_permissions(app_config, verbosity=0)  # Django's own handler comes after this one
    for name in missing:
        permissions = _permissions(GROUPS[name])
        if len(permissions) == len(GROUPS[name]):
            Group.objects.create(name=name).permissions.set(permissions)


def _permissions(names: list[str]) -> list[Permission]:
    from django.contrib.auth.models import Permission

    wanted = models.Q()
    for name in names:
        app, codename = name.split(".")
        wanted |= models.Q(content_type__app_label=app, codename=codename)
    return list(Permission.objects.filter(wanted))
