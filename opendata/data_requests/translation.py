from modeltranslation.translator import TranslationOptions, register

from opendata.data_requests.models import Answer, DataRequest, Event


@register(DataRequest)
class DataRequestTranslation(TranslationOptions):
    fields = ("public_title", "public_summary")


@register(Answer)
class AnswerTranslation(TranslationOptions):
    fields = ("text", "holder", "legal_basis")


@register(Event)
class EventTranslation(TranslationOptions):
    fields = ("text",)
