"""The embedded engine: warps the person's own photo over a still background, on a plain CPU.

Each frame: curves move two meshes (body, then face), the kernel paints them over the background, then
mouth and eyes are drawn from the lids' and lips' curves, and the canvas becomes planes.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
from jaxtyping import Bool, Float32, Float64, Int32, UInt8, UInt32

from vivant.media.face import (
    LOWER_LIP_INNER,
    LOWER_LIP_MIDDLE,
    LOWER_LIP_OUTER,
    SHAPE,
    UPPER_LIP_INNER,
    UPPER_LIP_MIDDLE,
    UPPER_LIP_OUTER,
)
from vivant.media.picture import Frame
from vivant.render import features, kernel, texture
from vivant.render.backdrop import lay_layers
from vivant.render.engine import RenderTraits
from vivant.render.framing import Framing, frame_person
from vivant.rig.eyes import Eye
from vivant.rig.mesh import MOUTH, neighbours
from vivant.rig.rig import Rig, Sheet
from vivant.rig.shade import SHEETS

VERSION = "1"
YAW_LIMIT_DEG, PITCH_LIMIT_DEG, ROLL_LIMIT_DEG = 16.0, 11.0, 15.0
SHIFT_LIMIT = 0.12
"""Furthest the head moves sideways or up and down, in face heights."""
CAMERA = 9.0
"""Distance of the camera, in face heights: a portrait lens."""
GAZE_REACH = 0.95
"""How far eyeLook at 1 (30 degrees) moves the iris, in radii of the iris."""
FEATHER = 0.022
"""The face sheet's edge is soft over this share of the face height."""
UPPER = np.array([UPPER_LIP_INNER, *UPPER_LIP_MIDDLE])
LOWER = np.array([LOWER_LIP_INNER, *LOWER_LIP_MIDDLE])
UPPER_ROWS = np.array([UPPER_LIP_INNER, *UPPER_LIP_MIDDLE, UPPER_LIP_OUTER])[:, 1:-1]
LOWER_ROWS = np.array([LOWER_LIP_INNER, *LOWER_LIP_MIDDLE, LOWER_LIP_OUTER])[:, 1:-1]
LEAST_ROW_GAP = 0.25
"""Rows of points in a lip come no closer than this share of their distance at rest."""
NONE = np.zeros(0, np.int32)
LIP_HOLD = np.array([1.0, 0.7, 0.4])[:, None, None]


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
        return PuppetStage(
            rig, frame_person(rig, width_px=width_px, height_px=height_px), threads=threads
        )


class PuppetStage:
    """A rig at one size."""

    def __init__(self, rig: Rig, framing: Framing, *, threads: int) -> None:
        self.rig, self.framing = rig, framing
        self.folded = 0
        self._threads = max(1, threads)
        self._pool = ThreadPoolExecutor(self._threads) if self._threads > 1 else None
        layers = lay_layers(rig, framing)
        self.margin = layers.margin
        height, width = framing.height_px, framing.width_px
        solid = np.full((height, width), 255, np.uint8)
        self._back = texture.texture_from_rgba(layers.back, solid)
        self._canvas = self._back.copy()
        self._body = _Painted(rig.body, layers.throat, layers.alpha, self)
        face_alpha = (layers.alpha.astype(np.float32) * self._face_mask(layers.alpha.shape)).astype(
            np.uint8
        )
        self._face = _Painted(rig.face, layers.person, face_alpha, self)
        self._face_base = self._face.texture.copy()
        self._sheets, self._sheet_at = self._shading()
        self._mouth = _MouthAtSize(rig, framing.scale)
        self._eyes = [_EyeAtSize(eye, framing.scale) for eye in rig.eyes]
        self._rows = self._busy_rows()
        rest, down = rig.face.rest, rig.axes[1]
        self._around = neighbours(rig.face.triangles, rest)
        self._row_gaps = {
            way: [
                LEAST_ROW_GAP * np.abs((rest[a] - rest[b]) @ down)
                for a, b in zip(rows[:-1], rows[1:], strict=True)
            ]
            for rows, way in ((UPPER_ROWS, 1.0), (LOWER_ROWS, -1.0))
        }

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
        weights = self._weights(shapes)
        pose = _Pose(self.rig, head, breath)
        face = self._lips_apart(_deform(self.rig.face, weights))
        body = _deform(self.rig.body, weights)
        face_film = self._place(face, pose)
        body_film = self.to_film(pose.move(body, self.rig.body.head_weight))
        self._shade(weights)
        self.folded += self._body.folds(body_film) + self._face.folds(face_film)
        mouth = self._mouth.place(self, pose, face_film, weights)
        eyes = [eye.place(self, pose, face, shapes) for eye in self._eyes]
        planes = self._planes()
        self._in_bands(lambda r0, r1: self._paint(body_film, face_film, r0, r1))
        if mouth is not None:
            features.draw_mouth(self._canvas, *mouth)
        for eye in eyes:
            if eye is not None:
                features.draw_eye(self._canvas, *eye)
        self._in_bands(
            lambda r0, r1: kernel.to_planes(self._canvas, *planes, r0, r1), everything=True
        )
        return Frame(index=index, y=planes[0], u=planes[1], v=planes[2])

    def _weights(self, shapes: Float32[np.ndarray, " 52"]) -> Float32[np.ndarray, " 52"]:
        """Add what takes the photo's own smile off; rounded lips leave none of it."""
        round_ = min(1.0, float(shapes[SHAPE["mouthPucker"]] + shapes[SHAPE["mouthFunnel"]]))
        return np.clip(shapes, 0, 1.3) + self.rig.rest_shapes * np.float32(1 + 0.55 * round_)

    def _place(self, face: Float32[np.ndarray, "n 3"], pose: _Pose) -> Float32[np.ndarray, "n 2"]:
        """Bring the face to the film; where an expression would fold it, its points move more like their neighbours."""
        rest, (around, total) = self.rig.face.rest, self._around
        for _ in range(9):
            film = self.to_film(pose.move(face, self.rig.face.head_weight))
            folded = self._face.turned_over(film)
            folded = folded[~np.isin(folded, MOUTH)]
            if not len(folded):
                break
            even = (around[folded] @ (face - rest)) / total[folded, None]
            face[folded] = rest[folded] + 0.5 * (face[folded] - rest[folded]) + 0.5 * even
        return film

    def _planes(
        self,
    ) -> tuple[UInt8[np.ndarray, "h w"], UInt8[np.ndarray, "hh hw"], UInt8[np.ndarray, "hh hw"]]:
        height, width = self._canvas.shape
        half = (height // 2, width // 2)
        return (
            np.empty((height, width), np.uint8),
            np.empty(half, np.uint8),
            np.empty(half, np.uint8),
        )

    def _in_bands(self, work, *, everything: bool = False) -> None:  # type: ignore[no-untyped-def]
        low, high = (0, self._canvas.shape[0]) if everything else self._rows
        count = self._threads if self._pool else 1
        edges = [low + (high - low) * k // count // 2 * 2 for k in range(count)] + [high]
        if self._pool is None:
            work(edges[0], edges[1])
        else:
            list(self._pool.map(work, edges[:-1], edges[1:]))

    def _paint(
        self,
        body: Float32[np.ndarray, "n 2"],
        face: Float32[np.ndarray, "n 2"],
        row0: int,
        row1: int,
    ) -> None:
        self._canvas[row0:row1] = self._back[row0:row1]
        self._body.draw(self._canvas, body, row0, row1)
        self._face.draw(self._canvas, face, row0, row1)

    def to_film(self, points: Float64[np.ndarray, "n 3"]) -> Float32[np.ndarray, "n 2"]:
        return self.framing.to_film(points[:, :2].astype(np.float32))

    def _busy_rows(self) -> tuple[int, int]:
        rows = np.nonzero(self._body.alpha.max(1) > 0)[0]
        top = max(0, int(rows.min()) - 2 * self.margin) // 2 * 2 if len(rows) else 0
        return top, self._canvas.shape[0]

    def _face_mask(self, shape: tuple[int, ...]) -> Float32[np.ndarray, "h w"]:
        """Soft at the skirt, so that the jaw's edge meets the throat without a line."""
        skirt = self.framing.to_film(self.rig.face.uv[468:].copy()) + self.margin
        mask = np.zeros(shape[:2], np.uint8)
        cv2.fillPoly(mask, [np.round(skirt * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
        soft = FEATHER * self.rig.face_height_px * self.framing.scale
        distance = cv2.distanceTransform((mask > 127).astype(np.uint8), cv2.DIST_L2, 5)
        t = np.clip(distance / max(1.0, soft * 2), 0, 1)
        return (t * t * (3 - 2 * t)).astype(np.float32)

    def _shading(self) -> tuple[np.ndarray, tuple[int, int]]:
        shading, scale = self.rig.shading, self.framing.scale
        size = (round(shading.sheets.shape[2] * scale), round(shading.sheets.shape[1] * scale))
        sheets = np.stack(
            [
                cv2.resize(sheet.astype(np.float32), size, interpolation=cv2.INTER_LINEAR)
                for sheet in shading.sheets
            ]
        )
        corner = (
            self.framing.to_film(np.array([[shading.left, shading.top]], np.float32))[0]
            + self.margin
        )
        left, top = (round(float(v)) for v in corner)
        tall, wide = self._face_base.shape
        pad = self._face.pad
        x0, y0 = max(0, -left), max(0, -top)
        sheets = sheets[:, y0 : max(y0, tall - top - pad), x0 : max(x0, wide - left - pad)]
        return np.ascontiguousarray(np.round(sheets).astype(np.int8)), (
            max(0, left) + pad,
            max(0, top) + pad,
        )

    def _shade(self, weights: Float32[np.ndarray, " 52"]) -> None:
        def of(*shapes: str) -> float:
            return float(np.mean([max(0.0, weights[SHAPE[name]]) for name in shapes]))

        amounts = {
            "smileLeft": of("mouthSmileLeft"),
            "smileRight": of("mouthSmileRight"),
            "browUp": max(of("browInnerUp"), of("browOuterUpLeft", "browOuterUpRight")),
            "browDown": of("browDownLeft", "browDownRight"),
            "squintLeft": max(of("eyeSquintLeft"), of("cheekSquintLeft")),
            "squintRight": max(of("eyeSquintRight"), of("cheekSquintRight")),
            "jaw": of("jawOpen"),
            "pucker": max(of("mouthPucker"), of("mouthFunnel")),
            "unsmile": max(
                0.0,
                -float(weights[SHAPE["mouthSmileLeft"]] + weights[SHAPE["mouthSmileRight"]]) / 2,
            ),
        }
        use = [k for k, name in enumerate(SHEETS) if amounts[name] > 0.01]
        strength = np.array([round(256 * min(1.2, amounts[SHEETS[k]])) for k in use], np.int32)
        left, top = self._sheet_at
        features.shade_texture(
            self._face.texture,
            self._face_base,
            left,
            top,
            np.ascontiguousarray(self._sheets[use]),
            strength,
        )

    def _lips_apart(self, face: Float32[np.ndarray, "n 3"]) -> Float32[np.ndarray, "n 3"]:
        """Keep the lips from passing through each other: they meet half way."""
        down = self.rig.axes[1]
        gap = (face[LOWER[0]] - face[UPPER[0]]) @ down
        over = np.minimum(gap, 0)[None, :, None] * 0.5 * LIP_HOLD * down
        face[UPPER] += over.astype(np.float32)
        face[LOWER] -= over.astype(np.float32)
        for rows, way in (
            (UPPER_ROWS, 1.0),
            (LOWER_ROWS, -1.0),
        ):  # rows of a pressed lip keep their order
            for inner, outer, least in zip(rows[:-1], rows[1:], self._row_gaps[way], strict=True):
                short = np.maximum(least - way * ((face[inner] - face[outer]) @ down), 0)[:, None]
                face[outer] -= (way * short * down).astype(np.float32)
        return face


class _Pose:
    """Where the head and the breath carry points."""

    def __init__(self, rig: Rig, head: Float32[np.ndarray, " 6"], breath: float) -> None:
        limits = (YAW_LIMIT_DEG, PITCH_LIMIT_DEG, ROLL_LIMIT_DEG)
        yaw, pitch, roll = np.radians(
            [_soft_limit(float(head[i]), limit) for i, limit in enumerate(limits)]
        )
        turn = np.array([[np.cos(yaw), 0, -np.sin(yaw)], [0, 1, 0], [np.sin(yaw), 0, np.cos(yaw)]])
        nod = np.array(
            [[1, 0, 0], [0, np.cos(pitch), -np.sin(pitch)], [0, np.sin(pitch), np.cos(pitch)]]
        )
        tilt = np.array(
            [[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]]
        )
        self.rotation = tilt @ nod @ turn
        self.tall = rig.face_height_px
        self.shift = np.array([_soft_limit(float(v), SHIFT_LIMIT) for v in head[3:6]]) * self.tall
        self.pivot = rig.pivot.astype(np.float64)
        self.breath = float(breath) - 0.5
        self.chin_y, self.middle_x = float(rig.landmarks[152, 1]), float(rig.landmarks[152, 0])

    def move(
        self, points: Float32[np.ndarray, "n 3"], weight: Float32[np.ndarray, " n"]
    ) -> Float64[np.ndarray, "n 3"]:
        """Carry points by the head as far as each follows it, then by the breath."""
        away = points - self.pivot
        turned = away @ self.rotation.T
        far = CAMERA * self.tall
        nearer = (far + away[:, 2:]) / (far + turned[:, 2:] + self.shift[2])
        turned[:, :2] *= nearer
        moved = points + weight[:, None] * (turned + self.pivot + self.shift * (1, 1, 0) - points)
        shoulder = self.chin_y + 0.35 * self.tall
        lift = np.clip((shoulder + 1.6 * self.tall - points[:, 1]) / (1.6 * self.tall), 0, 1)
        chest = np.clip((points[:, 1] - shoulder) / (0.6 * self.tall), 0, 1)
        moved[:, 1] -= self.breath * 0.016 * self.tall * lift
        moved[:, 0] += self.breath * 0.010 * (points[:, 0] - self.middle_x) * chest
        return moved


def _soft_limit(value: float, limit: float) -> float:
    """Leave small values alone and bend large ones toward the limit, so that motion never stops dead."""
    knee = 0.7 * limit
    if abs(value) <= knee:
        return value
    return float(np.sign(value)) * (
        knee + (limit - knee) * float(np.tanh((abs(value) - knee) / (limit - knee)))
    )


def _deform(sheet: Sheet, weights: Float32[np.ndarray, " 52"]) -> Float32[np.ndarray, "n 3"]:
    used = np.nonzero(weights)[0]
    moved = weights[used] @ sheet.basis[used].reshape(len(used), sheet.rest.size)
    return (sheet.rest + moved.reshape(-1, 3)).astype(np.float32)


class _Painted:
    """A sheet with its texture, at film size."""

    pad = 1  # the spline texture has a border

    def __init__(
        self,
        sheet: Sheet,
        rgb: UInt8[np.ndarray, "h w 3"],
        alpha: UInt8[np.ndarray, "h w"],
        stage: PuppetStage,
    ) -> None:
        self.texture: UInt32[np.ndarray, "hh ww"] = texture.sharp_texture(rgb, alpha)
        self.alpha = alpha
        self.uv = stage.framing.to_film(sheet.uv.copy()) + np.float32(stage.margin)
        keep, opaque = _coverage(self.uv, sheet.triangles, alpha)
        self.triangles: Int32[np.ndarray, "t 3"] = np.ascontiguousarray(sheet.triangles[keep])
        self.opaque: Bool[np.ndarray, " t"] = np.ascontiguousarray(opaque[keep])
        area = _area(stage.framing.to_film(sheet.rest[:, :2].copy())[self.triangles])
        self._way = np.sign(area)
        self._least = 0.01 * np.minimum(np.abs(area), 20)

    def draw(
        self,
        canvas: UInt32[np.ndarray, "h w"],
        vertices: Float32[np.ndarray, "n 2"],
        row0: int,
        row1: int,
    ) -> None:
        kernel.draw_sharp(
            canvas,
            self.texture,
            vertices=vertices,
            uv=self.uv,
            triangles=self.triangles,
            opaque=self.opaque,
            row0=row0,
            row1=row1,
        )

    def turned_over(self, vertices: Float32[np.ndarray, "n 2"]) -> Int32[np.ndarray, " k"]:
        """Points of cells that have turned over, or nearly."""
        bad = _area(vertices[self.triangles]) * self._way < self._least
        return np.unique(self.triangles[bad]) if bad.any() else NONE

    def folds(self, vertices: Float32[np.ndarray, "n 2"]) -> int:
        """Count triangles that turned over and still cover something."""
        area = _area(vertices[self.triangles]) * self._way
        return int((area < -0.5).sum())


def _area(corners: Float32[np.ndarray, "t 3 2"]) -> Float32[np.ndarray, " t"]:
    a, b = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    return (a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]) / 2


def _coverage(
    uv: Float32[np.ndarray, "n 2"],
    triangles: Int32[np.ndarray, "t 3"],
    alpha: UInt8[np.ndarray, "h w"],
) -> tuple[Bool[np.ndarray, " t"], Bool[np.ndarray, " t"]]:
    """Tell which triangles show anything, and which are solid throughout."""
    height, width = alpha.shape
    some = cv2.integral((alpha > 0).astype(np.uint8))
    clear = cv2.integral((alpha < 255).astype(np.uint8))
    corners = uv[triangles]
    low = np.floor(corners.min(1)).astype(int) - 3
    high = np.ceil(corners.max(1)).astype(int) + 4
    x0, y0 = np.clip(low[:, 0], 0, width), np.clip(low[:, 1], 0, height)
    x1, y1 = np.clip(high[:, 0], 0, width), np.clip(high[:, 1], 0, height)

    def count(table: np.ndarray) -> np.ndarray:
        return table[y1, x1] - table[y0, x1] - table[y1, x0] + table[y0, x0]

    return count(some) > 0, (count(clear) == 0) & (x1 > x0) & (y1 > y0)


def _inverse(box_to_film: Float64[np.ndarray, "3 2"]) -> Float32[np.ndarray, "2 3"]:
    """Film pixels into box pixels, from where the box's (0,0), (1,0) and (0,1) lie in the film."""
    origin, right, down = (
        box_to_film[0],
        box_to_film[1] - box_to_film[0],
        box_to_film[2] - box_to_film[0],
    )
    back = np.linalg.inv(np.stack([right, down], axis=1))
    return np.concatenate([back, (-back @ origin)[:, None]], axis=1).astype(np.float32)


class _MouthAtSize:
    """The mouth's boxes, softened for the film's size."""

    def __init__(self, rig: Rig, scale: float) -> None:
        mouth = rig.mouth
        self.film_per_box = float(np.linalg.norm(mouth.axes[0])) * scale
        soften = 0.42 / self.film_per_box if self.film_per_box < 1 else 0.0
        self.boxes = [_soft(box, soften) for box in (mouth.upper, mouth.lower, mouth.tongue)]
        self.rig = rig
        self.unit = (
            1
            / float(np.linalg.norm(mouth.axes[0]))
            * float(np.linalg.norm(rig.landmarks[61, :2] - rig.landmarks[291, :2]))
        )
        self.depth = float(rig.landmarks[13, 2]) + 0.05 * rig.face_height_px

    def place(
        self,
        stage: PuppetStage,
        pose: _Pose,
        face_film: Float32[np.ndarray, "n 2"],
        weights: Float32[np.ndarray, " 52"],
    ):  # type: ignore[no-untyped-def]
        """Work out what the mouth's drawing needs, or None when the lips are shut."""
        mouth, basis = self.rig.mouth, self.rig.face.basis
        corners = mouth.origin + np.array([[0, 0], mouth.axes[0], mouth.axes[1]])
        box = np.c_[corners, np.full(3, self.depth)].astype(np.float32)
        one = np.ones(3, np.float32)
        jaw_moves = sum(
            float(weights[SHAPE[name]]) * basis[SHAPE[name], 152]
            for name in ("jawOpen", "jawForward", "jawLeft", "jawRight")
        )
        skull = _inverse(stage.to_film(pose.move(box, one)))
        jaw = _inverse(
            stage.to_film(pose.move(box + np.asarray(jaw_moves, np.float32) * 0.92, one))
        )
        upper, lower = face_film[list(UPPER_LIP_INNER)], face_film[list(LOWER_LIP_INNER)]
        upper_box = upper @ skull[:, :2].T + skull[:, 2]
        lower_box = lower @ skull[:, :2].T + skull[:, 2]
        gap = float((lower_box[:, 1] - upper_box[:, 1]).max())
        if gap * self.film_per_box < 0.25:
            return None
        columns = np.arange(mouth.upper.shape[1], dtype=np.float64)
        area = np.array(
            [
                max(0, int(upper[:, 0].min()) - 1),
                max(0, int(min(upper[:, 1].min(), lower[:, 1].min())) - 1),
                min(stage.framing.width_px, int(lower[:, 0].max()) + 3),
                min(stage.framing.height_px, int(lower[:, 1].max()) + 3),
            ]
        )
        return (
            area,
            skull,
            jaw,
            _curve(upper_box, columns),
            _curve(lower_box, columns),
            *self.boxes,
            mouth.cavity,
            mouth.line,
            self.unit,
            self.film_per_box,
            float(np.clip(weights[SHAPE["tongueOut"]], 0, 1)),
            gap / self.unit,
            0.90 if mouth.own_teeth else 0.74,
        )


def _curve(
    points: Float32[np.ndarray, "n 2"], columns: Float64[np.ndarray, " w"]
) -> Float32[np.ndarray, " w"]:
    """A smooth curve through points ordered from left to right, read at columns."""
    ends = np.vstack(
        [2 * points[:1] - points[1:2], points, 2 * points[-1:] - points[-2:-1]]
    ).astype(np.float64)
    t = np.linspace(0, 1, 4, endpoint=False)[:, None, None]
    a, b, c, d = ends[:-3], ends[1:-2], ends[2:-1], ends[3:]
    dense = 0.5 * (
        2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
    )
    dense = dense.transpose(1, 0, 2).reshape(-1, 2)
    dense = np.vstack([dense, ends[-2:-1]])
    x = np.maximum.accumulate(dense[:, 0] + np.arange(len(dense)) * 1e-6)
    return np.interp(columns, x, dense[:, 1]).astype(np.float32)


def _soft(box: Float32[np.ndarray, "h w 4"], sigma: float) -> Float32[np.ndarray, "h w 4"]:
    return box if sigma < 0.3 else np.ascontiguousarray(cv2.GaussianBlur(box, (0, 0), sigma))


class _EyeAtSize:
    """An eye's boxes, softened for the film's size."""

    def __init__(self, eye: Eye, scale: float) -> None:
        self.eye = eye
        self.film_per_box = float(np.linalg.norm(eye.axes[0])) * scale
        soften = 0.30 / self.film_per_box if self.film_per_box < 1 else 0.0
        self.ball, self.iris, self.lid = (
            _soft(box, soften) for box in (eye.ball, eye.iris, eye.lid)
        )
        self.glare = np.ascontiguousarray(eye.glare[..., None])

    def place(
        self,
        stage: PuppetStage,
        pose: _Pose,
        face: Float32[np.ndarray, "n 3"],
        shapes: Float32[np.ndarray, " 52"],
    ):  # type: ignore[no-untyped-def]
        """Work out what the eye's drawing needs."""
        eye, rig = self.eye, stage.rig
        side = "Right" if eye.side == "right" else "Left"
        ids = RIGHT if eye.side == "right" else LEFT
        blink = float(np.clip(shapes[SHAPE["eyeBlink" + side]], 0, 1))
        look_down = float(shapes[SHAPE["eyeLookDown" + side]])
        look_up = float(shapes[SHAPE["eyeLookUp" + side]])
        toward_right = float(shapes[SHAPE["eyeLookIn" + side]] - shapes[SHAPE["eyeLookOut" + side]])
        if eye.side == "left":
            toward_right = -toward_right
        gaze = (
            np.array([toward_right, look_down - look_up], np.float32) * eye.iris_radius * GAZE_REACH
        )
        gaze[1] *= 0.7
        # The lid rides on the eyeball: it follows a look down.
        shut = float(
            np.clip(
                blink + (1 - blink) * (0.38 * max(0.0, look_down) - 0.12 * max(0.0, look_up)),
                -0.15,
                1,
            )
        )
        corners = eye.origin + np.array([[0, 0], eye.axes[0], eye.axes[1]])
        depth = float(rig.landmarks[list(ids[0]), 2].mean())
        rigid = np.c_[corners, np.full(3, depth)].astype(np.float32)
        carried = (face[list(ids[0])] - rig.face.rest[list(ids[0])])[[0, -1]].mean(0)
        inverse = _inverse(
            stage.to_film(pose.move(rigid + carried.astype(np.float32), np.ones(3, np.float32)))
        )
        moved_top, moved_low = (self._moved(face, rig, row, carried) for row in ids)
        top = eye.upper + moved_top
        low = np.maximum(eye.lower + moved_low, top + 0.05)
        current = top + (eye.shut + 0.5 * (moved_low + moved_top) - top) * shut
        low = np.maximum(low, current)
        width, height = stage.framing.width_px, stage.framing.height_px
        box_h, box_w = self.ball.shape[:2]
        forward = np.linalg.inv(np.vstack([inverse, [0, 0, 1]]))[:2]
        edges = np.array([[0, 0, 1], [box_w, 0, 1], [0, box_h, 1], [box_w, box_h, 1]]) @ forward.T
        x0, y0 = np.floor(edges.min(0)).astype(int)
        x1, y1 = np.ceil(edges.max(0)).astype(int) + 1
        area = np.array([max(0, x0), max(0, y0), min(width, x1), min(height, y1)])
        if area[0] >= area[2] or area[1] >= area[3]:
            return None
        presence = float(np.clip(shut / 0.16, 0, 1))
        presence = presence * presence * (3 - 2 * presence)
        return (
            area,
            inverse,
            current.astype(np.float32),
            low.astype(np.float32),
            eye.crease,
            eye.upper,
            eye.shut,
            self.ball,
            self.iris,
            self.lid,
            self.glare,
            gaze,
            self.film_per_box,
            presence,
            float(np.clip(shut, 0, 1)),
        )

    def _moved(
        self,
        face: Float32[np.ndarray, "n 3"],
        rig: Rig,
        row: tuple[int, ...],
        carried: Float32[np.ndarray, " 3"],
    ) -> Float32[np.ndarray, " w"]:
        """How far expressions have moved a lid's edge, down the box, for each column."""
        eye = self.eye
        down = eye.axes[1] / np.linalg.norm(eye.axes[1])
        across = eye.axes[0] / np.linalg.norm(eye.axes[0])
        scale = 1 / float(np.linalg.norm(eye.axes[0]))
        rest = rig.face.uv[list(row)] - eye.origin
        moved = (face[list(row)] - rig.face.rest[list(row)] - carried)[:, :2]
        x = rest @ across * scale
        return np.interp(
            np.arange(len(eye.upper)), np.maximum.accumulate(x), moved @ down * scale
        ).astype(np.float32)


RIGHT = ((33, 246, 161, 160, 159, 158, 157, 173, 133), (33, 7, 163, 144, 145, 153, 154, 155, 133))
LEFT = (
    (362, 398, 384, 385, 386, 387, 388, 466, 263),
    (362, 382, 381, 380, 374, 373, 390, 249, 263),
)
