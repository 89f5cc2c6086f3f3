"""Things of our own that lie near the camera, among living photos: a sleeve, a hand, a blanket.

They are drawn as living photos are: their own colours first, over nothing and as soft as a photo, then put into the
light of the set by the same loops. So they have the same fill, rim, haze and black level as who they touch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
from jaxtyping import Float32, Float64, UInt32

from vivant.render.bust.lighting import Style
from vivant.render.bust.staging import BustLayer, place_bust
from vivant.render.bust.tone import Tone
from vivant.render.raster.canvas import Canvas
from vivant.scene.direction.stages import FACE_M
from vivant.scene.mesh import Mesh
from vivant.scene.props import Prop
from vivant.scene.shot import Bust, Shot
from vivant.scene.view import View

SHUTTER = 0.25
ROOM_PX = 16
"""Free space round a thing, for what is soft."""
LOOKS = 7
"""Moments at which it is asked where in the picture a thing is."""
SOFT = 0.0011
"""How soft a photo that is shown this large is: a Gaussian's sigma, in heights of the picture."""
OUT_OF_FOCUS = 0.35
"""Share of the lens's blur that things near the person in focus get: more would part them from who they touch."""
SHADOW, SHADOW_SOFT, SHADOW_FALL = 0.50, 0.16, 0.07
"""How dark a thing makes what it lies on; how soft and how far down that is, in heights of a face."""
QUIET = Style(rim=0.45, wrap=0.18)
"""Our things have less of the sun's edge than people: an even line round them would cut them out."""
AXES = np.eye(3)
ABOVE = np.array([0.0, 0.86, 0.51])
"""Light that photos of people have, and our things would lack: from above and before, in the camera's directions."""
TOP, BOTTOM, ASIDE = 1.08, 0.40, 0.16
"""How light a surface is that faces it, and one that faces away; and what turning to the sun's side adds."""
IN_SHADE = 0.86
"""Our things are kept a little darker than the people: hands in shade."""
BACK_AND_FORTH = 0.65
"""Light that goes back and forth in a fold takes this share of the surface's colour: dark folds of skin are red."""


class NearThing:
    """One thing, drawn over what is behind it. One thread at a time."""

    def __init__(self, shot: Shot, prop: Prop, *, tone: Tone | None = None, threads: int) -> None:
        """Find how much of the picture it needs.

        Args:
            shot: That it is in.
            prop: It.
            tone: Of the photo from which its colours were taken; they stay as they are when left out.
            threads: That share the drawing; what is drawn does not depend on them.
        """
        self._shot, self._prop, self._threads = shot, prop, threads
        self._tone = Tone() if tone is None else tone
        boxes = [self._box(frame) for frame in np.linspace(0, shot.frames - 1, LOOKS)]
        found = [box for box in boxes if box is not None]
        self._size = (0, 0)
        self._canvas: Canvas | None = None
        if found:
            wide = max(right - left for left, _, right, _ in found)
            tall = max(bottom - top for _, top, _, bottom in found)
            self._open(wide + 2 * ROOM_PX, tall + 2 * ROOM_PX)

    def close(self) -> None:
        """Let threads go."""
        if self._canvas is not None:
            self._canvas.close()

    def over(
        self,
        hdr: Float32[np.ndarray, "height width 3"],
        index: int,
        *,
        view: View,
        below: Float32[np.ndarray, "height width"] | None = None,
    ) -> Float32[np.ndarray, "height width 3"]:
        """Lay the thing over ``hdr``, which is written over.

        Args:
            hdr: What is behind; linear light.
            index: Frame of the shot.
            view: The camera.
            below: Whom it may throw its shadow on, 0..1; everything behind it when left out.
        """
        box = self._box(index)
        if box is None:
            return hdr
        left, top, right, bottom = box
        if right - left > self._size[0] or bottom - top > self._size[1]:
            self.close()
            self._open(right - left + ROOM_PX, bottom - top + ROOM_PX)
        canvas = self._canvas
        assert canvas is not None  # noqa: S101 - opened above
        # the canvas lies inside the picture; the thing lies about its middle
        wide, tall = self._size
        left = _kept((left + right - wide) // 2, self._shot.width_px - wide)
        top = _kept((top + bottom - tall) // 2, self._shot.height_px - tall)
        meshes = self._prop.meshes(index - SHUTTER)
        ends = [mesh.points_m for mesh in self._prop.meshes(index + SHUTTER)]
        depth = self._draw(canvas, view, (left, top), meshes, ends)
        if depth is None:
            return hdr
        face_px = FACE_M * view.px_per_m / depth
        colour, alpha = self._softened(canvas, depth)
        normals = self._facing(canvas, view, (left, top), meshes, ends)
        self._shade_below(hdr, alpha, (left, top), face_px, below)
        layer = BustLayer(
            texels=_packed(colour, alpha),
            round=_directions(normals),
            left=left,
            top=top,
            face_px=face_px,
            body=AXES,
            head=AXES,
            tone=self._tone,
        )
        return place_bust(
            hdr, layer, light=self._shot.light, view=view, style=QUIET, threads=self._threads
        )

    def _open(self, wide: int, tall: int) -> None:
        """Open a canvas of an even size, no larger than the picture."""
        shot = self._shot
        self._size = (min(_even(wide), shot.width_px), min(_even(tall), shot.height_px))
        self._canvas = Canvas(*self._size, threads=self._threads)

    def _box(self, frame: float) -> tuple[int, int, int, int] | None:
        """Bound the thing in the picture: left, top, right, bottom; nothing where it is outside."""
        shot = self._shot
        view = shot.camera.view(frame, width_px=shot.width_px, height_px=shot.height_px)
        seen = np.vstack(
            [view.project(mesh.points_m[::7]) for mesh in self._prop.meshes(frame)]
            or [np.zeros((0, 3))]
        )
        seen = seen[seen[:, 2] > 0.05]
        if not len(seen):
            return None
        low, high = seen[:, :2].min(axis=0) - ROOM_PX, seen[:, :2].max(axis=0) + ROOM_PX
        left, top = max(0, int(low[0])) // 2 * 2, max(0, int(low[1])) // 2 * 2
        right, bottom = (
            min(shot.width_px, _even(int(high[0]))),
            min(shot.height_px, _even(int(high[1]))),
        )
        return (left, top, right, bottom) if right - left > 8 and bottom - top > 8 else None

    def _draw(
        self,
        canvas: Canvas,
        view: View,
        corner: tuple[int, int],
        meshes: Sequence[Mesh],
        ends: Sequence[np.ndarray],
    ) -> float | None:
        """Draw the thing's own colours; give how far away it is."""
        colours = [_own(mesh, view, np.asarray(self._shot.light.sun)) for mesh in meshes]
        self._into(canvas, view, corner, meshes, ends, colours)
        there = canvas.alpha > 0.5
        return float(np.median(canvas.depth[there])) if there.any() else None

    def _facing(
        self,
        canvas: Canvas,
        view: View,
        corner: tuple[int, int],
        meshes: Sequence[Mesh],
        ends: Sequence[np.ndarray],
    ) -> Float32[np.ndarray, "rows columns 3"]:
        """Draw which way it faces: right, up, toward the camera; colours must not be negative, so 1 is added."""
        to_view = np.stack([view.right, view.up, -view.forward]).astype(np.float32)
        colours = [mesh.normals @ to_view.T + np.float32(1) for mesh in meshes]
        self._into(canvas, view, corner, meshes, ends, colours)
        return np.asarray(canvas.rgb - canvas.alpha[..., None])

    def _into(
        self,
        canvas: Canvas,
        view: View,
        corner: tuple[int, int],
        meshes: Sequence[Mesh],
        ends: Sequence[np.ndarray],
        colours: Sequence[Float32[np.ndarray, "_ 3"]],
    ) -> None:
        """Draw into a canvas that shows a part of the picture: places are sheared by as much as its middle lies aside."""
        wide, tall = canvas.width_px, canvas.height_px
        part = view.sized(wide, tall)
        # as many pixels of a metre as in the whole picture
        scale = tall / view.height_px
        part = _with_tangent(part, view.tan_up * scale)
        aside = (view.width_px - 1) / 2 - corner[0] - (wide - 1) / 2
        down = (view.height_px - 1) / 2 - corner[1] - (tall - 1) / 2
        shear = (aside * view.right - down * view.up) / view.px_per_m
        moved = [_sheared(mesh, view, shear) for mesh in meshes]
        later = [_moved(points, view, shear) for points in ends]
        canvas.draw(part, moved, colours, close_points_m=later)

    def _softened(
        self, canvas: Canvas, depth: float
    ) -> tuple[Float32[np.ndarray, "rows columns 3"], Float32[np.ndarray, "rows columns"]]:
        """Make it as soft as the photos are, and a little softer where it is out of focus."""
        shot = self._shot
        sigma = SOFT * shot.height_px
        busts = [one.depth_m for one in shot.presences if isinstance(one, Bust)]
        if shot.camera.aperture and busts:
            focus = min(busts, key=lambda one: abs(one - depth))
            apart = abs(1 / focus - 1 / max(depth, 0.2))
            blur = shot.camera.aperture * 1e-3 * shot.height_px * focus * apart
            sigma = float(np.hypot(sigma, OUT_OF_FOCUS * blur))
        stack = np.dstack([canvas.rgb, canvas.alpha])
        soft = cv2.GaussianBlur(stack, (0, 0), max(sigma, 0.3), borderType=cv2.BORDER_REPLICATE)
        return np.asarray(soft[..., :3]), np.asarray(soft[..., 3])

    @staticmethod
    def _shade_below(
        hdr: Float32[np.ndarray, "height width 3"],
        alpha: Float32[np.ndarray, "rows columns"],
        corner: tuple[int, int],
        face_px: float,
        below: Float32[np.ndarray, "height width"] | None,
    ) -> None:
        """Take light from what it lies on, beside and beneath its edge."""
        reach = int(face_px * (2.2 * SHADOW_SOFT + SHADOW_FALL)) + 2
        left, top = max(0, corner[0] - reach), max(0, corner[1] - reach)
        right = min(hdr.shape[1], corner[0] + alpha.shape[1] + reach)
        bottom = min(hdr.shape[0], corner[1] + alpha.shape[0] + reach)
        mask = np.zeros((bottom - top, right - left), np.float32)
        mask[corner[1] - top :, corner[0] - left :][: alpha.shape[0], : alpha.shape[1]] = alpha
        small = cv2.resize(mask, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
        near = _blurred(small, 0.30 * SHADOW_SOFT * face_px / 4, 0.3 * SHADOW_FALL * face_px / 4)
        wide = _blurred(small, SHADOW_SOFT * face_px / 4, SHADOW_FALL * face_px / 4)
        dark = cv2.resize(0.5 * near + 0.5 * wide, mask.shape[::-1], interpolation=cv2.INTER_LINEAR)
        if below is not None:
            dark = dark * below[top:bottom, left:right]
        hdr[top:bottom, left:right] *= (1 - SHADOW * np.minimum(1.35 * dark, 1))[..., None]


def _kept(at: int, most: int) -> int:
    return int(np.clip(at, 0, max(0, most))) // 2 * 2


def _even(number: int) -> int:
    return (number + 1) // 2 * 2


def _with_tangent(view: View, tan_up: float) -> View:
    return replace(view, tan_up=tan_up)


def _moved(
    points: Float32[np.ndarray, "points 3"], view: View, shear: Float64[np.ndarray, " 3"]
) -> Float32[np.ndarray, "points 3"]:
    """Move points aside by as much as their depth says: the picture moves as a whole."""
    depth = (points - view.position_m.astype(np.float32)) @ view.forward.astype(np.float32)
    return np.asarray(points + depth[:, None] * shear.astype(np.float32), np.float32)


def _sheared(mesh: Mesh, view: View, shear: Float64[np.ndarray, " 3"]) -> Mesh:
    return replace(mesh, points_m=_moved(mesh.points_m, view, shear))


def _own(mesh: Mesh, view: View, sun: Float64[np.ndarray, " 3"]) -> Float32[np.ndarray, "points 3"]:
    """Give the colours of a surface as a photo would show them: lit from above, dark where folds keep light away."""
    seen = mesh.open_sky[:, None]
    own = mesh.albedo * seen / (1 - BACK_AND_FORTH * mesh.albedo * (1 - seen))
    to_view = np.stack([view.right, view.up, -view.forward]).astype(np.float32)
    aside = float(np.clip(sun @ view.right * 1.5, -1, 1))
    facing = mesh.normals @ to_view.T
    level = facing @ ABOVE.astype(np.float32)
    rise = np.clip(0.5 + 0.5 * level, 0, 1)
    light = BOTTOM + (TOP - BOTTOM) * rise**1.3 + ASIDE * aside * facing[:, 0]
    return np.asarray(own * (IN_SHADE * np.clip(light, 0.2, 1.25))[:, None], np.float32)


def _blurred(picture: np.ndarray, sigma: float, down: float) -> np.ndarray:
    """Blur, and move down."""
    way = np.array([[1, 0, 0], [0, 1, down]], np.float32)
    moved = cv2.warpAffine(picture, way, picture.shape[::-1], flags=cv2.INTER_LINEAR)
    return np.asarray(cv2.GaussianBlur(moved, (0, 0), max(sigma, 0.5)))


def _packed(
    colour: Float32[np.ndarray, "rows columns 3"], alpha: Float32[np.ndarray, "rows columns"]
) -> UInt32[np.ndarray, "rows columns"]:
    """Write linear light, premultiplied, as the texels of a living photo: Y'CbCr with alpha."""
    whole = colour / np.maximum(alpha, 1e-3)[..., None]
    curve = np.clip(whole, 0.0, 1.0)
    curve = np.where(curve < 0.0031308, 12.92 * curve, 1.055 * curve ** (1 / 2.4) - 0.055)
    red, green, blue = curve[..., 0], curve[..., 1], curve[..., 2]
    light = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    share = np.rint(np.clip(alpha, 0, 1) * 255) / 255
    parts = (
        16 + 219 * light,
        128 + 224 * (blue - light) / 1.8556,
        128 + 224 * (red - light) / 1.5748,
        np.full_like(light, 255),
    )
    texels = np.zeros(alpha.shape, np.uint32)
    for place, part in enumerate(parts):
        texels |= np.rint(part * share).astype(np.uint32) << np.uint32(8 * place)
    return texels


def _directions(
    normals: Float32[np.ndarray, "rows columns 3"],
) -> UInt32[np.ndarray, "half_rows half_columns"]:
    """Write directions at half size, as ``relight.light_maps`` reads them; with no stops, following the body."""
    size = (normals.shape[1] // 2, normals.shape[0] // 2)
    half = cv2.resize(normals, size, interpolation=cv2.INTER_AREA)
    unit = half / np.maximum(np.linalg.norm(half, axis=2, keepdims=True), 1e-3)
    bytes_ = np.rint(128 + 127 * np.clip(unit[..., :2], -1, 1)).astype(np.uint32)
    return np.asarray(bytes_[..., 0] | bytes_[..., 1] << np.uint32(8) | np.uint32(128 << 16))
