from modeltranslation.translator import TranslationOptions, register

from opendata.catalogue.models import Dataset, Erasure, Release, Version


@register(Dataset)
class DatasetTranslation(TranslationOptions):
    fields = ("title", "description", "keywords", "methods")


@register(Release)
class ReleaseTranslation(TranslationOptions):
    fields = ("change_note", "no_original_because")


@register(Version)
class VersionTranslation(TranslationOptions):
    fields = ("change_note", "withdrawn_because")


@register(Erasure)
class ErasureTranslation(TranslationOptions):
    fields = ("ground",)
