from modeltranslation.translator import TranslationOptions, register

from accessibility.models import KnownIssue, ManualCheck


@register(ManualCheck)
class ManualCheckTranslation(TranslationOptions):
    fields = ("what", "role", "aid")


@register(KnownIssue)
class KnownIssueTranslation(TranslationOptions):
    fields = ("what", "reason", "alternative")
