from modeltranslation.translator import TranslationOptions, register

from participation.surveys.models import Option, Page, Population, Question, Questionnaire, Row


@register(Questionnaire)
class QuestionnaireTranslation(TranslationOptions):
    fields = ("title", "introduction", "thanks", "consent", "findings")


@register(Page)
class PageTranslation(TranslationOptions):
    fields = ("title",)


@register(Question)
class QuestionTranslation(TranslationOptions):
    fields = ("text", "hint", "low_label", "high_label")


@register(Option)
class OptionTranslation(TranslationOptions):
    fields = ("label",)


@register(Row)
class RowTranslation(TranslationOptions):
    fields = ("label",)


@register(Population)
class PopulationTranslation(TranslationOptions):
    fields = ("source",)
