"""Lids that close over an animal's eyes: the photo about an eye, painted anew for each step of a blink.

The lid slides down from under the fur above; its edge keeps its dark line, and its shade falls on the eye. The
picture is laid over the animal by the same mesh, so that lids move as fur does.
"""

from __future__ import annotations

import cv2
import numpy as np
from jaxtyping import Float32, UInt8, UInt32

from vivant.render import texture
from vivant.rig.pet import PetEye, PetRig

OPEN = 0.02
"""Less closed than this is open."""
FOLD = 0.26
"""Over how much a lid comes out of the fur, in eye heights, when it is all the way down."""
SHADE, SHADE_DEEP = 0.14, 0.45
"""How far a lid's shadow reaches over the eye, in eye heights, and how deep it is."""
ARCH = 0.13
"""How far the middle of an upper lid lags behind, in eye heights, half-way down: it stays an arch."""
LEADS = 1.7
"""The lower lid is up so much sooner: eyes that close look content, not cross."""
ROOM = 0.75
"""How much of the photo about an eye is painted with it, in eye heights."""
END = 0.5
"""How far beyond the eye that picture ends, in eye heights."""
SOLID = 252
"""The animal's matte, from which on the eye's picture may lie over it."""
Plane = Float32[np.ndarray, "rows wide"]
Row = Float32[np.ndarray, "1 wide"]
"""A curve: how far down it is in each column."""


class LidsAtSize:
    """An eye's two lids, at the size of a film."""

    def __init__(
        self,
        rig: PetRig,
        eye: PetEye,
        *,
        colours: UInt8[np.ndarray, "height width 3"],
        scale: float,
    ) -> None:
        """Make the pictures of the open and of the shut eye.

        Args:
            rig: The animal.
            eye: One of its eyes.
            colours: The animal's picture as it is drawn.
            scale: Film pixels for one rig pixel.
        """
        tall = float((eye.lower - eye.upper)[:, 1].max())
        room = ROOM * tall + 6
        every = np.vstack([eye.upper, eye.lower])
        height, width = colours.shape[:2]
        x0, y0 = (max(0, int(v - room)) for v in every.min(0))
        x1, y1 = (
            min(width, int(every[:, 0].max() + room)),
            min(height, int(every[:, 1].max() + room)),
        )
        shut = colours.copy()
        left, top = eye.box
        rows, wide = eye.shut.shape[:2]
        painted = (eye.shut != rig.person[top : top + rows, left : left + wide]).any(axis=2)
        shut[top : top + rows, left : left + wide][painted] = eye.shut[painted]
        size = (max(8, round((x1 - x0) * scale)), max(8, round((y1 - y0) * scale)))
        way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        self._open, self._shut = (
            cv2.resize(one[y0:y1, x0:x1], size, interpolation=way).astype(np.float32)
            for one in (colours, shut)
        )
        part = np.array([size[0] / (x1 - x0), size[1] / (y1 - y0)])
        self._part, self._corner = part, np.array([x0, y0])
        self._tall = tall * float(part[1])
        self._y, x = np.mgrid[: size[1], : size[0]].astype(np.float32)
        self._x = x

        def row(curve: Float32[np.ndarray, "columns 2"]) -> Row:
            at = (curve - self._corner + 0.5) * part - 0.5
            return np.asarray(np.interp(x[0], at[:, 0], at[:, 1])[None], np.float32)

        self._upper, self._closed, self._lower = (
            row(curve) for curve in (eye.upper, eye.closed, eye.lower)
        )
        ends = (eye.upper[[0, -1], 0] - x0 + 0.5) * part[0] - 0.5
        along = np.clip((x[0] - ends[0]) / max(float(ends[1] - ends[0]), 1.0), 0, 1)
        self._arch = np.sin(np.pi * along).astype(np.float32)[None]
        matte = cv2.resize(rig.alpha[y0:y1, x0:x1], size, interpolation=cv2.INTER_AREA)
        self._alpha = np.round(self._cover() * (matte > SOLID)).astype(np.uint8)

    def _cover(self) -> Plane:
        """Tell where the eye's picture lies over the animal's own, 0..255: about the eye, softly ending."""
        inside = (self._y > self._upper) & (self._y < self._lower)
        away = cv2.distanceTransform((~inside).astype(np.uint8), cv2.DIST_L2, 5)
        near = np.clip((END * self._tall - away) / max(0.2 * self._tall, 2.0), 0, 1)
        return np.asarray(255 * near, np.float32)

    def texels(self, points: Float32[np.ndarray, "points 2"]) -> Float32[np.ndarray, "points 2"]:
        """Tell where places of the rig lie in the picture."""
        return np.asarray((points - self._corner + 0.5) * self._part - 0.5, np.float32)

    def about(self, points: Float32[np.ndarray, "points 2"]) -> np.ndarray:
        """Tell which of these places lie in the picture, or close to it."""
        at, (rows, wide) = self.texels(points), self._alpha.shape
        near = 0.12 * max(rows, wide)
        return np.asarray(((at > -near) & (at < np.array([wide, rows]) + near)).all(axis=1))

    def drawn(self, amount: float) -> UInt32[np.ndarray, "padded_rows padded_wide"] | None:
        """Paint the eye, closed so far, 0..1; nothing where it is open."""
        if amount < OPEN:
            return None
        return texture.sharp_texture(self.painted(amount), self._alpha)

    def painted(self, amount: float) -> UInt8[np.ndarray, "rows wide 3"]:
        """Give the picture of the eye, closed so far."""
        y, tall = self._y, self._tall
        upper = self._upper + amount * (self._closed - self._upper)
        upper = upper - ARCH * tall * np.float32(np.sin(np.pi * amount)) * self._arch
        lower = self._lower + min(1.0, LEADS * amount) * (self._closed - self._lower)
        shade = np.float32(SHADE_DEEP) * np.exp(-np.maximum(y - upper, 0) / (SHADE * tall))
        shade *= (
            (y < self._lower) * np.minimum(self._arch * 2, 1) * np.float32(min(1.0, 4 * amount))
        )
        out = self._open * (1 - shade * (y > upper))[..., None]
        for edge, fur, sign in ((lower, self._lower, -1.0), (upper, self._upper, 1.0)):
            out = self._laid(out, edge, fur, sign)
        return np.asarray(np.clip(np.rint(out), 0, 255), np.uint8)

    def _laid(
        self, out: Float32[np.ndarray, "rows wide 3"], edge: Row, fur: Row, sign: float
    ) -> Float32[np.ndarray, "rows wide 3"]:
        """Lay one lid over the eye: it ends at ``edge``, and comes out of the fur at ``fur``."""
        y = self._y
        slid = cv2.remap(
            self._shut,
            self._x,
            np.asarray(y + (self._closed - edge), np.float32),
            cv2.INTER_CUBIC,
            borderMode=cv2.BORDER_REPLICATE,
        )
        seen = np.maximum(sign * (edge - fur), 0)
        fold = np.maximum(np.minimum(FOLD * self._tall, 0.9 * seen), 1.0)
        comes = np.clip(sign * (y - fur) / fold + 0.55, 0, 1)
        comes = comes * comes * (3 - 2 * comes)
        ends = np.clip(sign * (edge - y) + 0.5, 0, 1)
        share = (comes * ends * np.clip(seen, 0, 1))[..., None]
        return np.asarray(out * (1 - share) + slid * share, np.float32)
