from modeltranslation.translator import TranslationOptions, register

from policies.services.models import Service


@register(Service)
class ServiceTranslation(TranslationOptions):
    fields = (
        "name", "purpose", "prerequisites", "documents", "held_documents", "steps", "fee_note", "legal_basis",
        "contact",
    )  # fmt: skip
