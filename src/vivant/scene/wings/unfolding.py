"""How a wing unfolds: its feathers laid out in a plane, and the plane bent round the body."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from jaxtyping import Float32, Float64

from vivant.scene.mesh import MATERIAL
from vivant.scene.wings.feathers import grid
from vivant.scene.wings.picture import HEIGHT, WIDTH
from vivant.scene.wings.plumage import BONES_M, Plumage, Row, plumage

FOLDED_DEG = np.array([-18.0, 99.0, -74.0])
"""How humerus, ulna and hand lie in a folded wing; 0 is outward, 90 up."""
BONE_LAG = np.array([0.0, 0.12, 0.35])
EACH = 20
"""Points on each bone."""
TILT = 0.10
"""How far each feather is turned about its quill, so that one edge lies over its neighbour and one under."""
LEAST_CURVE = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pose:
    """How a wing lies at one moment."""

    opened: float
    """0 folded .. 1 spread."""
    spread_deg: Float64[np.ndarray, " bones"]
    """How the bones lie when it is spread."""
    lift: float = 0.0
    """How much of their ``lift_deg`` the feathers turn."""
    breath: float = 0.0
    apart_m: float = 0.0
    """From the middle of the body to where it grows."""
    swept_rad: float = 0.0
    """How far it points backward where it grows."""
    cupped_per_m: float = 0.0
    """How fast it turns forward again on its way out, in radians."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pair:
    """What does not change while two wings move."""

    behind: bool

    plumage: Plumage
    cards: tuple[np.ndarray, np.ndarray]
    triangles: np.ndarray
    albedo: np.ndarray
    material: np.ndarray
    open_sky: np.ndarray
    sunlit: np.ndarray
    uv: np.ndarray
    weight: np.ndarray


@cache
def pair_of(behind: bool) -> Pair:
    """Prepare a pair of wings, seen from behind or from before."""
    feathers = plumage(behind=behind)
    rows = (feathers.flight, feathers.coverts)
    cards = tuple(row.feathers.cards(seed=row.seed) for row in rows)
    triangles, begins = [], 0
    for card in cards:
        count, stations, lanes = card.shape[:3]
        triangles.append(grid(count, stations=stations, lanes=lanes) + begins)
        begins += count * stations * lanes
    looks = [_looks(row, behind) for row in rows]
    albedo, open_sky, sunlit, uv = (np.concatenate(parts) for parts in zip(*looks, strict=True))
    both = np.concatenate([*triangles, *(one + begins for one in triangles)])
    return Pair(
        behind=behind,
        plumage=feathers,
        cards=(cards[0], cards[1]),
        triangles=both.astype(np.int32),
        albedo=_twice(albedo),
        material=np.full(2 * begins, MATERIAL["feather"], np.uint8),
        open_sky=_twice(open_sky),
        sunlit=_twice(sunlit),
        uv=_twice(uv),
        weight=np.ones(2 * begins, np.float32),
    )


def _twice(values: np.ndarray) -> np.ndarray:
    return np.concatenate([values, values]).astype(np.float32)


def _looks(row: Row, behind: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Give colour, open sky, how thin it is, and the place in the feather's picture, of each point."""
    t, count = row.feathers.stations, len(row.feathers)
    lanes = row.feathers.lanes
    shape = (count, len(t), len(lanes))
    along = np.broadcast_to(t[None, :, None], shape)
    lane = np.broadcast_to(lanes[None, None, :], shape)
    hidden = row.hidden[:, None, None]
    out = np.clip((along - hidden) / 0.22 + 0.5, 0, 1)
    out = out * out * (3 - 2 * out)
    covered = np.clip(lane if behind else -lane, 0, 1)
    side = 1 - 0.42 * covered**0.8 * (1 - 0.6 * along**4)
    open_sky = (0.30 + 0.70 * out) * side
    edge = np.abs(lane)
    thin = (0.10 + 0.90 * out) * (0.45 + 0.55 * edge) * (1 - 0.55 * covered)
    thin = thin * (0.55 + 0.45 * along)
    albedo = np.broadcast_to(row.tint[:, None, None, :], (*shape, 3))
    uv = np.stack([(lane + 1) / 2 * (WIDTH - 1), along * (HEIGHT - 1)], axis=-1)
    return albedo.reshape(-1, 3), open_sky.reshape(-1), thin.reshape(-1), uv.reshape(-1, 2)


def posed(
    pair: Pair, pose: Pose
) -> tuple[Float32[np.ndarray, "points 3"], Float32[np.ndarray, "points 3"]]:
    """Lay one wing out in its plane and bend the plane.

    Returns:
        Points and normals of the wing on the right: x outward, y up, z toward whoever looks.
    """
    turns = np.radians(_between(FOLDED_DEG, pose.spread_deg, pose.opened ** (1 + BONE_LAG)))
    turns = turns + np.radians(0.9) * pose.breath * np.array([1.0, 1.2, 1.4])
    arm = np.stack([np.cos(turns), np.sin(turns)], axis=1) * BONES_M[:, None]
    bones = np.concatenate([np.zeros((1, 2)), np.cumsum(arm, axis=0)])
    line = _rounded(bones + np.array([pose.apart_m, 0.0]))
    points, normals = [], []
    for row, cards in zip((pair.plumage.flight, pair.plumage.coverts), pair.cards, strict=True):
        bent = _bent(_laid(row, cards, line, pose, behind=pair.behind), pose, behind=pair.behind)
        points.append(bent.reshape(-1, 3))
        normals.append(_normals(bent).reshape(-1, 3))
    return np.concatenate(points), np.concatenate(normals)


def _rounded(bones: np.ndarray) -> np.ndarray:
    """Round the joints: flesh has no corners. Gives points along the arm, as many on each bone."""
    at = np.linspace(0, 3, 3 * EACH + 1)
    line = np.stack([np.interp(at, np.arange(4), one) for one in bones.T], axis=1)
    reach = np.arange(-EACH // 2, EACH // 2 + 1)
    kernel = np.exp(-0.5 * (reach / (0.17 * EACH)) ** 2)
    ends = len(reach) // 2
    longer = np.concatenate(
        [2 * line[0] - line[ends:0:-1], line, 2 * line[-1] - line[-2 : -ends - 2 : -1]]
    )
    return np.stack(
        [np.convolve(one, kernel / kernel.sum(), mode="valid") for one in longer.T], axis=1
    )


def _laid(
    row: Row,
    cards: np.ndarray,
    line: np.ndarray,
    pose: Pose,
    *,
    behind: bool,
) -> Float32[np.ndarray, "feathers stations lanes 3"]:
    """Put each feather where it grows, turned as far as the wing is open: u, v and layer."""
    places = (row.bone + row.along) / 3 * (len(line) - 1)
    at = np.arange(len(line))
    ahead = np.gradient(line, axis=0)
    ahead /= np.linalg.norm(ahead, axis=1, keepdims=True)
    u, v, du, dv = (np.interp(places, at, one) for one in (*line.T, *ahead.T))
    roots = np.stack([u - row.before_m * dv, v + row.before_m * du], axis=1)
    share = pose.opened ** (1 + row.lag)
    angle = np.radians(_between(row.folded_deg, row.wide_deg + pose.lift * row.lift_deg, share))
    angle = angle + np.radians(0.7) * pose.breath * (0.5 + row.lag)
    tip = np.stack([np.cos(angle), np.sin(angle)], axis=1)[:, None, None, :]
    trail = np.stack([np.sin(angle), -np.cos(angle)], axis=1)[:, None, None, :]
    along, across, above = cards[..., :1], cards[..., 1:2], cards[..., 2]
    place = roots[:, None, None, :] + along * tip + across * trail
    side = -1.0 if behind else 1.0
    layer = row.layer_m[:, None, None] - side * above + side * TILT * across[..., 0]
    return np.concatenate([place, layer[..., None]], axis=-1).astype(np.float32)


def _bent(
    flat: np.ndarray, pose: Pose, *, behind: bool
) -> Float32[np.ndarray, "feathers stations lanes 3"]:
    """Bend the plane about upright axes: back from the shoulders, and forward again on the way out; lengths are kept."""
    u, v, layer = flat[..., 0], flat[..., 1], flat[..., 2]
    side = 1.0 if behind else -1.0
    curve = pose.cupped_per_m if abs(pose.cupped_per_m) > LEAST_CURVE else LEAST_CURVE
    swept = pose.swept_rad
    turn = side * (swept - curve * u)
    x = (np.sin(swept) - np.sin(swept - curve * u)) / curve
    z = side * (np.cos(swept - curve * u) - np.cos(swept)) / curve
    bent = np.stack([x - layer * np.sin(turn), v, z + layer * np.cos(turn)], axis=-1)
    return np.asarray(bent, np.float32)


def _normals(points: np.ndarray) -> Float32[np.ndarray, "feathers stations lanes 3"]:
    along = np.gradient(points, axis=1)
    across = np.gradient(points, axis=2)
    normal = np.cross(across, along)
    normal /= np.linalg.norm(normal, axis=-1, keepdims=True) + 1e-12
    return np.asarray(normal, np.float32)


def _between(a: np.ndarray, b: np.ndarray, part: np.ndarray | float) -> np.ndarray:
    return np.asarray(a + (b - a) * part)
