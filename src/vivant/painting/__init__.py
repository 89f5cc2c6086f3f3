"""Paints people who never lived, and a cat: test pictures with the truth about them.

``paint(spec)`` gives a ``Painted``: the pixels, and where eyes, lips, nose and chin are.
``CAST`` holds a dozen specs and a family; ``portrait(name)`` paints one of them once.
"""

from vivant.painting.cast import CAST, portrait
from vivant.painting.cat import paint_cat
from vivant.painting.painter import group, paint, profile
from vivant.painting.spec import FaceSpec, Painted, Truth

EDITION = 4
"""Counts up when somebody of the cast is painted in another way, so that kept paintings are painted again."""

__all__ = [
    "CAST",
    "EDITION",
    "FaceSpec",
    "Painted",
    "Truth",
    "group",
    "paint",
    "paint_cat",
    "portrait",
    "profile",
]
