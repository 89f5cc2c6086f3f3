"""Rows of teeth, drawn in the photo's light.

Source:
    Proportions: Wheeler's Dental Anatomy (a central incisor is 8.5 mm wide and 10.5 mm tall; a mouth at
    rest is about 50 mm wide).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Float32, Float64

from vivant.rig.mesh import smoothstep

FINE = 3
"""Teeth are drawn this many times larger and reduced."""
CANINE = 2
"""Counted from the middle."""
CORNERS = (0.016, 0.0208, 0.0272, 0.0192, 0.016)
"""How far a tooth's edge rises at its corners, in mouth widths."""
TIPS = (0.0, 0.010, -0.014, 0.0, 0.0)
"""How much shorter a tooth is; the canine's point reaches lower."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Teeth:
    """One side of a row, from the middle out; the other side mirrors it."""

    widths: tuple[float, ...]
    """As seen from the front, in mouth widths; the arch turns away."""
    heights: tuple[float, ...]
    way: int
    """-1 for teeth that grow upward from their edge, 1 for downward."""


UPPER_TEETH = Teeth(
    widths=(0.172, 0.132, 0.146, 0.118, 0.100), heights=(0.215, 0.190, 0.210, 0.165, 0.145), way=-1
)
LOWER_TEETH = Teeth(
    widths=(0.104, 0.112, 0.126, 0.112, 0.095), heights=(0.175, 0.180, 0.190, 0.160, 0.140), way=1
)

Colour = Float64[np.ndarray, " 3"]


def draw_teeth(
    teeth: Teeth,
    shape: tuple[int, int],
    at: tuple[float, float],
    unit_px: float,
    colours: tuple[Colour, Colour],
) -> Float32[np.ndarray, "height width 4"]:
    """Draw one row of teeth with its gum.

    Args:
        teeth: Which row.
        shape: Height and width of the picture.
        at: Where the middle of the biting edge lies: x, y.
        unit_px: Pixels for a mouth width.
        colours: Of enamel and gum, 0..255.

    Returns:
        RGB 0..255 and alpha 0..1, not premultiplied.
    """
    height, width = shape[0] * FINE, shape[1] * FINE
    unit, centre, edge = unit_px * FINE, at[0] * FINE, at[1] * FINE
    (enamel, gum), way = colours, teeth.way
    colour = np.empty((height, width, 3), np.float64)
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float64)
    far = np.abs(xs - centre) / unit
    arch = 1 - 0.60 * smoothstep(far, 0.12, 0.48)  # the row turns into the dark of the cheeks
    curve = (
        way * 0.06 * unit * (far / 0.45) ** 2 * 0.5
    )  # its line rises to the sides, as a smile does
    depth = way * (ys - edge - curve)  # 0 at the biting edge, growing to the gum
    body = np.clip(depth / (0.16 * unit), 0, 1.4)
    colour[:] = enamel
    colour *= (
        0.98 + 0.05 * np.exp(-(((body - 0.45) / 0.3) ** 2)) - 0.10 * smoothstep(body, 0.75, 1.3)
    )[..., None]
    translucent = np.exp(-body / 0.10) * 0.07
    colour *= (1 - translucent)[..., None] * np.array([1.0, 1.0, 1.02])
    alpha = np.zeros((height, width))
    gums = np.zeros((height, width))
    seams = np.zeros((height, width))
    for sign in (-1, 1):
        start = 0.0
        for k, (w, h) in enumerate(zip(teeth.widths, teeth.heights, strict=True)):
            mid = centre + sign * (start + w / 2) * unit
            start += w
            reach = (w / 2 + 0.05) * unit  # beyond its neighbours' edges a tooth leaves no trace
            here = slice(max(0, int(mid - reach)), max(0, int(mid + reach) + 2))
            u = (xs[:, here] - mid) / (w * unit / 2)  # -1..1 across the tooth
            deep = depth[:, here]
            inside = np.clip((1.0 - np.abs(u)) * w * unit / 2 + 1.0, 0, 1)
            corner = CORNERS[k] * unit * smoothstep(np.abs(u), 0.60, 1.0)
            top = h * unit * (1 - 0.16 * np.abs(u) ** 2.5)
            tip = TIPS[k] * unit * (np.exp(-((u / 0.5) ** 2)) if k == CANINE else 1.0)
            piece = inside * np.clip(deep - corner - tip, 0, 1) * np.clip(top - deep + 0.5, 0, 1)
            alpha[:, here] = np.maximum(alpha[:, here], piece)
            rounded = np.where(inside > 0, 1 - 0.16 * np.abs(u) ** 2.5, 1.0)
            colour[:, here] *= rounded[..., None]
            seam = np.exp(-(((np.abs(u) - 1) * w / 2 / 0.008) ** 2)) * 0.40
            seams[:, here] = np.maximum(seams[:, here], seam * (deep > corner * 0.5))
            bed = inside * np.clip(deep - top + 0.02 * unit, 0, 1) * (deep < 0.40 * unit)
            gums[:, here] = np.maximum(gums[:, here], bed)
    colour *= (1 - seams * 0.60)[..., None]
    mix = gums[..., None]
    colour = (
        colour * (1 - mix)
        + gum * (0.9 - 0.3 * np.clip((depth - 0.2 * unit) / (0.2 * unit), 0, 1))[..., None] * mix
    )
    colour *= arch[..., None]
    alpha = np.maximum(alpha, gums) * (1 - smoothstep(far, 0.52, 0.62))
    rgba = np.dstack([np.clip(colour, 0, 255), alpha]).astype(np.float32)
    rgba[..., :3] = cv2.GaussianBlur(rgba[..., :3], (0, 0), FINE * 0.45)
    small = cv2.resize(rgba, (shape[1], shape[0]), interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.float32)
