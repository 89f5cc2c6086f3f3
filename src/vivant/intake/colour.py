"""Bring whatever colours a photo file holds to sRGB with 8 bits."""

from __future__ import annotations

import io
import logging

import numpy as np
from jaxtyping import UInt8
from PIL import Image, ImageCms

from vivant.errors import InputError

logger = logging.getLogger(__name__)

BEHIND_GLASS = (236, 236, 236)
"""What shows through where a photo is transparent: a light neutral, as a scan's margin has."""
GREY_LEVELS_APART = 6
"""A photo whose channels never differ by more, but for one pixel in a thousand, holds no colour."""

_DEEP = ("I;16", "I;16L", "I;16B", "I;16N", "I", "F")


def shallow(image: Image.Image) -> Image.Image:
    """Bring 16-bit, 32-bit and float greys to 8 bits; leave others alone.

    Floats up to 1.0 are taken as shares of white, larger numbers as 8 or 16 bits, whichever holds them.

    Raises:
        InputError: The values are not finite or are out of range.
    """
    if image.mode not in _DEEP:
        return image
    levels = np.asarray(image, dtype=np.float32)
    highest = float(levels.max(initial=0.0))
    if not np.isfinite(levels).all() or highest > 65535:
        message = (
            f"The photo holds grey levels up to {highest:g}; 8 or 16 bits are needed. "
            "Save it as an 8-bit PNG or JPEG."
        )
        raise InputError(message)
    factor = 1.0
    if image.mode == "F" and highest <= 1.0:
        factor = 255.0
    elif image.mode.startswith("I;16") or highest > 255:
        factor = 1 / 257
    return Image.fromarray(np.clip(levels * np.float32(factor) + 0.5, 0, 255).astype(np.uint8))


def to_srgb(image: Image.Image, *, profile: bytes | None) -> tuple[Image.Image, str | None]:
    """Bring an 8-bit image of any mode to RGB in sRGB.

    Args:
        image: Any Pillow mode with 8 bits or fewer a channel.
        profile: The ICC profile that the file carries.

    Returns:
        The image, and a note when its profile could not be used.
    """
    image = _opaque(image)
    if image.mode not in ("L", "RGB", "CMYK", "LAB"):
        image = image.convert("RGB")
    note = None
    if profile:
        try:
            return _through_profile(image, profile), None
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            note = "Its colour profile cannot be used; the colours are taken as sRGB."
            logger.info("colour profile cannot be used", extra={"mode": image.mode})
    return image.convert("RGB"), note


def is_grey(pixels: UInt8[np.ndarray, "height width 3"]) -> bool:
    """Tell whether a picture holds no colour (a toned print does hold one)."""
    step = max(1, int(np.sqrt(pixels.shape[0] * pixels.shape[1] / 250_000)))
    some = pixels[::step, ::step].astype(np.int16)
    apart = some.max(axis=2) - some.min(axis=2)
    return bool(np.percentile(apart, 99.9) <= GREY_LEVELS_APART)


def _opaque(image: Image.Image) -> Image.Image:
    see_through = "transparency" in image.info
    if image.mode == "P":
        image = image.convert("RGBA" if see_through else "RGB")
    elif image.mode == "PA" or (image.mode in ("1", "L", "RGB") and see_through):
        image = image.convert("RGBA")
    elif image.mode in ("La", "RGBa"):
        image = image.convert("LA" if image.mode == "La" else "RGBA")
    if image.mode not in ("LA", "RGBA"):
        return image
    plain = image.mode.removesuffix("A")
    behind = Image.new(plain, image.size, BEHIND_GLASS[0] if plain == "L" else BEHIND_GLASS)
    behind.paste(image.convert(plain), mask=image.getchannel("A"))
    return behind


def _through_profile(image: Image.Image, profile: bytes) -> Image.Image:
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    changed = ImageCms.profileToProfile(
        image,
        source,
        ImageCms.createProfile("sRGB"),
        renderingIntent=ImageCms.Intent.PERCEPTUAL,
        outputMode="RGB",
    )
    if changed is None:
        message = "nothing came out of the colour transform"
        raise ValueError(message)
    return changed
