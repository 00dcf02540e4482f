from modeltranslation.translator import TranslationOptions, register

from opendata.inventory.models import Agency, Asset


@register(Asset)
class AssetTranslation(TranslationOptions):
    fields = ("title", "description", "legal_basis", "owner_role", "contact_role", "decided_by_role")


@register(Agency)
class AgencyTranslation(TranslationOptions):
    fields = ("contact_role", "roles", "publication_process", "request_process", "feedback_process")
