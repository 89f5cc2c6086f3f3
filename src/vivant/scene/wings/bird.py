"""A white bird: a small round body, a fan of a tail, wings that beat, on a way through the air."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from jaxtyping import Float32, Float64
from scipy.ndimage import gaussian_filter1d

from vivant.scene.mesh import MATERIAL, Mesh
from vivant.scene.props import at_frame
from vivant.scene.wings.feathers import LONG, WIDE, Feathers, grid
from vivant.scene.wings.picture import HEIGHT, WIDTH, feather_picture
from vivant.scene.wings.unfolding import Pose, pair_of, posed

WING = 0.27
"""Size of its wings against those of a person."""
GLIDE_DEG = np.array([24.0, 30.0, -8.0])
"""How the bones lie in a spread wing: 0 is outward, 90 toward the head."""
BEAT_RAD, HIGHER_RAD = 0.80, 0.16
"""How far wings go up and down, and how much more up than down."""
BEND_PER_M = 1.1
"""How much a wing bends against the air."""
FOLDS = 0.50
"""How much of a wing is drawn in on its way up."""
WHITE = (0.93, 0.915, 0.885)
BEAK = (0.42, 0.24, 0.16)
EYE = (0.03, 0.025, 0.02)
G_M_PER_S2 = 9.81
_TAIL, _TAIL_M, _TAIL_RAD = 9, 0.135, 0.34
_BODY = np.array(
    # before the middle, above it, half width, half height; metres
    [
        (-0.125, 0.006, 0.010, 0.005), (-0.100, 0.004, 0.024, 0.016), (-0.065, 0.001, 0.037, 0.030),
        (-0.020, 0.000, 0.045, 0.042), (0.025, 0.000, 0.046, 0.046), (0.062, 0.004, 0.039, 0.041),
        (0.088, 0.012, 0.027, 0.031), (0.104, 0.022, 0.021, 0.024), (0.122, 0.030, 0.0215, 0.0235),
        (0.138, 0.031, 0.0175, 0.0185), (0.148, 0.029, 0.009, 0.010), (0.158, 0.026, 0.0045, 0.0045),
        (0.170, 0.022, 0.001, 0.001),
    ]
)  # fmt: skip
_BEAK_FROM, _ROUND = 10, 12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bird:
    """A white bird on its way. Curves have one value a frame."""

    place_m: Float64[np.ndarray, "frames 3"]
    ahead: Float64[np.ndarray, "frames 3"]
    """Unit vector toward which its beak points."""
    roll_rad: Float64[np.ndarray, " frames"]
    """How far it leans to its right."""
    beat: Float64[np.ndarray, " frames"]
    """Phase of its wings: whole numbers are one full beat."""
    vigour: Float64[np.ndarray, " frames"]
    """1 beats fully, 0 glides."""
    size: float = 1.0
    """1 is as large as a dove: 0.75 m from tip to tip."""

    def meshes(self, frame: float) -> tuple[Mesh, ...]:
        """Build it at a frame, or between two."""
        place, ahead = at_frame(self.place_m, frame), at_frame(self.ahead, frame)
        ahead = ahead / np.linalg.norm(ahead)
        side = np.cross(ahead, [0.0, 1.0, 0.0])
        side /= np.linalg.norm(side)
        over = np.cross(side, ahead)
        roll = float(at_frame(self.roll_rad, frame))
        right = np.cos(roll) * side - np.sin(roll) * over
        top = np.cos(roll) * over + np.sin(roll) * side
        axes = np.stack([right, ahead, top]).astype(np.float32)
        still = _still()
        points, normals = _winged(
            float(at_frame(self.beat, frame)), float(at_frame(self.vigour, frame))
        )
        points = np.concatenate([points, still.points]) * self.size
        return (
            Mesh(
                points_m=(points @ axes + place).astype(np.float32),
                normals=np.concatenate([normals, still.normals]) @ axes,
                triangles=still.triangles,
                albedo=still.albedo,
                material=still.material,
                open_sky=still.open_sky,
                sunlit=still.sunlit,
                uv=still.uv,
                texture=feather_picture(),
                texture_weight=still.weight,
            ),
        )


def fly(
    way_m: Float64[np.ndarray, "frames 3"],
    *,
    rate: float,
    vigour: Float64[np.ndarray, " frames"],
    beats_per_s: float = 3.0,
    size: float = 1.0,
) -> Bird:
    """Let a bird fly along a way: its beak goes before it, and it leans into its turns.

    Args:
        way_m: Where it is in each frame; smooth.
        rate: Frames a second.
        vigour: How much it beats its wings, 0..1.
        beats_per_s: At full vigour; it beats more slowly as it tires.
        size: See ``Bird``.
    """
    speed = np.gradient(way_m, axis=0) * rate
    force = np.gradient(speed, axis=0) * rate
    ahead = speed / np.maximum(np.linalg.norm(speed, axis=1, keepdims=True), 1e-6)
    side = np.cross(ahead, [0.0, 1.0, 0.0])
    side /= np.maximum(np.linalg.norm(side, axis=1, keepdims=True), 1e-6)
    lean = np.arctan2((force * side).sum(axis=1), G_M_PER_S2)
    # the body does not point as steeply as it climbs
    level = ahead * np.array([1.0, 0.85, 1.0])
    return Bird(
        place_m=np.asarray(way_m, np.float64),
        ahead=level / np.linalg.norm(level, axis=1, keepdims=True),
        roll_rad=np.asarray(gaussian_filter1d(np.clip(2.2 * lean, -0.8, 0.8), 0.25 * rate)),
        beat=np.cumsum(beats_per_s * (0.75 + 0.25 * vigour)) / rate,
        vigour=np.asarray(vigour, np.float64),
        size=size,
    )


def _winged(
    beat: float, vigour: float
) -> tuple[Float32[np.ndarray, "points 3"], Float32[np.ndarray, "points 3"]]:
    """Give both wings: x to the right, y to the head, z up."""
    phase = 2 * np.pi * beat
    # down with force, up more quickly with the wing drawn in
    phase = phase + 0.25 * np.sin(phase)
    raised = 0.10 + vigour * (HIGHER_RAD + BEAT_RAD * np.sin(phase))
    rising = vigour * max(0.0, float(np.cos(phase)))
    points, normals = posed(
        pair_of(True),
        Pose(
            opened=1 - FOLDS * rising**1.5,
            spread_deg=GLIDE_DEG,
            apart_m=0.06,
            swept_rad=raised,
            cupped_per_m=(0.35 + vigour * BEND_PER_M * float(np.cos(phase))),
        ),
    )
    mirror = np.array([-1, 1, 1], np.float32)
    grown = points * WING + np.array([0.0, 0.035, 0.022], np.float32)
    return np.concatenate([grown, grown * mirror]), np.concatenate([normals, normals * mirror])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Still:
    """Body and tail, and how everything looks."""

    points: np.ndarray
    normals: np.ndarray
    triangles: np.ndarray
    albedo: np.ndarray
    material: np.ndarray
    open_sky: np.ndarray
    sunlit: np.ndarray
    uv: np.ndarray
    weight: np.ndarray


@cache
def _still() -> _Still:
    pair = pair_of(True)
    body, round_body, sides = _body()
    tail, flat, fan, places = _tail()
    first, second = len(pair.albedo), len(pair.albedo) + len(body)
    colours = np.tile(WHITE, (len(body), 1))
    colours[_BEAK_FROM * _ROUND :] = BEAK
    rows = np.arange(len(body)) // _ROUND
    around = np.arange(len(body)) % _ROUND
    colours[(rows == 8) & np.isin(around, (1, 5))] = EYE
    count = len(body) + len(tail)
    return _Still(
        points=np.concatenate([body, tail]).astype(np.float32),
        normals=np.concatenate([round_body, flat]).astype(np.float32),
        triangles=np.concatenate([pair.triangles, sides + first, fan + second]).astype(np.int32),
        albedo=np.concatenate([pair.albedo, colours, np.tile(WHITE, (len(tail), 1))]).astype(
            np.float32
        ),
        material=np.full(len(pair.albedo) + count, MATERIAL["feather"], np.uint8),
        open_sky=np.concatenate([pair.open_sky, np.ones(count)]).astype(np.float32),
        sunlit=np.concatenate(
            [pair.sunlit, np.full(len(body), 0.7), np.full(len(tail), 0.9)]
        ).astype(np.float32),
        uv=np.concatenate([pair.uv, np.zeros((len(body), 2)), places]).astype(np.float32),
        weight=np.concatenate([pair.weight, np.zeros(len(body)), np.ones(len(tail))]).astype(
            np.float32
        ),
    )


def _body() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    turn = 2 * np.pi * np.arange(_ROUND) / _ROUND
    ahead, above, wide, high = (column[:, None] for column in _BODY.T)
    x, y = wide * np.cos(turn), ahead + 0 * turn
    z = above + high * np.sin(turn)
    points = np.stack([x, y, z], axis=-1)
    along = np.gradient(points, axis=0)
    # closed all round: the first follows the last
    around = (np.roll(points, -1, axis=1) - np.roll(points, 1, axis=1)) / 2
    normal = np.cross(along, around)
    normal /= np.linalg.norm(normal, axis=-1, keepdims=True) + 1e-12
    row, column = np.meshgrid(np.arange(len(_BODY) - 1), np.arange(_ROUND), indexing="ij")
    a = (row * _ROUND + column).ravel()
    b = (row * _ROUND + (column + 1) % _ROUND).ravel()
    triangles = np.concatenate(
        [np.column_stack([a, b, a + _ROUND]), np.column_stack([b, b + _ROUND, a + _ROUND])]
    )
    return points.reshape(-1, 3), normal.reshape(-1, 3), triangles


def _tail() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    def all_(value: float) -> np.ndarray:
        return np.full(_TAIL, value, np.float32)

    feathers = Feathers(
        stations=LONG, lanes=WIDE, length_m=all_(_TAIL_M), width_m=all_(0.034), lead=all_(0.5),
        pointed=all_(0.05), sickle=all_(0.0), curl=all_(0.02),
    )  # fmt: skip
    cards = feathers.cards(seed=5)
    angle = np.linspace(-_TAIL_RAD, _TAIL_RAD, _TAIL)[:, None, None]
    along, across, above = cards[..., 0], cards[..., 1], cards[..., 2]
    x = along * np.sin(angle) + across * np.cos(angle)
    y = -along * np.cos(angle) + across * np.sin(angle) - 0.105
    z = above + 0.008 - 0.0012 * np.abs(np.arange(_TAIL) - _TAIL // 2)[:, None, None]
    points = np.stack(np.broadcast_arrays(x, y, z), axis=-1)
    normal = np.cross(np.gradient(points, axis=1), np.gradient(points, axis=2))
    normal /= np.linalg.norm(normal, axis=-1, keepdims=True) + 1e-12
    lane = np.broadcast_to((WIDE + 1) / 2 * (WIDTH - 1), x.shape)
    station = np.broadcast_to(LONG[:, None] * (HEIGHT - 1), x.shape)
    places = np.stack([lane, station], axis=-1)
    triangles = grid(_TAIL, stations=len(LONG), lanes=len(WIDE))
    return points.reshape(-1, 3), normal.reshape(-1, 3), triangles, places.reshape(-1, 2)
