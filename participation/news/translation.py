from modeltranslation.translator import TranslationOptions, register

from participation.news.models import Announcement


@register(Announcement)
class AnnouncementTranslation(TranslationOptions):
    fields = ("title", "summary", "body", "image_alt")
