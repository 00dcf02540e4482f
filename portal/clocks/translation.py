from modeltranslation.translator import TranslationOptions, register

from portal.clocks.models import Incident


@register(Incident)
class IncidentTranslation(TranslationOptions):
    fields = ("title",)
