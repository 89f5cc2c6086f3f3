"""Where people touch: whoever stands in front keeps light from those behind, and those behind from the edge of who is in front.

Shade is laid on people only, never on the set, and is warm as between skin and skin.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import no_type_check

import cv2
import numpy as np
from jaxtyping import Bool, Float32, Float64, UInt8, UInt32

from vivant.media.compilation import compiled_fast
from vivant.render.finishing.sharing import in_bands

PART = 4
"""Pixels of the film, each way, in one of the maps."""
CLOSE, WIDE = 0.050, 0.20
"""Blur of who is in front, for the seam and for the shade about it, in face heights."""
CLOSE_SHARE, WIDE_SHARE = 0.62, 0.62
"""Of light taken, in the middle of a long straight edge half of this."""
LOWER = 0.05
"""Shade falls this much lower, in face heights: most light comes from above."""
MOST = 0.72
"""No place loses more light than this."""
WARMTH = (0.90, 1.0, 1.08)
"""How fast red, green and blue go: light between skin and skin is red."""
GAP, NARROW = 0.10, (0.50, 0.72)
"""Gaps are narrow where this blur of both people, in face heights, covers so much of them."""
HALF, SOFT = 0.5, 0.02
IN_SHADE = (0.34, 0.28, 0.26)
"""Light of cloth in such a gap, of what the cloth about it has."""
SPECK = 0.010
"""Side of a square as large as what is no more than light through hair, in heights of the picture."""
BLOCKED_BLUR = 0.055
"""How far beyond the outline of those behind the sun is still kept from an edge, in face heights."""
APART = 0.35
"""How much of that holds for people who do not touch."""
Map = Float32[np.ndarray, "small_rows small_columns"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Where somebody comes into the picture, and how closely they touch those who are there."""

    left: int
    """Column of the picture where their box begins; even."""
    top: int
    """Its row; even."""
    face_px: float
    """Height of their face."""
    amount: float
    """0..1."""


class Contact:
    """Who is in the picture already, while people are laid into it one after another."""

    def __init__(self, *, width_px: int, height_px: int, threads: int) -> None:
        self._threads = threads
        self._there = np.zeros((height_px, width_px), np.uint8)
        self._small = np.zeros(
            ((height_px + PART - 1) // PART, (width_px + PART - 1) // PART), np.float32
        )
        self._things = np.zeros_like(self._small)

    def begin(self) -> None:
        """Empty the picture."""
        self._there[:] = 0
        self._small[:] = 0
        self._things[:] = 0

    @property
    def there(self) -> UInt8[np.ndarray, "height width"]:
        """How far each pixel is covered by people, 0..255."""
        return self._there

    def shade(
        self,
        hdr: Float32[np.ndarray, "height width 3"],
        texels: UInt32[np.ndarray, "rows columns"],
        place: Beside,
    ) -> None:
        """Darken those who are there beside the edge of who comes next.

        Args:
            hdr: Written over.
            texels: Who comes: alpha in the highest 8 bits.
            place: Where they come.
        """
        if place.amount <= 0 or not self._small.any():
            return
        front = self._made_small((texels >> np.uint32(24)).astype(np.uint8), place)
        face = place.face_px / PART
        down = np.array([[1, 0, 0], [0, 1, LOWER * face]], np.float32)
        lower = cv2.warpAffine(front, down, front.shape[::-1], borderMode=cv2.BORDER_REPLICATE)
        taken = CLOSE_SHARE * _blurred(front, CLOSE * face)
        taken += WIDE_SHARE * _blurred(lower, WIDE * face)
        taken = np.minimum(taken * np.float32(min(place.amount, 1.0)), np.float32(MOST))
        warmth = np.array(WARMTH, np.float32)
        in_bands(
            lambda first, end: _darken(hdr, self._there, taken, warmth, PART, first, end),
            rows=hdr.shape[0],
            threads=self._threads,
        )
        self._fill(hdr, front, face, min(place.amount, 1.0))

    def _fill(
        self, hdr: Float32[np.ndarray, "height width 3"], front: Map, face: float, amount: float
    ) -> None:
        """Let the narrow gaps between two people be as dark as they are: cloth in the shade of both."""
        people = np.maximum(self._small - self._things, 0)  # beside an arm the set may be seen
        ours, theirs = _blurred(front, GAP * face), _blurred(people, GAP * face)
        weight = _rising((ours + theirs - NARROW[0]) / (NARROW[1] - NARROW[0]))
        weight *= _rising((np.minimum(ours, theirs) - 0.03) / 0.08) * np.float32(amount)
        weight *= _blurred(_closed_in(self._small + front > HALF), SOFT * face)
        seen = weight * (1 - np.minimum(self._small + front, 1))
        if seen.max() < 0.02:
            return
        rows, columns = (np.flatnonzero(seen.max(axis=axis) > 0.005) for axis in (1, 0))
        room = round(4 * GAP * face)
        top, bottom = max(int(rows[0]) - room, 0), int(rows[-1]) + 1 + room
        left, right = max(int(columns[0]) - room, 0), int(columns[-1]) + 1 + room
        bottom, right = min(bottom, weight.shape[0]), min(right, weight.shape[1])
        box = (slice(PART * top, PART * bottom), slice(PART * left, PART * right))
        light = hdr[box]
        there = self._there[box].astype(np.float32)[..., None] / np.float32(255)
        size = (right - left, bottom - top)
        shares = cv2.resize(there, size, interpolation=cv2.INTER_AREA)
        theirs_rgb = cv2.resize(light * there, size, interpolation=cv2.INTER_AREA)
        near = _blurred(theirs_rgb, 2 * GAP * face)
        near /= np.maximum(_blurred(shares, 2 * GAP * face), 0.02)[..., None]
        full = (light.shape[1], light.shape[0])
        dark = cv2.resize(near * np.array(IN_SHADE, np.float32), full)
        part = cv2.resize(weight[top:bottom, left:right], full)[..., None] * (1 - there)
        light += (dark - light) * part
        covered = there[..., 0] + part[..., 0]
        self._there[box] = np.rint(255 * np.clip(covered, 0, 1)).astype(np.uint8)

    def blocked(self, place: Beside, *, size: tuple[int, int]) -> Map | None:
        """Tell where those behind keep the sun from the edges of who comes next.

        Args:
            place: Where they come.
            size: Rows and columns of their box at half size.

        Returns:
            0..1 at half size; None where nobody is behind.
        """
        if not self._small.any():
            return None
        soft = _blurred(self._small, BLOCKED_BLUR * place.face_px / PART)
        step = 2 / PART
        way = np.array(
            [
                [step, 0, (place.left + 1.0) / PART - 0.5],
                [0, step, (place.top + 1.0) / PART - 0.5],
            ]
        )
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        found = cv2.warpAffine(soft, way, size[::-1], flags=flags, borderMode=cv2.BORDER_REPLICATE)
        share = APART + (1 - APART) * min(max(place.amount, 0.0), 1.0)
        return np.asarray(np.clip(found * share, 0, 1), np.float32)

    def add(
        self,
        texels: UInt32[np.ndarray, "rows columns"],
        *,
        left: int,
        top: int,
        presence: float = 1.0,
        thing: bool = False,
    ) -> None:
        """Note who has been laid into the picture; a ``thing`` is nobody: gaps beside it stay open."""
        if thing:
            alpha = (texels >> np.uint32(24)).astype(np.uint8)
            there = Beside(left=left, top=top, face_px=1.0, amount=1.0)
            bare = np.maximum(self._made_small(alpha, there) - self._small, 0)
            self._things = np.maximum(self._things, bare)
        share = np.uint32(round(256 * presence))
        in_bands(
            lambda first, end: _cover(self._there, texels, left, top, share, first, end),
            rows=texels.shape[0],
            threads=self._threads,
        )
        size = self._small.shape[::-1]
        small = cv2.resize(self._there, size, interpolation=cv2.INTER_AREA)
        self._small = np.asarray(small.astype(np.float32) / np.float32(255), np.float32)

    def _made_small(self, alpha: UInt8[np.ndarray, "tall wide"], place: Beside) -> Map:
        whole = np.zeros(self._there.shape, np.uint8)
        rows, columns = alpha.shape
        whole[place.top : place.top + rows, place.left : place.left + columns] = alpha
        size = self._small.shape[::-1]
        small = cv2.resize(whole, size, interpolation=cv2.INTER_AREA)
        return np.asarray(small.astype(np.float32) / 255)


def _blurred(picture: Float32[np.ndarray, "*shape"], sigma: float) -> Float32[np.ndarray, "*shape"]:
    return np.asarray(
        cv2.GaussianBlur(picture, (0, 0), max(sigma, 0.4), borderType=cv2.BORDER_REPLICATE),
        np.float32,
    )


def _closed_in(people: Bool[np.ndarray, "small_rows small_columns"]) -> Map:
    """Find places with people to the left, to the right, and above: gaps, not what is beside or above two heads."""
    above = np.maximum.accumulate(people, axis=0)
    left = np.maximum.accumulate(people, axis=1)
    right = np.maximum.accumulate(people[:, ::-1], axis=1)[:, ::-1]
    return np.asarray(above & left & right, np.float32)


def _rising(share: Map) -> Map:
    x = np.clip(share, 0, 1)
    return np.asarray(x * x * (3 - 2 * x), np.float32)


@compiled_fast
@no_type_check
def _cover(
    there: np.ndarray,
    texels: np.ndarray,
    left: int,
    top: int,
    share: int,
    first: int,
    end: int,
) -> None:
    """Note what texels cover."""
    for row in range(first, end):
        to = there[top + row]
        for x in range(texels.shape[1]):
            alpha = ((texels[row, x] >> np.uint32(24)) * share) >> np.uint32(8)
            if alpha == 0:
                continue
            clear = (np.uint32(255) - alpha) * (np.uint32(255) - np.uint32(to[left + x]))
            to[left + x] = np.uint8(255 - (clear + 127) // 255)


@compiled_fast
@no_type_check
def _darken(
    hdr: np.ndarray,
    there: np.ndarray,
    taken: np.ndarray,
    warmth: np.ndarray,
    step: int,
    first: int,
    end: int,
) -> None:
    """Take light from whoever is there, by a map at part of the size."""
    tall, wide = taken.shape
    one, half = np.float32(1), np.float32(0.5)
    part = one / np.float32(step)
    for row in range(first, end):
        y = min(
            max((np.float32(row) + half) * part - half, np.float32(0)), np.float32(tall - 1.001)
        )
        v = int(y)
        fy = y - np.float32(v)
        for x in range(hdr.shape[1]):
            if there[row, x] == 0:
                continue
            u_at = (np.float32(x) + half) * part - half
            u_at = min(max(u_at, np.float32(0)), np.float32(wide - 1.001))
            u = int(u_at)
            fx = u_at - np.float32(u)
            upper = taken[v, u] * (one - fx) + taken[v, u + 1] * fx
            lower = taken[v + 1, u] * (one - fx) + taken[v + 1, u + 1] * fx
            dark = (upper * (one - fy) + lower * fy) * np.float32(there[row, x])
            dark *= np.float32(1 / 255)
            for c in range(3):
                hdr[row, x, c] *= one - dark * warmth[c]


def background_between(
    there: UInt8[np.ndarray, "height width"], chins_px: Float64[np.ndarray, "2 2"]
) -> int:
    """Count pixels in which the set is seen between two people.

    These are the pixels below the line from chin to chin and between the chins, and those that people enclose:
    from which no way leads to the picture's top or sides. Specks, as where light comes through hair, do not count.

    Args:
        there: How far each pixel is covered by people, 0..255.
        chins_px: Columns and rows of both chins.

    Returns:
        How many of them are covered by less than a half.
    """
    (x_a, y_a), (x_b, y_b) = sorted(chins_px.tolist())
    rows, columns = np.indices(there.shape)
    line = y_a + (columns - x_a) / max(x_b - x_a, 1e-6) * (y_b - y_a)
    among = (rows > line) & (columns > x_a) & (columns < x_b)
    bare = there < 128
    count, parts = cv2.connectedComponents(bare.astype(np.uint8), connectivity=4)
    large = np.bincount(parts.ravel(), minlength=count) > (SPECK * there.shape[0]) ** 2
    large[np.concatenate([parts[0], parts[:, 0], parts[:, -1], [0]])] = False
    return int((bare & (among | large[parts])).sum())
