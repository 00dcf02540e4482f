"""Images are decoded and drawn anew: place, camera and whatever else hid in the file are gone."""

import io

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from portal.attachments.refusal import Refused, not_what_it_says

# A small file can unpack to gigabytes; this is refused from its header. JPEG decoders can skip every second
# pixel, so a phone's 50 megapixels need no more memory than 25 of the others.
MOST_PIXELS = {"JPEG": 55_000_000, "PNG": 25_000_000, "WEBP": 25_000_000}
LONGEST_SIDE = 4000  # enough to read an A4 page


def read_jpeg(data: bytes) -> bytes:
    """Return the image as a fresh JPEG without metadata."""
    return _redrawn(data, "JPEG", {"L", "RGB"}, quality=88)


def read_png(data: bytes) -> bytes:
    """Return the image as a fresh PNG without metadata."""
    return _redrawn(data, "PNG", {"L", "LA", "RGB", "RGBA"})


def read_webp(data: bytes) -> bytes:
    """Return the image as a fresh WebP without metadata; of an animation, the first picture."""
    return _redrawn(data, "WEBP", {"RGB", "RGBA"}, quality=85, method=1)


def _redrawn(data: bytes, kind: str, modes: set[str], **options: int) -> bytes:
    try:
        with Image.open(io.BytesIO(data), formats=[kind]) as opened:
            _refuse_bombs(opened.size, kind)
            opened.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
            image = _upright(opened, modes)
        output = io.BytesIO()
        image.save(output, kind, **options)
    except Refused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels() from None
    except Exception:
        raise not_what_it_says() from None
    return output.getvalue()


def _upright(opened: Image.Image, modes: set[str]) -> Image.Image:
    """Return the picture alone, turned as its metadata asked and at most `LONGEST_SIDE` long."""
    image: Image.Image = opened
    image.load()
    if image.mode.startswith("I"):  # 16 bits a pixel, from scanners: converting alone would leave it white
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    image = ImageOps.exif_transpose(image)
    if image.mode not in modes:
        image = image.convert("RGBA" if image.has_transparency_data and "RGBA" in modes else "RGB")
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    image.info = {}  # the writers copy comments, profiles and XMP from here
    return image


def _refuse_bombs(size: tuple[int, int], kind: str) -> None:
    if size[0] * size[1] > MOST_PIXELS[kind]:
        raise _too_many_pixels()


def _too_many_pixels() -> Refused:
    return Refused("pixels", _("The image “%(name)s” has too many pixels. Make it smaller and send it again."))
