"""Small cells of published tables, withheld so that nothing published gives them back. See `protect`."""

from portal.figures.suppression.publication import Publication, QuestionFigures, Statistics
from portal.figures.suppression.questionnaire import TOTAL, Question, Questionnaire
from portal.figures.suppression.rules import THRESHOLD, ProtectedTable, protect, protect_table

__all__ = [
    "THRESHOLD",
    "TOTAL",
    "ProtectedTable",
    "Publication",
    "Question",
    "QuestionFigures",
    "Questionnaire",
    "Statistics",
    "protect",
    "protect_table",
]
