from modeltranslation.translator import TranslationOptions, register

from policies.assessment.models import Indicator


@register(Indicator)
class IndicatorTranslation(TranslationOptions):
    fields = ("question", "help")
