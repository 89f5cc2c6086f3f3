"""Where the camera stands: chosen from the face, so that no chin and no crown is cut."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vivant.media import face as names
from vivant.rig.rig import Rig

FACE_SHARE = 0.40
"""Height of the face in the height of the film, where the photo allows."""
LARGEST_SHARE = 0.62
EYE_LINE = 0.42
"""Height of the eyes in the film, from the top."""
HEADROOM = 0.05
"""Free space above hair or hat, in heights of the film."""
EDGE = 0.03
"""Distance kept from an edge of the photo through which the person goes, in face heights: the body moves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Framing:
    """A film pixel is ``rig * scale - (left, top)``, with pixel centres at whole numbers in both."""

    scale: float
    left: int
    """Whole film pixels, from the left edge of the photo scaled."""
    top: int
    width_px: int
    height_px: int

    def to_film(self, points: np.ndarray) -> np.ndarray:
        """Bring points from rig pixels to film pixels (x, y in the first two columns)."""
        half = (self.scale - 1) / 2
        moved = points * np.float32(self.scale)
        moved[..., 0] += half - self.left
        moved[..., 1] += half - self.top
        return moved


def frame_person(rig: Rig, *, width_px: int, height_px: int) -> Framing:
    """Choose the framing for a size."""
    tall = rig.face_height_px
    height, width = rig.alpha.shape
    points = rig.landmarks
    oval = points[list(names.FACE_OVAL), :2]
    centre_x = float((oval[:, 0].min() + oval[:, 0].max()) / 2)
    eyes_y = float(points[[468, 473], 1].mean())
    chin_y = float(points[names.CHIN, 1])
    crown = _crown(rig, centre_x, tall)
    aspect = width_px / height_px
    bottom = height - (EDGE * tall if rig.cut[3] else 0)
    # The tallest and the shortest view that show the head whole with some shoulder.
    wish = tall / FACE_SHARE
    least = max(
        (chin_y - crown + 0.55 * tall) / (1 - HEADROOM), 1.55 * tall / aspect, tall / LARGEST_SHARE
    )
    view = max(wish, least)
    room_above = eyes_y - crown
    top = min(eyes_y - EYE_LINE * view, crown - HEADROOM * view)
    if top + view > bottom:  # the photo ends below: come closer before cutting the crown
        view = max(
            least, min(view, (bottom - crown) / (1 - HEADROOM), (bottom - eyes_y) / (1 - EYE_LINE))
        )
        top = min(bottom - view, crown - HEADROOM * view)
        view = max(view if top + view <= bottom else bottom - top, tall * 1.2)
    if rig.cut[1] and room_above > 0 and crown <= EDGE * tall:
        top = max(top, EDGE * tall)  # the photo itself cuts the crown: do not show its edge
        view = min(view, bottom - top)
    scale = height_px / view
    left = centre_x * scale - width_px / 2
    if width * scale >= width_px:
        left = float(np.clip(left, 0, width * scale - width_px))
    return Framing(
        scale=float(scale),
        left=round(left),
        top=round(top * scale),
        width_px=width_px,
        height_px=height_px,
    )


def _crown(rig: Rig, centre_x: float, tall: float) -> float:
    """Top of hair or hat, in rig pixels."""
    columns = slice(max(0, int(centre_x - 0.45 * tall)), int(centre_x + 0.45 * tall) + 1)
    rows = np.nonzero((rig.alpha[:, columns] > 100).mean(1) > 0.10)[0]
    forehead = float(rig.landmarks[names.FOREHEAD, 1])
    top = float(rows.min()) if len(rows) else forehead - 0.3 * tall
    return float(np.clip(top, forehead - 1.1 * tall, forehead - 0.05 * tall))
