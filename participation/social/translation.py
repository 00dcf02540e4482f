from modeltranslation.translator import TranslationOptions, register

from participation.social.models import Account


@register(Account)
class AccountTranslation(TranslationOptions):
    fields = ("holder_job", "purpose", "audience", "reason")
