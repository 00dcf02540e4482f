from modeltranslation.translator import TranslationOptions, register

from policies.pages.models import PolicyVersion


@register(PolicyVersion)
class PolicyVersionTranslation(TranslationOptions):
    fields = ("title", "summary", "body", "changes")
