from modeltranslation.translator import TranslationOptions, register

from portal.working_days.models import Calendar, Closure, SpecialHours


@register(Calendar)
class CalendarTranslation(TranslationOptions):
    fields = ("name",)


@register(Closure)
class ClosureTranslation(TranslationOptions):
    fields = ("name",)


@register(SpecialHours)
class SpecialHoursTranslation(TranslationOptions):
    fields = ("name",)
