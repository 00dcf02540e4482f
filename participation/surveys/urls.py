from django.urls import path, register_converter

from participation.surveys.views import drafts, mailed, polls, results, satisfaction, surveys


class FileKind:
    """The formats figures can be downloaded in."""

    regex = "csv|xlsx|json"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(FileKind, "figures")
app_name = "surveys"
urlpatterns = [
    path("polls/", polls.polls, name="polls"),
    path("polls/<slug:slug>/", polls.poll, name="poll"),
    path("polls/<slug:slug>/link/", mailed.poll_link, name="poll_link"),
    path("polls/<slug:slug>/results/", results.poll_results, name="poll_results"),
    path("polls/<slug:slug>/results/data.<figures:kind>", results.download, name="download"),
    path("surveys/", surveys.surveys, name="surveys"),
    path("surveys/<slug:slug>/", surveys.survey, name="survey"),
    path("surveys/<slug:slug>/link/", mailed.survey_link, name="survey_link"),
    path("surveys/<slug:slug>/thanks/", surveys.done, name="done"),
    path("surveys/<slug:slug>/findings/", results.findings, name="findings"),
    path("surveys/<slug:slug>/findings/data.<figures:kind>", results.download, name="findings_download"),
    path("surveys/<slug:slug>/answer/<str:token>/", drafts.resume, name="resume"),
    path("surveys/<slug:slug>/answer/<str:token>/<int:number>/", drafts.answer, name="answer"),
    path("surveys/<slug:slug>/answer/<str:token>/saved/", drafts.saved, name="saved"),
    path("surveys/<slug:slug>/answer/<str:token>/review/", drafts.review, name="review"),
    path("satisfaction/", satisfaction.satisfaction, name="satisfaction"),
    path("satisfaction/link/", mailed.satisfaction_link, name="satisfaction_link"),
    path("satisfaction/results/", results.satisfaction_results, name="satisfaction_results"),
    path("satisfaction/results/data.<figures:kind>", results.download, name="satisfaction_download"),
]
