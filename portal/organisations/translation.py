from modeltranslation.translator import TranslationOptions, register

from portal.organisations.models import Organisation, Topic, Unit


@register(Organisation)
class OrganisationTranslation(TranslationOptions):
    fields = ("name",)


@register(Unit)
class UnitTranslation(TranslationOptions):
    fields = ("name",)


@register(Topic)
class TopicTranslation(TranslationOptions):
    fields = ("name", "guidance")
