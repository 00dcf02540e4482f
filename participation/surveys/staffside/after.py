"""What is done with a questionnaire once it runs: early look, findings, invitations, single answers, hand-over."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import CharField
from django.db.models.functions import MD5, Cast, Concat
from django.http import FileResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from participation.surveys.access import belongs_to, may_look_early, may_read_answers, readable_ballots
from participation.surveys.actions import lifecycle
from participation.surveys.actions.editing import Conflict
from participation.surveys.kinds import TEXTS, Access, Phase
from participation.surveys.models import Answer, Publication, Question, Quote
from participation.surveys.raw import raw_file
from participation.surveys.results import showing
from participation.surveys.results.reading import Results
from participation.surveys.staffside.forms import FindingsForm, InviteForm, QuoteForm, ReasonForm, ReceiptForm
from participation.surveys.staffside.frame import Frame, number
from portal.audit.actions import record
from portal.figures.export import as_download
from portal.forms import PortalForm

RESULTS = "participation/surveys/staff/early.html"
ANSWERS = "participation/surveys/staff/answers.html"
A_PAGE = 50
IN_NO_ORDER = MD5(Concat("ballot__voter_key", Cast("question", CharField())))
"""Neither by time nor the same under two questions: nothing tells which texts are of one person."""


class After(Frame):
    """The pages of one questionnaire for one request."""

    def early(self) -> HttpResponseBase:
        """Results before closing: a reason first, which is published."""
        user, questionnaire = self.request.user, self.questionnaire
        if not may_look_early(user, questionnaire):
            raise PermissionDenied
        form = ReasonForm(self._data())
        if form.is_bound and form.is_valid():
            try:
                lifecycle.look_early(questionnaire=questionnaire, reason=form.cleaned_data["reason"], by=user)
            except Conflict as error:
                return self.back_with_error(str(error.message))
            return redirect("admin:surveys_questionnaire_early", questionnaire.pk)
        look = questionnaire.early_looks.filter(by=user).order_by("-at", "-pk").first()
        if look is None or form.is_bound:
            return self.show_form(
                form, _("Look at results early"), button=_("Show the results"),
                explanation=_(
                    "Nobody sees results while people still answer, so that nobody is led by them. If you must, say "
                    "why: your reason and the date are shown on the results page for ever."
                ),
            )  # fmt: skip
        results = Results(questionnaire, Publication(questionnaire=questionnaire, results=look.results))
        blocks = showing.shown(results) if results.total is not None else []
        context = self.context(title=_("Results so far"), results=results, blocks=blocks, look=look, form=form)
        return render(self.request, RESULTS, context)

    def findings(self) -> HttpResponseBase:
        """What was learned, beside the results."""
        questionnaire = self.questionnaire
        initial = {
            "findings_ar": questionnaire.findings_ar, "findings_en": questionnaire.findings_en,
            "version": questionnaire.version,
        }  # fmt: skip
        form = FindingsForm(self._data(), initial=initial)
        if form.is_bound and form.is_valid():
            try:
                lifecycle.publish_findings(questionnaire=questionnaire, by=self.request.user, **form.cleaned_data)
            except Conflict as error:
                questionnaire.refresh_from_db()
                form.data = {**self.request.POST.dict(), "version": str(questionnaire.version)}
                form.add_error(None, str(error.message))
            else:
                return self.back(_("The findings are published."))
        return self.show_form(form, _("Findings"), button=_("Publish"))

    def invite(self) -> HttpResponseBase:
        """Invite people by e-mail."""
        if self.questionnaire.access != Access.INVITED or self.questionnaire.phase() not in (
            Phase.UPCOMING,
            Phase.OPEN,
        ):
            raise PermissionDenied
        form = InviteForm(self._data(), initial={"language": get_language()})
        if form.is_bound and form.is_valid():
            count = lifecycle.invite(
                questionnaire=self.questionnaire, addresses=form.cleaned_data["addresses"],
                language=form.cleaned_data["language"], by=self.request.user,
            )  # fmt: skip
            text = ngettext("%(count)d person is invited.", "%(count)d people are invited.", count)
            return self.back(text % {"count": count})
        return self.show_form(form, _("Invite people"), button=_("Invite"))

    def answers(self) -> HttpResponseBase:
        """Free answers, to be read by the staff of the organisation they were collected for, and quotes of them."""
        if not may_read_answers(self.request.user, self.questionnaire):
            raise PermissionDenied
        if self.request.POST.get("do") == "take_back":
            return self._take_back()
        questions = Question.objects.filter(page__questionnaire=self.questionnaire, kind__in=TEXTS)
        form = QuoteForm(self._data(), questions=questions)
        if form.is_bound and form.is_valid():
            try:
                lifecycle.approve_quote(by=self.request.user, **form.cleaned_data)
            except lifecycle.NotSaid as error:
                form.add_error("text", str(error.message))
            except Conflict:
                form.add_error(None, _("Quotes are published with the results, which are not there yet."))
            else:
                return self.back(_("The quote is published with the results."))
        if not form.is_bound:
            record(verb="questionnaire.answers_read", subject=self.questionnaire, by=self.request.user)
        ballots = readable_ballots(self.request.user, self.questionnaire)
        texts = Answer.objects.filter(ballot__in=ballots, question__in=questions).exclude(text="").select_related(
            "question", "ballot"
        ).order_by("question__page__position", "question__position", IN_NO_ORDER)  # fmt: skip
        page = Paginator(texts, A_PAGE).get_page(self.request.GET.get("page"))
        quotes = Quote.objects.filter(question__in=questions)
        context = self.context(title=_("Free answers"), page=page, form=form, quotes=quotes)
        return render(self.request, ANSWERS, context, status=422 if form.errors else 200)

    def _take_back(self) -> HttpResponseBase:
        quotes = Quote.objects.filter(question__page__questionnaire=self.questionnaire)
        lifecycle.take_back_quote(
            quote=get_object_or_404(quotes, pk=number(self.request.POST, "quote")), by=self.request.user
        )
        return self.back(_("The quote is taken back."))

    def raw(self) -> HttpResponseBase:
        """All single answers as one file, the one whose checksum the hand-over notes."""
        if not may_read_answers(self.request.user, self.questionnaire):
            raise PermissionDenied
        record(verb="questionnaire.exported", subject=self.questionnaire, by=self.request.user)
        response = FileResponse(raw_file(self.questionnaire), content_type="application/zip")
        return as_download(response, f"{self.questionnaire.slug}-answers.zip")

    def hand_over(self) -> HttpResponseBase:
        """Tell the organisation that its answers are ready."""
        if self.request.method == "POST":
            try:
                lifecycle.hand_over(questionnaire=self.questionnaire, by=self.request.user)
            except Conflict as error:
                return self.back_with_error(str(error.message))
            return self.back(_("The answers are ready for the organisation, which has been told."))
        return self.show_form(
            PortalForm(), _("Hand over single answers"), button=_("Hand over"),
            explanation=_(
                "The organisation is told that its answers are ready, with the checksum of the file. Its staff fetch "
                "it and enter the receipt; after that the answers are destroyed here on schedule."
            ),
        )  # fmt: skip

    def receipt(self, item: int) -> HttpResponseBase:
        """The organisation's receipt: who received it, and the checksum as the receiver worked it out."""
        given = get_object_or_404(self.questionnaire.hand_overs.filter(received_at=None), pk=item)
        if not belongs_to(self.request.user, given.organisation_id):
            raise PermissionDenied  # who asked the questions does not confirm for who receives the answers
        form = ReceiptForm(self._data())
        if form.is_bound and form.is_valid():
            if form.cleaned_data["sha256"].strip().lower() != given.sha256:
                form.add_error(
                    "sha256", _("This is not the checksum of the file. Compare the file, and fetch it again.")
                )
            else:
                lifecycle.acknowledge_receipt(
                    given=given, received_by=form.cleaned_data["received_by"], by=self.request.user
                )
                return self.back(_("The receipt is entered."))
        return self.show_form(form, _("Enter the receipt"), explanation=_("Checksum: %(sum)s") % {"sum": given.sha256})

    def _data(self) -> Any:
        return self.request.POST if self.request.method == "POST" else None
