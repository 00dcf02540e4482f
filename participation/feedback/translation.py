from modeltranslation.translator import TranslationOptions, register

from participation.feedback.models import ReplyTemplate


@register(ReplyTemplate)
class ReplyTemplateTranslation(TranslationOptions):
    fields = ("name", "body")
