from modeltranslation.translator import TranslationOptions, register

from participation.outcomes.models import Commitment, StatusChange


@register(Commitment)
class CommitmentTranslation(TranslationOptions):
    fields = ("title", "asked", "decided", "evidence")


@register(StatusChange)
class StatusChangeTranslation(TranslationOptions):
    fields = ("note", "evidence")
