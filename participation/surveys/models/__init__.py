"""Tables of questionnaires: what is asked, what was answered, what was counted, and what became of the answers."""

from participation.surveys.models.asked import Condition, Option, Page, Question, Row
from participation.surveys.models.counted import Publication, Tally, Turnout
from participation.surveys.models.given import Answer, Ballot, Draft, Invitation
from participation.surveys.models.kept import EarlyLook, HandOver, Population, Quote
from participation.surveys.models.questionnaire import Questionnaire, QuestionnaireQuerySet

__all__ = [
    "Answer",
    "Ballot",
    "Condition",
    "Draft",
    "EarlyLook",
    "HandOver",
    "Invitation",
    "Option",
    "Page",
    "Population",
    "Publication",
    "Question",
    "Questionnaire",
    "QuestionnaireQuerySet",
    "Quote",
    "Row",
    "Tally",
    "Turnout",
]
