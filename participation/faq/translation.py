from modeltranslation.translator import TranslationOptions, register

from participation.faq.models import Entry


@register(Entry)
class EntryTranslation(TranslationOptions):
    fields = ("question", "answer")
