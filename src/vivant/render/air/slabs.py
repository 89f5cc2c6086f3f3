"""Plates of air: clouds seen from one place, cut into slabs by depth, so that they can be seen from near by too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from jaxtyping import Float32, Int32, Shaped, UInt8, UInt16
from scipy.ndimage import maximum_filter

from vivant.errors import InputError
from vivant.media.document import read_document, write_document
from vivant.media.watch import Watch, unwatched
from vivant.places import Places
from vivant.render.air.field import field_of
from vivant.render.air.march import Dense, Eye, Scatter, march
from vivant.render.air.noise import cloud_noise
from vivant.render.air.sky import sky_facts
from vivant.scene.air import Clouds
from vivant.scene.light import Light
from vivant.scene.view import View

VERSION = "2"
"""Changes whenever a plate would look different; part of the key under which it is kept."""
EDGES_M = (1.0, 4.0, 6.0, 8.5, 12.0, 17.0, 24.0, 34.0, 48.0, 70.0, 110.0, 180.0, 330.0)
"""Depths of the slabs' borders: twelve slabs."""
TILE = 8
"""Texels a side of the tiles that are known to be empty or not."""
_PAD = 24
_KIND, _FORM = "air-plate", 1
_BANDS = 24
_NOTHING = 65535 - 160


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Slabs:
    """A plate. Slabs without cloud have no texels; all others lie one after another in one row of texels."""

    view: View
    """Where it was seen from; its size is in pixels of the film."""
    coarse: int
    """Pixels of the film in each texel, across."""
    seconds: float
    """Time of the clouds' drift."""
    drift_m_per_s: tuple[float, float, float]
    edges_m: Float32[np.ndarray, " borders"]
    boxes: Int32[np.ndarray, "slabs 5"]
    """Left, top, width and height in texels, and the number of the first texel."""
    texels: UInt16[np.ndarray, "texels 4"]
    """Light, premultiplied, in parts of ``march.LIGHT_SCALE``; last, what is let through, in 65535ths."""
    relief: UInt8[np.ndarray, " texels"]
    """Where between the borders a cloud lies, 1..255, by the inverse of its depth."""
    glow: UInt16[np.ndarray, " texels_or_none"]
    """Answer to a glow of strength 1, in 8192ths; empty where the light has none."""
    filled: UInt8[np.ndarray, "slabs tiles_down tiles_across"]
    """1 where a tile of the plate has cloud."""

    @property
    def size(self) -> int:
        """Bytes that it takes."""
        return self.texels.nbytes + self.relief.nbytes + self.glow.nbytes + self.filled.nbytes


def bake_slabs(
    view: View,
    clouds: Clouds | None,
    light: Light,
    *,
    seconds: float = 0.0,
    coarse: int = 2,
    threads: int = 2,
    places: Places | None = None,
    watch: Watch = unwatched,
) -> Slabs:
    """Look at the clouds from one place.

    Args:
        view: The camera, already widened so that cameras near by see nothing beyond it.
        clouds: What the set says of its air; ``None`` gives a plate without texels.
        light: Of the shot.
        seconds: Time of the film, for the clouds' drift.
        coarse: Pixels of the film in each texel; 2 is for films, 8 for previews.
        threads: How many at once.
        places: Where the noise is kept.
        watch: Hears how far it is.
    """
    height = (view.height_px + coarse - 1) // coarse
    width = (view.width_px + coarse - 1) // coarse
    if clouds is None:
        return _cropped(view, coarse, seconds, (0.0, 0.0, 0.0), _blank(height, width, light))
    field = field_of(clouds, cloud_noise(places), seconds=seconds)
    dense = _blank(height, width, light)
    scatter = scatter_of(light, clouds.thickness)
    bands = [(height * k // _BANDS, height * (k + 1) // _BANDS) for k in range(_BANDS)]

    def band(rows: tuple[int, int]) -> None:
        march(field, scatter, _eye(view, coarse), rows, dense)

    with ThreadPoolExecutor(max(1, threads)) as pool:
        for done, _ in enumerate(pool.map(band, bands)):
            watch("air", done + 1, len(bands))
    return _cropped(view, coarse, seconds, clouds.drift_m_per_s, dense)


def scatter_of(light: Light, thickness: float) -> Scatter:
    """Tell how clouds answer a light: from above they take the sky's, from below some of the ground's too."""
    up, down = np.asarray(light.ambient_up_rgb), np.asarray(light.ambient_down_rgb)
    glow = light.glow
    x, y, z = glow.place_m if glow else (0.0, 0.0, 0.0)
    return Scatter(
        sky=sky_facts(light),
        thickness=thickness,
        haze_per_m=light.haze_per_m,
        above=_three(1.44 * up * light.ambient),
        below=_three((0.70 * up + 0.33 * down) * light.ambient),
        glow_x=float(x),
        glow_y=float(y),
        glow_z=float(z),
        glow_reach=float(glow.reach_m) ** 2 if glow else 1.0,
    )


def _eye(view: View, coarse: int) -> Eye:
    middle = (coarse - 1) / 2
    x, y, z = _three(view.position_m)
    return Eye(
        x=x,
        y=y,
        z=z,
        right=_three(view.right),
        up=_three(view.up),
        forward=_three(view.forward),
        tangent=coarse / view.px_per_m,
        column=((view.width_px - 1) / 2 - middle) / coarse,
        row=((view.height_px - 1) / 2 - middle) / coarse,
    )


def _blank(height: int, width: int, light: Light) -> Dense:
    slabs = len(EDGES_M) - 1
    texels = np.zeros((slabs, height, width, 4), np.uint16)
    texels[..., 3] = 65535
    glow = np.zeros((slabs if light.glow else 0, height, width), np.uint16)
    relief = np.zeros((slabs, height, width), np.uint8)
    return Dense(texels, glow, relief, np.asarray(EDGES_M, np.float32))


def _cropped(
    view: View,
    coarse: int,
    seconds: float,
    drift: tuple[float, float, float],
    dense: Dense,
) -> Slabs:
    """Fill what was hidden from what is beside it, and keep only where there is cloud."""
    count, height, width = dense.texels.shape[:3]
    tiles = (count, (height + TILE - 1) // TILE, (width + TILE - 1) // TILE)
    filled = np.zeros(tiles, np.uint8)
    boxes = np.zeros((count, 5), np.int32)
    texels, relief, glow = [], [], []
    start = 0
    for slab in range(count):
        hidden = (dense.texels[slab] == 0).all(-1)
        cloud = (dense.texels[slab, ..., 3] < _NOTHING) & ~hidden
        boxes[slab, 4] = start
        if not cloud.any():
            continue
        rows, columns = np.flatnonzero(cloud.any(1)), np.flatnonzero(cloud.any(0))
        top, left = max(0, rows[0] - _PAD), max(0, columns[0] - _PAD)
        below, beside = min(height, rows[-1] + _PAD + 1), min(width, columns[-1] + _PAD + 1)
        cut = (slab, slice(top, below), slice(left, beside))
        boxes[slab] = (left, top, beside - left, below - top, start)
        start += (beside - left) * (below - top)
        known = ~hidden[cut[1:]]
        texels.append(_completed(dense.texels[cut], known).reshape(-1, 4))
        has_relief = dense.relief[cut] > 0
        relief.append(_completed(dense.relief[cut][..., None], has_relief).ravel())
        if len(dense.glow):
            glow.append(_completed(dense.glow[cut][..., None], known).ravel())
        filled[slab] = _tiled(cloud | hidden)
    return Slabs(
        view=view,
        coarse=coarse,
        seconds=seconds,
        drift_m_per_s=drift,
        edges_m=dense.edges,
        boxes=boxes,
        texels=np.concatenate(texels) if texels else np.zeros((0, 4), np.uint16),
        relief=np.concatenate(relief) if relief else np.zeros(0, np.uint8),
        glow=np.concatenate(glow) if glow else np.zeros(0, np.uint16),
        filled=filled,
    )


def _tiled(cloud: Shaped[np.ndarray, "rows columns"]) -> UInt8[np.ndarray, "down across"]:
    height, width = cloud.shape
    padded = np.pad(cloud, ((0, -height % TILE), (0, -width % TILE)))
    down, across = padded.shape[0] // TILE, padded.shape[1] // TILE
    tiles = padded.reshape(down, TILE, across, TILE).any((1, 3))
    return np.asarray(maximum_filter(tiles.astype(np.uint8), 3), np.uint8)


def _completed(
    values: Shaped[np.ndarray, "rows columns channels"], known: Shaped[np.ndarray, "rows columns"]
) -> Shaped[np.ndarray, "rows columns channels"]:
    """Fill unknown texels from known ones near by, smoothly, coarser and coarser."""
    if known.all() or not known.any():
        return values
    weight = known.astype(np.float32)
    sums = values.astype(np.float32).reshape(*known.shape, -1) * weight[..., None]
    pyramid: list[tuple[np.ndarray, np.ndarray]] = [(sums, weight)]
    while min(pyramid[-1][1].shape) > 1 and not pyramid[-1][1].all():
        size = tuple(max(1, side // 2) for side in pyramid[-1][1].shape[::-1])
        smaller = [cv2.resize(part, size, interpolation=cv2.INTER_AREA) for part in pyramid[-1]]
        pyramid.append((smaller[0].reshape(size[1], size[0], -1), smaller[1]))
    fill = _divided(*pyramid[-1])
    for sums, weight in reversed(pyramid[:-1]):
        size = weight.shape[::-1]
        wide = cv2.resize(fill, size, interpolation=cv2.INTER_LINEAR).reshape(sums.shape)
        here = (weight > 0.01)[..., None]
        fill = np.where(here, _divided(sums, weight), wide)
    out: Shaped[np.ndarray, "rows columns channels"] = np.where(
        known[..., None], values, fill.reshape(values.shape) + 0.5
    ).astype(values.dtype)
    return out


def _divided(sums: np.ndarray, weight: np.ndarray) -> np.ndarray:
    return np.asarray(sums / np.maximum(weight, 1e-6)[..., None], np.float32)


def write_slabs(path: Path, slabs: Slabs) -> None:
    """Keep a plate; ``media.document`` says what may go wrong."""
    view = slabs.view
    facts: dict[str, Any] = {
        "version": VERSION,
        "coarse": slabs.coarse,
        "seconds": slabs.seconds,
        "drift": list(slabs.drift_m_per_s),
        "size": [view.width_px, view.height_px],
        "tan_up": view.tan_up,
    }
    arrays = {
        "axes": np.stack([view.position_m, view.right, view.up, view.forward]),
        "edges": slabs.edges_m,
        "boxes": slabs.boxes,
        "texels": slabs.texels,
        "relief": slabs.relief,
        "glow": slabs.glow,
        "filled": slabs.filled,
    }
    write_document(path, kind=_KIND, version=_FORM, facts=facts, arrays=arrays)


def read_slabs(path: Path) -> Slabs:
    """Read a plate.

    Raises:
        InputError: It is missing, damaged, or of another version: make it again.
    """
    document = read_document(path, kind=_KIND, version=_FORM)
    try:
        facts, arrays = document.facts, document.arrays
        axes = arrays["axes"]
        width, height = (int(side) for side in facts["size"])
        slabs = Slabs(
            view=View(
                position_m=axes[0],
                right=axes[1],
                up=axes[2],
                forward=axes[3],
                tan_up=float(facts["tan_up"]),
                width_px=width,
                height_px=height,
            ),
            coarse=int(facts["coarse"]),
            seconds=float(facts["seconds"]),
            drift_m_per_s=_three(facts["drift"]),
            edges_m=arrays["edges"],
            boxes=arrays["boxes"],
            texels=arrays["texels"],
            relief=arrays["relief"],
            glow=arrays["glow"],
            filled=arrays["filled"],
        )
        fits = _fits(slabs) and facts["version"] == VERSION
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise InputError(_WRONG) from error
    if not fits:
        raise InputError(_WRONG)
    return slabs


_WRONG = "The air plate is damaged, or of another version. Make it again."


def _three(values: Iterable[Any]) -> tuple[float, float, float]:
    x, y, z = (float(value) for value in values)
    return x, y, z


def _fits(slabs: Slabs) -> bool:
    """Check that no loop can read beyond what is there."""
    count, boxes = len(EDGES_M) - 1, slabs.boxes
    width = (slabs.view.width_px + slabs.coarse - 1) // slabs.coarse
    height = (slabs.view.height_px + slabs.coarse - 1) // slabs.coarse
    tiles = (count, (height + TILE - 1) // TILE, (width + TILE - 1) // TILE)
    if boxes.shape != (count, 5) or slabs.filled.shape != tiles or (boxes < 0).any():
        return False
    starts = np.concatenate([[0], np.cumsum(boxes[:, 2].astype(np.int64) * boxes[:, 3])])
    if (boxes[:, 4] != starts[:-1]).any() or slabs.texels.shape != (starts[-1], 4):
        return False
    inside = (boxes[:, 0] + boxes[:, 2] <= width) & (boxes[:, 1] + boxes[:, 3] <= height)
    arrays = (slabs.texels, slabs.relief, slabs.glow, slabs.filled)
    return bool(
        inside.all()
        and [array.dtype.str[1:] for array in arrays] == ["u2", "u1", "u2", "u1"]
        and slabs.edges_m.shape == (count + 1,)
        and slabs.relief.shape == (starts[-1],)
        and slabs.glow.shape in ((0,), (starts[-1],))
    )


def each_slab(slabs: Slabs) -> Iterator[tuple[int, UInt16[np.ndarray, "rows columns 4"]]]:
    """Give each slab that has cloud, with its texels as a picture."""
    for slab, (_, _, width, height, start) in enumerate(slabs.boxes):
        if width:
            yield slab, slabs.texels[start : start + width * height].reshape(height, width, 4)
