"""The form in which an announcement is written, in both languages, with its image."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core import signing
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from participation.news.actions.changing import Conflict
from participation.news.actions.writing import TEXTS
from participation.news.images import FORMATS, check_image, measure, store_image
from participation.news.models import Announcement
from participation.news.rules import CONTENT
from portal.attachments.content import CheckedUpload
from portal.attachments.models import Attachment
from portal.bilingual import LANGUAGE_CODES
from portal.forms import clean_text

KEPT_SALT = "news.image"
KEPT_FOR = 7 * 86400
MARKUP = _(
    "Paragraphs are parted by an empty line. “## ” begins a heading, “- ” a list, and [words](address) is a link."
)
TEXT_FIELDS = [f"{name}_{code}" for name in TEXTS for code in LANGUAGE_CODES]
FIELDS = ["slug", "unit", "topic", "expires_at", *TEXT_FIELDS]
NO_IMAGE = {"image": None, "image_width": None, "image_height": None}


class AnnouncementForm(forms.ModelForm):  # type: ignore[type-arg]
    """Says what is missing, keeps everything typed and the image chosen, and notices when somebody else was quicker."""

    image_file = forms.FileField(
        label=_("Image"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ",".join(FORMATS)}),
        help_text=_("JPEG, PNG or WebP. It is made smaller, and place and camera are taken out of the file."),
    )
    remove_image = forms.BooleanField(label=_("Take the image out"), required=False)
    kept_image = forms.CharField(widget=forms.HiddenInput, required=False)
    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Announcement
        fields = FIELDS
        widgets = {"slug": forms.TextInput(attrs={"dir": "ltr", "class": "vTextField"})} | {
            f"{name}_{code}": AdminTextareaWidget(attrs={"rows": rows})
            for name, rows in (("title", 2), ("summary", 3), ("body", 14), ("image_alt", 2))
            for code in LANGUAGE_CODES
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_conflict = False
        self.upload: CheckedUpload | None = None
        self.initial["seen_version"] = self.instance.version
        if self.is_bound:
            data: Any = self.data  # what is shown again differs from what was sent
            self.data = data.copy()
        self.kept = self._kept()
        now = timezone.now()
        self.is_published = self.instance.publish_at is not None
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].disabled = self.is_published and self.instance.publish_at <= now
        for code in LANGUAGE_CODES:
            if f"body_{code}" in self.fields:
                self.fields[f"body_{code}"].help_text = MARKUP
        if not self.instance.image_id:
            self.fields.pop("remove_image", None)

    # Checking ------------------------------------------------------------------------------------------

    def clean_image_file(self) -> Any:
        if uploaded := self.cleaned_data.get("image_file"):
            self.upload = check_image(uploaded)
        return uploaded

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self._clean_texts(data)
        self._clean_address(data)
        self._clean_expiry(data)
        self._clean_image(data)
        seen = data.get("seen_version")
        if self.instance.pk and seen != self.instance.version:
            self.is_conflict = True
            self.add_error(None, forms.ValidationError(Conflict.message, code="conflict"))
        return data

    def _clean_texts(self, data: dict[str, Any]) -> None:
        for name in TEXT_FIELDS:
            if name in data:
                data[name] = clean_text(data[name] or "", lines=name.startswith("body")).strip()
        for name in (f"{text}_{code}" for text in CONTENT for code in LANGUAGE_CODES):
            if self.is_published and name in data and not data[name]:
                self.add_error(name, _("What is published has this text in both languages."))
        if not self.is_published and not (data.get("title_ar") or data.get("title_en")):
            self.add_error("title_ar", _("Write a title, in one language at least."))

    def _clean_address(self, data: dict[str, Any]) -> None:
        """Without an address typed, make one of the English title, or of the day."""
        if self.is_published and self.fields["slug"].disabled:
            return
        slug = (data.get("slug") or "").lower()
        if not slug and "slug" not in self.errors:
            slug = slugify(data.get("title_en", ""))[:70].strip("-") or f"news-{timezone.localdate():%Y-%m-%d}"
            slug = _free(slug, self.instance.pk)
        data["slug"] = "-".join(part for part in slug.replace("_", "-").split("-") if part)

    def _clean_expiry(self, data: dict[str, Any]) -> None:
        expires, published = data.get("expires_at"), self.instance.publish_at
        if expires is None:
            return
        if published is not None and expires <= published:
            self.add_error("expires_at", _("It is published later than that. Choose a later moment."))
        elif published is None and expires <= timezone.now():
            self.add_error("expires_at", _("This moment has passed. Choose a later one."))

    def _clean_image(self, data: dict[str, Any]) -> None:
        if not self._will_have_image(data):
            return
        for code in LANGUAGE_CODES:
            if not data.get(f"image_alt_{code}"):
                self.add_error(
                    f"image_alt_{code}",
                    _("Say in a sentence what the image shows, for those who do not see it."),
                )

    def _will_have_image(self, data: dict[str, Any]) -> bool:
        is_new = self.upload is not None or self.kept is not None
        return is_new or (self.instance.image_id is not None and not data.get("remove_image"))

    # Keeping what was sent -------------------------------------------------------------------------------

    def full_clean(self) -> None:
        super().full_clean()
        if not self.is_bound or not self.errors:
            return
        self.data["seen_version"] = str(self.instance.version)  # type: ignore[index]
        if self.upload is not None:
            self.kept = store_image(self.upload).attachment
            self.data["kept_image"] = signing.dumps(self.kept.pk, salt=KEPT_SALT)  # type: ignore[index]
        if self.kept is not None:
            self["image_file"].help_text = _("“%(name)s” is kept. Choose another file only to replace it.") % {
                "name": self.kept.original_name
            }

    def _kept(self) -> Attachment | None:
        """An image that came with this form before, when something else was wrong with it."""
        try:
            pk = signing.loads(self.data.get("kept_image", ""), salt=KEPT_SALT, max_age=KEPT_FOR)
        except signing.BadSignature:
            return None
        taken = Announcement.objects.filter(image=pk).exists()
        return None if taken else Attachment.objects.filter(pk=pk).first()

    # For the action --------------------------------------------------------------------------------------

    def content(self) -> dict[str, Any]:
        """What was written, as the actions take it; an image is stored now."""
        names = [name for name in FIELDS if name in self.cleaned_data]
        return {**{name: self.cleaned_data[name] for name in names}, **self._image()}

    def _image(self) -> dict[str, Any]:
        if self.upload is not None:
            found = store_image(self.upload)
        elif self.kept is not None:
            found = measure(self.kept)
        else:
            return NO_IMAGE if self.cleaned_data.get("remove_image") else {}
        return {"image": found.attachment, "image_width": found.width, "image_height": found.height}


def _free(slug: str, pk: int | None) -> str:
    """The address, with a number where another announcement has it."""
    taken = set(Announcement.objects.filter(slug__startswith=slug).exclude(pk=pk).values_list("slug", flat=True))
    number = next(n for n in range(1, len(taken) + 2) if (slug if n == 1 else f"{slug}-{n}") not in taken)
    return slug if number == 1 else f"{slug}-{number}"
