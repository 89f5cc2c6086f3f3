"""The embedded engine: warps the person's own photo over a still background, on a plain CPU.

Each frame: curves move two sheets (body, then face), the kernel paints them over the background, then
mouth and eyes are drawn from the lids' and lips' curves, and the canvas becomes planes. The painting
goes band by band, so that threads share it; what a frame looks like does not depend on how many.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import NamedTuple

import cv2
import numpy as np
from jaxtyping import Float32, Float64, Int32, UInt8, UInt32

from vivant.media.face import SHAPE
from vivant.media.picture import Frame
from vivant.render import features, kernel, texture
from vivant.render.backdrop import Layers, lay_layers
from vivant.render.engine import RenderTraits
from vivant.render.eyes import EyeAtSize
from vivant.render.features import EyeView, MouthView
from vivant.render.framing import Framing, frame_person
from vivant.render.lips import lips_of, part_lips
from vivant.render.mouth import MouthAtSize
from vivant.render.pose import PITCH_LIMIT_DEG, YAW_LIMIT_DEG, Pose, pose_of
from vivant.render.shading import FaceShade
from vivant.render.sheets import PaintedSheet
from vivant.rig.mesh import FACE_POINTS
from vivant.rig.rig import Rig
from vivant.rig.untangling import lip_partners

VERSION = "2"
MOST = 1.3
"""Shapes beyond this are taken for this."""
FEATHER = 0.022
"""The face sheet's edge is soft over this share of the face height."""
ROUND_UNSMILES = 0.55
"""Rounded lips take this much more of the photo's own smile off."""
BANDS_PER_THREAD = 3
"""Bands are not equally much work; more of them share it more evenly."""

_CLOSE, _JAW = SHAPE["mouthClose"], SHAPE["jawOpen"]
_ROUND = SHAPE["mouthPucker"], SHAPE["mouthFunnel"]


class Moved(NamedTuple):
    """Where everything lies in one frame, in film pixels."""

    pose: Pose
    face: Float32[np.ndarray, "points 2"]
    body: Float32[np.ndarray, "points 2"]
    mouth: MouthView | None
    eyes: tuple[EyeView | None, ...]


class PuppetEngine:
    """Draws photo rigs."""

    traits = RenderTraits(
        name="puppet",
        version=VERSION,
        licence="Apache-2.0",
        needs_gpu=False,
        yaw_limit_deg=YAW_LIMIT_DEG,
        pitch_limit_deg=PITCH_LIMIT_DEG,
    )

    def open(self, rig: Rig, *, width_px: int, height_px: int, threads: int = 2) -> PuppetStage:
        """Bring the rig's pictures to the film's size."""
        framing = frame_person(rig, width_px=width_px, height_px=height_px)
        return PuppetStage(rig, framing, threads=threads)


class PuppetStage:
    """A rig at one size."""

    def __init__(
        self, rig: Rig, framing: Framing, *, threads: int, layers: Layers | None = None
    ) -> None:
        """Make the textures.

        Args:
            rig: The person.
            framing: Where the film's frame lies.
            threads: Bands drawn at once.
            layers: The rig's pictures at the film's scale; made for the framing when left out.
        """
        self.rig, self.framing = rig, framing
        self._threads = max(1, threads)
        self._pool = ThreadPoolExecutor(self._threads - 1) if self._threads > 1 else None
        layers = lay_layers(rig, framing) if layers is None else layers
        margin = layers.margin
        with ThreadPoolExecutor(1) as beside:  # both textures at once
            body = beside.submit(
                PaintedSheet,
                rig.body,
                rgb=layers.throat,
                alpha=layers.alpha,
                uv=framing.to_film(rig.body.uv.copy()) + np.float32(margin),
                rest=framing.to_film(rig.body.rest[:, :2].copy()),
                partner=np.full(len(rig.body.rest), -1, np.int32),
            )
            self._open_face(rig, layers)
            self._body = body.result()
        self._lips = lips_of(rig.face.rest, rig.axes)
        self._mouth = MouthAtSize(rig, framing)
        self._eyes = [EyeAtSize(rig, eye, framing) for eye in rig.eyes]
        self._still_rows = max(0, self._body.top_row - 2 * margin) // 2 * 2
        self._bands = self._cut_bands()

    def _open_face(self, rig: Rig, layers: Layers) -> None:
        """Make the background, and the face with its shading."""
        framing, margin = self.framing, layers.margin
        size = (framing.height_px, framing.width_px)
        if layers.back is None:
            self._back = np.zeros(size, np.uint32)
        else:
            self._back = texture.texture_from_rgba(layers.back, np.full(size, 255, np.uint8))
        self._canvas = self._back.copy()
        face_uv = framing.to_film(rig.face.uv.copy()) + np.float32(margin)
        self._face = PaintedSheet(
            rig.face,
            rgb=layers.person,
            alpha=_feathered(layers.alpha, face_uv[FACE_POINTS:], self._film_px(FEATHER)),
            uv=face_uv,
            rest=framing.to_film(rig.face.rest[:, :2].copy()),
            partner=lip_partners(len(rig.face.rest)),
        )
        left, top = self._face.corner
        self._shade = FaceShade(
            rig.shading,
            framing,
            corner_px=(left - margin, top - margin),
            texture=self._face.texture,
        )

    @property
    def folded(self) -> int:
        """Mesh cells that were turned over in all frames so far; 0 is right."""
        return self._body.folded + self._face.folded

    def close(self) -> None:
        """Let the threads go."""
        if self._pool is not None:
            self._pool.shutdown()
            self._pool = None

    def draw(
        self,
        index: int,
        *,
        shapes: Float32[np.ndarray, " 52"],
        head: Float32[np.ndarray, " 6"],
        breath: float,
    ) -> Frame:
        """Draw one frame."""
        moved = self.move(shapes=shapes, head=head, breath=breath)
        planes = self._planes()

        def band(rows: tuple[int, int]) -> None:
            if rows[0] >= self._still_rows:
                self._canvas[rows[0] : rows[1]] = self._back[rows[0] : rows[1]]
                self.paint(self._canvas, moved, rows)
            kernel.to_planes(self._canvas, *planes, *rows)

        self._share_out(band)
        return Frame(index=index, y=planes[0], u=planes[1], v=planes[2])

    def move(
        self,
        *,
        shapes: Float32[np.ndarray, " 52"],
        head: Float32[np.ndarray, " 6"],
        breath: float,
        place: Float64[np.ndarray, "2 3"] | None = None,
        body: Float32[np.ndarray, "points 2"] | None = None,
    ) -> Moved:
        """Work out where everything lies in one frame.

        ``place`` moves the whole person in the film; ``body`` the points of the body's sheet, in rig pixels.
        """
        weights = self._weights(shapes)
        pose = pose_of(self.rig, self.framing, head=head, breath=breath, place=place)
        face = self._face.deform(weights)
        part_lips(face, self._lips)
        face_film = self._face.place(face, pose)
        trunk = self._body.deform(weights)
        if body is not None:
            trunk[:, :2] += body
        body_film = self._body.place(trunk, pose)
        mouth = self._mouth.view(pose, face_film, weights)
        eyes = tuple(eye.view(pose, face, shapes) for eye in self._eyes)
        self._shade.shade(weights)
        return Moved(pose=pose, face=face_film, body=body_film, mouth=mouth, eyes=eyes)

    def paint(
        self,
        canvas: UInt32[np.ndarray, "height width"],
        moved: Moved,
        rows: tuple[int, int],
        *,
        ground: Int32[np.ndarray, "cells 3"] | None = None,
    ) -> None:
        """Paint a band of rows of the person over the canvas.

        ``ground`` are cells between the face's points, painted under eyes and mouth; a canvas that
        is clear needs them, so that lids and lips end on skin.
        """
        self._body.paint(canvas, moved.body, rows)
        if ground is not None:
            self._face.paint_cells(canvas, moved.face, ground, rows)
        self._face.paint(canvas, moved.face, rows)
        if moved.mouth is not None:
            features.draw_mouth(canvas, moved.mouth, rows)
        for eye in moved.eyes:
            if eye is not None:
                features.draw_eye(canvas, eye, rows)

    def _weights(self, shapes: Float32[np.ndarray, " 52"]) -> Float32[np.ndarray, " 52"]:
        """Add what takes the photo's own smile off; rounded lips leave none of it.

        ``mouthClose`` takes back what the jaw has opened, so there is never more of it than of ``jawOpen``.
        """
        rounded = min(1.0, float(shapes[_ROUND[0]] + shapes[_ROUND[1]]))
        given = np.clip(shapes, 0, MOST)
        given[_CLOSE] = min(given[_CLOSE], given[_JAW])
        weights: Float32[np.ndarray, " 52"] = given + self.rig.rest_shapes * np.float32(
            1 + ROUND_UNSMILES * rounded
        )
        return weights

    def _planes(
        self,
    ) -> tuple[UInt8[np.ndarray, "h w"], UInt8[np.ndarray, "hh hw"], UInt8[np.ndarray, "hh hw"]]:
        height, width = self._canvas.shape
        half = (height // 2, width // 2)
        luma = np.empty((height, width), np.uint8)
        return luma, np.empty(half, np.uint8), np.empty(half, np.uint8)

    def _film_px(self, face_heights: float) -> float:
        return face_heights * self.rig.face_height_px * self.framing.scale

    def _cut_bands(self) -> list[tuple[int, int]]:
        """Cut the film's rows into bands, even at both ends."""
        low, high = self._still_rows, self.framing.height_px
        count = self._threads * BANDS_PER_THREAD if self._threads > 1 else 1
        edges = sorted({low + (high - low) * k // count // 2 * 2 for k in range(count)} | {high})
        moving = list(pairwise(edges))
        return ([(0, low)] if low else []) + moving

    def _share_out(self, band: Callable[[tuple[int, int]], None]) -> None:
        """Do all bands, each by whichever thread is free."""
        waiting = iter(self._bands)

        def work(bands: Iterator[tuple[int, int]]) -> None:
            for rows in bands:
                band(rows)

        helpers = (
            [self._pool.submit(work, waiting) for _ in range(self._threads - 1)]
            if self._pool
            else []
        )
        work(waiting)
        for helper in helpers:
            helper.result()


def _feathered(
    alpha: UInt8[np.ndarray, "h w"], skirt: Float32[np.ndarray, "n 2"], soft_px: float
) -> UInt8[np.ndarray, "h w"]:
    """Soften the matte at the skirt, so that the jaw's edge meets the throat without a line."""
    mask = np.zeros(alpha.shape, np.uint8)
    cv2.fillPoly(mask, [np.round(skirt * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    distance = cv2.distanceTransform((mask > 127).astype(np.uint8), cv2.DIST_L2, 5)
    t = np.clip(distance / max(1.0, soft_px * 2), 0, 1)
    return np.asarray((alpha * (t * t * (3 - 2 * t)).astype(np.float32)).astype(np.uint8))
