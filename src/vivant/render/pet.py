"""A pet's rig at the size of a film: drawn over nothing, as a layer that the light of a set falls on."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from jaxtyping import Bool, Float32, Float64, Int32, UInt8, UInt32

from vivant.performance.pets import PET_CURVE
from vivant.render import kernel
from vivant.render.bust.layers import own_light, settled, soft_ends
from vivant.render.bust.staging import BustLayer
from vivant.render.bust.tone import Tone
from vivant.render.finishing.sharing import in_bands
from vivant.render.pet_lids import LidsAtSize
from vivant.render.pet_shape import pet_normals
from vivant.render.sheets import PaintedSheet
from vivant.rig.pet import PetRig
from vivant.rig.rig import Sheet

CAMERA = 9.0
"""Distance of the camera, in face heights."""
EAR_DEG = 13.0
"""How far an ear turns about its base."""
SWELLS, RISES = 0.016, 0.014
"""How much a chest widens with the breath, and how far the head rises, in face heights."""
BROW_SINKS = 0.10
"""How far the fur about an eye follows its lids, in eye heights."""
SNIFFS = 0.010
"""How far a nose is lifted, in face heights."""
ROOM = 0.30
"""The animal may move this far beyond the photo's outline, in face heights."""


class PetMoved(NamedTuple):
    """Where everything lies in one frame, in film pixels."""

    points: Float32[np.ndarray, "points 2"]
    lids: tuple[UInt32[np.ndarray, "rows wide"] | None, ...]
    """Pictures of the eyes; none for an open one."""
    head: Float64[np.ndarray, "3 3"]


class _EyeCells(NamedTuple):
    """The mesh about an eye, over the eye's own picture."""

    uv: Float32[np.ndarray, "points 2"]
    triangles: Int32[np.ndarray, "cells 3"]
    opaque: Bool[np.ndarray, " cells"]

    @classmethod
    def of(cls, rig: PetRig, lids: LidsAtSize) -> _EyeCells:
        near = lids.about(rig.points[:, :2])
        triangles = np.ascontiguousarray(rig.triangles[near[rig.triangles].all(axis=1)])
        uv = np.ascontiguousarray(lids.texels(rig.points[:, :2]))
        return cls(uv=uv, triangles=triangles, opaque=np.zeros(len(triangles), np.bool_))


class PetStage:
    """A pet's rig at the size at which a shot shows it. One thread at a time."""

    def __init__(
        self,
        rig: PetRig,
        *,
        width_px: int,
        height_px: int,
        largest_face_share: float,
        tone: Tone | None = None,
        threads: int = 2,
    ) -> None:
        """Make the textures.

        Args:
            rig: The animal.
            width_px: Of the film; even.
            height_px: Of the film; even.
            largest_face_share: Height of the face in the picture's where it is largest in the shot.
            tone: How the photo's colours come into the film.
            threads: That share the drawing.
        """
        self.rig, self._threads = rig, max(1, threads)
        self._size = (width_px, height_px)
        self.tone = Tone() if tone is None else tone
        self._scale = scale = largest_face_share * height_px / rig.face_height_px
        alpha = settled(rig.alpha.astype(np.float32) / 255, rig.face_height_px)
        colours = own_light(rig.person, alpha, rig.face_height_px)
        alpha *= soft_ends(rig.alpha.shape, rig.cut, rig.face_height_px)
        margin = max(8, round(0.12 * rig.face_height_px * scale))
        person, matte = _brought(colours, scale, margin), _brought(alpha, scale, margin)
        uv = self._scaled(rig.points[:, :2]) + np.float32(margin)
        sheet = Sheet(
            uv=rig.points[:, :2].copy(),
            rest=rig.points,
            triangles=rig.triangles,
            basis=np.zeros((52, len(rig.points), 3), np.float32),
            head_weight=rig.head_weight,
        )
        self._sheet = PaintedSheet(
            sheet,
            rgb=person,
            alpha=np.round(np.clip(matte, 0, 1) * 255).astype(np.uint8),
            uv=uv,
            rest=uv - np.float32(margin),
            partner=np.full(len(uv), -1, np.int32),
        )
        self._lids = [LidsAtSize(rig, eye, colours=colours, scale=scale) for eye in rig.eyes]
        self._eyes = [_EyeCells.of(rig, lids) for lids in self._lids]
        self._brows = np.stack([_about_eye(rig, k) for k in (0, 1)])
        self._round, self._round_uv = _round_texture(rig, alpha)
        self._triangles = np.ascontiguousarray(rig.triangles)
        self._solid = np.ones(len(rig.triangles), np.bool_)
        self._canvas = np.zeros((height_px, width_px), np.uint32)
        self._half = np.zeros(((height_px + 1) // 2, (width_px + 1) // 2), np.uint32)

    def close(self) -> None:
        """Hold no threads."""

    def draw(
        self,
        *,
        curves: Float32[np.ndarray, " curves"],
        eyes_x: float,
        eyes_y: float,
        face_height: float,
        roll_deg: float = 0.0,
    ) -> BustLayer | None:
        """Draw the animal over nothing; each pixel of the photo is sampled once.

        Args:
            curves: One frame of a ``PetPerformance``.
            eyes_x: Middle between the eyes at rest, in heights of the picture, right of its middle.
            eyes_y: The same, down from its top.
            face_height: From the brow to the chin, in heights of the picture.
            roll_deg: Clockwise.

        Returns:
            The layer; its arrays are the stage's own until the next call. None when nothing of it is in the film.
        """
        moved = self.move(curves, self._place(eyes_x, eyes_y, face_height, roll_deg))
        box = self._box(moved.points)
        if box is None:
            return None
        left, top, right, bottom = box
        canvas, half = self._canvas, self._half

        def band(first: int, end: int) -> None:
            rows = (top + first, top + end)
            canvas[rows[0] : rows[1]] = 0
            self._sheet.paint(canvas, moved.points, rows)
            for place, picture in zip(self._eyes, moved.lids, strict=True):
                if picture is not None:
                    kernel.draw_sharp(
                        canvas,
                        picture,
                        vertices=moved.points,
                        uv=place.uv,
                        triangles=place.triangles,
                        opaque=place.opaque,
                        row0=rows[0],
                        row1=rows[1],
                    )
            self._paint_round(half, moved.points, (rows[0] // 2, (rows[1] + 1) // 2))

        in_bands(band, rows=bottom - top, threads=self._threads, step=2)
        c, s = np.cos(np.radians(roll_deg)), np.sin(np.radians(roll_deg))
        turn = np.array([[c, s, 0], [-s, c, 0], [0, 0, 1.0]])
        flip = np.diag([1.0, -1.0, -1.0])
        return BustLayer(
            texels=canvas[top:bottom, left:right],
            round=half[top // 2 : bottom // 2, left // 2 : right // 2],
            left=left,
            top=top,
            face_px=face_height * self._size[1],
            body=turn,
            head=turn @ flip @ moved.head @ flip,
            tone=self.tone,
        )

    def move(
        self, curves: Float32[np.ndarray, " curves"], place: Float64[np.ndarray, "2 3"]
    ) -> PetMoved:
        """Work out where everything lies in one frame; ``place`` leads from rig pixels to film pixels."""
        rig = self.rig
        dial = {name: float(curves[at]) for name, at in PET_CURVE.items()}
        turn = _turned(dial["yaw_deg"], dial["pitch_deg"], dial["roll_deg"])
        blinks = (dial["blink_left"], dial["blink_right"])
        points = rig.points.astype(np.float64)
        for eye, weight, amount in zip(rig.eyes, self._brows, blinks, strict=True):
            points[:, 1] += (
                weight * amount * BROW_SINKS * float((eye.lower - eye.upper)[:, 1].max())
            )
        for ear, weight, amount, way in zip(
            rig.ears, rig.ear_weight, (dial["ear_left"], dial["ear_right"]), (-1, 1), strict=True
        ):
            points[:, :2] += _swung(points[:, :2], ear, weight, np.radians(way * EAR_DEG * amount))
        points = self._breathed(points, rig.head_weight, rig.chest_weight, dial["breath"])
        points[:, 1] -= rig.head_weight * SNIFFS * rig.face_height_px * dial["sniff"]
        film = self._carried(points, rig.head_weight.astype(np.float64), turn, place)
        lids = tuple(one.drawn(amount) for one, amount in zip(self._lids, blinks, strict=True))
        return PetMoved(points=film, lids=lids, head=turn)

    def _breathed(
        self,
        points: Float64[np.ndarray, "points 3"],
        head: np.ndarray,
        chest: np.ndarray,
        breath: float,
    ) -> Float64[np.ndarray, "points 3"]:
        """Fill the chest, and let it lift the head."""
        rig, full = self.rig, breath - 0.5
        out = points.copy()
        out[:, 0] += chest * full * SWELLS * (points[:, 0] - rig.chest[0])
        away = np.clip((points[:, 1] - rig.chest[1]) / (2.5 * rig.face_height_px), 0, 1)
        out[:, 1] -= np.maximum(head, 1 - away) * full * RISES * rig.face_height_px
        return out

    def _carried(
        self,
        points: Float64[np.ndarray, "points 3"],
        weight: Float64[np.ndarray, " points"],
        turn: Float64[np.ndarray, "3 3"],
        place: Float64[np.ndarray, "2 3"],
    ) -> Float32[np.ndarray, "points 2"]:
        """Turn what follows the head, and bring all to the film."""
        rig = self.rig
        from_pivot = points - rig.pivot
        turned = from_pivot @ turn.T
        far = CAMERA * rig.face_height_px
        nearer = (far + from_pivot[:, 2]) / (far + turned[:, 2])
        there = turned[:, :2] * nearer[:, None] + rig.pivot[:2]
        flat = points[:, :2] + weight[:, None] * (there - points[:, :2])
        return np.ascontiguousarray(flat @ place[:, :2].T + place[:, 2], np.float32)

    def _paint_round(
        self,
        half: UInt32[np.ndarray, "rows columns"],
        points: Float32[np.ndarray, "points 2"],
        rows: tuple[int, int],
    ) -> None:
        half[rows[0] : rows[1]] = np.uint32(0x00808080)
        kernel.draw(
            half,
            self._round,
            vertices=(points - np.float32(0.5)) * np.float32(0.5),
            uv=self._round_uv,
            triangles=self._triangles,
            opaque=self._solid,
            row0=rows[0],
            row1=rows[1],
        )

    def _scaled(self, points: np.ndarray) -> Float32[np.ndarray, "points 2"]:
        return np.asarray((points + 0.5) * self._scale - 0.5, np.float32)

    def _place(
        self, eyes_x: float, eyes_y: float, face_height: float, roll_deg: float
    ) -> Float64[np.ndarray, "2 3"]:
        """Give the way from rig pixels to the film's."""
        width, height = self._size
        size = face_height * height / self.rig.face_height_px
        angle = np.radians(roll_deg)
        turn = size * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        target = np.array([(width - 1) / 2 + eyes_x * height, eyes_y * height - 0.5])
        return np.column_stack([turn, target - turn @ np.array(self.rig.eyes_px)])

    def _box(self, points: Float32[np.ndarray, "points 2"]) -> tuple[int, int, int, int] | None:
        """Bound what may be drawn: left, top, right, bottom; even."""
        width, height = self._size
        low, high = points.min(0) - 2, points.max(0) + 3
        left, top = (max(0, int(v) // 2 * 2) for v in low)
        right = min(width, int(high[0]) // 2 * 2 + 2)
        bottom = min(height, int(high[1]) // 2 * 2 + 2)
        return (left, top, right, bottom) if right - left > 8 and bottom - top > 8 else None


def _brought(picture: np.ndarray, scale: float, margin: int) -> np.ndarray:
    """Bring a picture to the film's scale, its edges carried on."""
    height, width = picture.shape[:2]
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    sized = cv2.resize(picture, (round(width * scale), round(height * scale)), interpolation=way)
    return np.ascontiguousarray(
        cv2.copyMakeBorder(sized, margin, margin, margin, margin, cv2.BORDER_REPLICATE)
    )


def _turned(yaw_deg: float, pitch_deg: float, roll_deg: float) -> Float64[np.ndarray, "3 3"]:
    """Turn (right, down, away) by yaw to the right, pitch down, roll clockwise."""
    (cy, sy), (cp, sp), (cr, sr) = (
        (np.cos(np.radians(v)), np.sin(np.radians(v))) for v in (yaw_deg, pitch_deg, roll_deg)
    )
    turn = np.array([[cy, 0, -sy], [0, 1, 0], [sy, 0, cy]])
    nod = np.array([[1, 0, 0], [0, cp, -sp], [0, sp, cp]])
    tilt = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1.0]])
    return np.asarray(tilt @ nod @ turn)


def _swung(
    points: Float64[np.ndarray, "points 2"],
    ear: Float32[np.ndarray, "3 2"],
    weight: Float32[np.ndarray, " points"],
    angle: float,
) -> Float64[np.ndarray, "points 2"]:
    """Turn an ear about the middle of its base; above zero clockwise."""
    from_base = points - ear[0]
    turn = weight.astype(np.float64) * angle
    c, s = np.cos(turn), np.sin(turn)
    x, y = from_base.T
    return np.asarray(np.column_stack([c * x - s * y, s * x + c * y]) - from_base)


def _about_eye(rig: PetRig, which: int) -> Float64[np.ndarray, " points"]:
    """Tell how far each point sinks when an eye closes: the fur above it, not the eye itself."""
    eye = rig.eyes[which]
    tall = float((eye.lower - eye.upper)[:, 1].max())
    wide = float(eye.upper[-1, 0] - eye.upper[0, 0])
    top = eye.upper[len(eye.upper) // 2].astype(np.float64)
    away = rig.points[:, :2] - (top - [0, 0.25 * tall])
    return np.asarray(
        np.exp(-((away[:, 0] / (0.6 * wide)) ** 2) - (away[:, 1] / (0.45 * tall)) ** 2)
    )


def _round_texture(
    rig: PetRig, alpha: Float32[np.ndarray, "height width"]
) -> tuple[UInt32[np.ndarray, "rows columns"], Float32[np.ndarray, "points 2"]]:
    """Give directions, and how far each place follows the head, at half the rig's size."""
    height, width = alpha.shape
    size = (max(2, width // 2), max(2, height // 2))
    part = np.array([size[0] / width, size[1] / height], np.float32)
    normals, follows = pet_normals(rig, cv2.resize(alpha, size, interpolation=cv2.INTER_AREA), part)

    def byte(values: np.ndarray) -> UInt8[np.ndarray, "rows columns"]:
        return np.asarray(np.clip(np.rint(values), 0, 255), np.uint8)

    packed = kernel.pack(
        byte(normals[..., 0] * 127 + 128),
        byte(normals[..., 1] * 127 + 128),
        np.full(size[::-1], 128, np.uint8),
        byte(follows * 255),
    )
    uv = (rig.points[:, :2] + np.float32(0.5)) * part - np.float32(0.5)
    return packed, np.ascontiguousarray(uv, np.float32)
