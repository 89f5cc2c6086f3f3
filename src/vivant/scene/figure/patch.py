"""The photo's own face, to be laid on the small head: no other pixels ever are."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Float, Float32, Float64, Int

from vivant.media import face as names
from vivant.rig.rig import Rig
from vivant.scene.figure.head import EYES
from vivant.scene.figure.part import smoothstep

HEAD_PX = 150.0
"""Height of the head in the patch: more would only glitter on a head of 90 pixels."""
KEPT_COLOUR = 0.62
"""Share of the photo's saturation that is kept: small and far, skin is paler."""
LIFTED = 1.18
FLAT = 0.55
"""How far the photo's own broad light is taken out, 0..1: the set lights the head anew."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FacePatch:
    """Pixels of a photo, in linear light, and how they lie on a head.

    The vectors tell how many pixels of the patch, right and down, one head height moves: to the figure's left, up,
    and toward the viewer.
    """

    rgba: Float32[np.ndarray, "height width 4"]
    """Linear colour and how much it covers, not premultiplied."""
    eyes_px: tuple[float, float]
    """The middle between the eyes."""
    left_px: tuple[float, float]
    up_px: tuple[float, float]
    near_px: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HeadFrame:
    """Where a head lies in a photo, in rig pixels."""

    eyes: Float64[np.ndarray, " 2"]
    right: Float64[np.ndarray, " 2"]
    """One head height to the picture's right."""
    down: Float64[np.ndarray, " 2"]
    near: Float64[np.ndarray, " 2"]
    """Where a point goes that is one head height nearer than the eyes."""
    half_wide: float
    """From the middle of the face to its edge before the ear, in head heights."""

    @property
    def tall_px(self) -> float:
        """Height of the head."""
        return float(np.hypot(*self.down))

    def at(
        self, right: float | np.ndarray, down: float | np.ndarray
    ) -> Float64[np.ndarray, "... 2"]:
        """Give pixels of places in head heights from the eyes."""
        return np.asarray(
            self.eyes + np.multiply.outer(right, self.right) + np.multiply.outer(down, self.down)
        )


def head_frame(rig: Rig) -> HeadFrame:
    """Measure a photo by its head."""
    points = rig.landmarks.astype(np.float64)
    eyes = points[[*names.RIGHT_EYE_UPPER, *names.LEFT_EYE_UPPER], :2].mean(axis=0)
    right, down = rig.axes[0, :2].astype(np.float64), rig.axes[1, :2].astype(np.float64)
    tall = float((points[names.CHIN, :2] - eyes) @ down) / EYES
    across = points[454] - points[234]
    aside = float(np.clip(across[2] / np.linalg.norm(across), -0.4, 0.4))
    return HeadFrame(
        eyes=eyes,
        right=right * tall,
        down=down * tall,
        near=aside * right * tall,
        half_wide=0.5 * float(np.linalg.norm(across)) / tall,
    )


def face_patch(rig: Rig) -> FacePatch:
    """Cut a person's face out of the photo, for the small head.

    Its colours are the photo's, in linear light, a little paler, and with the broad light of the photo partly taken
    out; it covers nothing outside the person's own matte.
    """
    frame = head_frame(rig)
    half_wide, above, below = 0.50, 0.62, 0.62
    size = (round(2 * half_wide * HEAD_PX), round((above + below) * HEAD_PX))
    scale = HEAD_PX / frame.tall_px
    # rig pixels to patch pixels, with the head upright
    turn = np.stack([frame.right, frame.down]) / frame.tall_px * scale
    eyes = np.array([half_wide * HEAD_PX, above * HEAD_PX])
    matrix = np.column_stack([turn, eyes - turn @ frame.eyes])
    blur = max(0.45 / scale - 0.45, 0.0)
    first, last = _around(matrix, size, room=4 * blur + 4, of=rig.alpha.shape)
    matrix = np.column_stack([turn, matrix[:, 2] + turn @ first])
    part = slice(first[1], last[1]), slice(first[0], last[0])
    linear = (rig.person[part].astype(np.float32) / 255) ** 2.2
    alpha = rig.alpha[part].astype(np.float32) / 255
    if blur > 0.2:
        linear = np.asarray(cv2.GaussianBlur(linear, (0, 0), blur), np.float32)
        alpha = np.asarray(cv2.GaussianBlur(alpha, (0, 0), blur), np.float32)
    rgb = cv2.warpAffine(
        linear, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    matte = cv2.warpAffine(alpha, matrix, size, flags=cv2.INTER_LINEAR)
    region = _region(rig.landmarks[:, :2] - first, matrix, size)
    cover = matte * region
    near = turn @ frame.near
    return FacePatch(
        rgba=np.dstack([_evened(rgb, cover), cover]).astype(np.float32),
        eyes_px=(float(eyes[0]), float(eyes[1])),
        left_px=(HEAD_PX, 0.0),
        up_px=(0.0, -HEAD_PX),
        near_px=(float(near[0]), float(near[1])),
    )


def _around(
    matrix: Float64[np.ndarray, "2 3"], size: tuple[int, int], *, room: float, of: tuple[int, ...]
) -> tuple[Int[np.ndarray, " 2"], Int[np.ndarray, " 2"]]:
    """Find the part of a photo that the patch shows: first and one past the last pixel, x and y."""
    corners = np.array([[x, y] for x in (0, size[0]) for y in (0, size[1])], np.float64)
    seen = (corners - matrix[:, 2]) @ np.linalg.inv(matrix[:, :2]).T
    most = np.array([of[1], of[0]])
    first = np.clip(np.floor(seen.min(axis=0) - room).astype(int), 0, most - 1)
    last = np.clip(np.ceil(seen.max(axis=0) + room).astype(int), first + 1, most)
    return first, last


def _region(
    landmarks: Float[np.ndarray, "478 2"],
    matrix: Float64[np.ndarray, "2 3"],
    size: tuple[int, int],
) -> Float32[np.ndarray, "height width"]:
    """Tell where the face is, soft toward its edge; it reaches to just over the brow."""
    oval = landmarks[list(names.FACE_OVAL)].astype(np.float64)
    middle = oval.mean(axis=0)
    oval = middle + (oval - middle) * [1.03, 1.0]
    places = (oval @ matrix[:, :2].T + matrix[:, 2]).round().astype(np.int32)
    drawn = np.zeros((size[1], size[0]), np.float32)
    cv2.fillConvexPoly(drawn, cv2.convexHull(places), 1.0)
    soft = cv2.GaussianBlur(drawn, (0, 0), 0.035 * HEAD_PX)
    return np.asarray(smoothstep(0.15, 0.75, soft), np.float32)


def _evened(
    rgb: Float32[np.ndarray, "height width 3"], cover: Float32[np.ndarray, "height width"]
) -> Float32[np.ndarray, "height width 3"]:
    luma = rgb @ np.array([0.2126, 0.7152, 0.0722], np.float32)
    weight = cover + 1e-4
    reach = 0.16 * HEAD_PX
    broad = cv2.GaussianBlur(luma * weight, (0, 0), reach) / cv2.GaussianBlur(weight, (0, 0), reach)
    usual = float((luma * weight).sum() / weight.sum())
    gain = (usual / np.maximum(broad, 0.25 * usual)) ** FLAT
    even = rgb * gain[..., None]
    grey = (luma * gain)[..., None]
    return np.asarray(np.clip((grey + (even - grey) * KEPT_COLOUR) * LIFTED, 0, 0.92), np.float32)
