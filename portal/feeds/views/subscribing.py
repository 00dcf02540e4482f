"""Subscribing by e-mail. Opening a link from a letter changes nothing: mail scanners open every one."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from portal.feeds import actions, links
from portal.feeds.collecting import known
from portal.feeds.forms import SubscribeForm, TopicsForm
from portal.feeds.models import Subscription, SubscriptionRequest
from portal.feeds.registry import topics
from portal.http import public, public_form, throttled, too_many

FORM_METHODS = ["GET", "HEAD", "POST"]


@public_form
@require_http_methods(FORM_METHODS)
def subscribe(request: HttpRequest) -> HttpResponse:
    """The form. Whatever the portal knows of the address, a good one leads to the same page."""
    if request.method != "POST":
        form = SubscribeForm(initial={"topics": request.GET.getlist("topic")})
        return render(request, "feeds/subscribe.html", {"form": form, "has_topics": bool(topics())})
    if throttled(request, "subscribe"):
        return too_many(request)
    form = SubscribeForm(request.POST)
    if not form.is_valid():
        return render(request, "feeds/subscribe.html", {"form": form, "has_topics": bool(topics())}, status=422)
    actions.request_subscription(
        email=form.cleaned_data["email"], language=get_language() or "ar", topics=form.cleaned_data["topics"]
    )
    return redirect("feeds:look")


@public
@require_safe
def look(request: HttpRequest) -> HttpResponse:
    """Where to look now; the same for everybody."""
    return render(request, "feeds/look.html")


def personal(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A page behind a link in a letter: not kept by caches, not found by search engines."""

    def wrapped(request: HttpRequest, token: str) -> HttpResponseBase:
        response = view(request, token)
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return never_cache(wrapped)


@public_form
@personal
@require_http_methods(FORM_METHODS)
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm by pressing a button. A request that is confirmed already leads on to its subscription."""
    wanted = _request_of(token)
    if wanted is None:
        return _expired(request)
    subscription = wanted.subscription
    if request.method == "POST":
        subscription = actions.confirm_subscription(request=wanted)
        if subscription is None:
            return _expired(request)
    if subscription is not None:
        return _to_subscription(subscription, "confirmed")
    return render(request, "feeds/confirm.html", {"topics": known(wanted.topics), "token": token})


def _request_of(token: str) -> SubscriptionRequest | None:
    pk = links.read_token(links.CONFIRM, token)
    waiting = SubscriptionRequest.objects.filter(requested_at__gte=timezone.now() - actions.LIFETIME)
    return None if pk is None else waiting.select_related("subscription").filter(pk=pk).first()


def _to_subscription(subscription: Subscription, done: str) -> HttpResponse:
    where = reverse("feeds:subscription", args=[links.token(links.MANAGE, subscription.pk)])
    return redirect(f"{where}?done={done}")


@public_form
@personal
@require_http_methods(FORM_METHODS)
def subscription(request: HttpRequest, token: str) -> HttpResponse:
    """What somebody gets, to be changed or ended. The address itself is not shown: letters are passed on."""
    pk = links.read_token(links.MANAGE, token)
    if pk is None:
        return _expired(request)
    found = Subscription.objects.filter(pk=pk).first()
    if found is None:
        return render(request, "feeds/ended.html", status=410)
    if request.method == "POST":
        if throttled(request, "subscribe"):
            return too_many(request)
        form = TopicsForm(request.POST)
        if form.is_valid():
            actions.choose_topics(subscription=found, topics=form.cleaned_data["topics"])
            return _to_subscription(found, "changed")
    else:
        form = TopicsForm(initial={"topics": list(found.choices.values_list("topic", flat=True))})
    context = {"form": form, "unsubscribe_token": links.token(links.UNSUBSCRIBE, found.pk)}
    done = "" if form.is_bound else request.GET.get("done", "")
    return render(request, "feeds/subscription.html", {**context, "done": done}, status=422 if form.is_bound else 200)


@public
@csrf_exempt
@personal
@require_http_methods(FORM_METHODS)
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """End a subscription: a person presses the button, a mail program posts at once (RFC 8058).

    Exempt from CSRF, and unlike other public forms open to posts from any origin, because the post comes from the
    mail provider's own machine or page, without cookies and with whatever Origin it likes. The signed token alone is
    what allows it, and all it allows is to stop letters. The answer is no redirect: mail programs follow none.
    """
    pk = links.read_token(links.UNSUBSCRIBE, token)
    if pk is None:
        return _expired(request)
    found = Subscription.objects.filter(pk=pk).first()
    if found is not None and request.method != "POST":
        return render(request, "feeds/unsubscribe.html", {"manage_token": links.token(links.MANAGE, found.pk)})
    if found is not None:
        actions.unsubscribe(subscription=found)
    return render(request, "feeds/ended.html")


def _expired(request: HttpRequest) -> HttpResponse:
    return render(request, "feeds/expired.html", status=404)
