"""Finding the invisible mark's tile in pictures of unknown scale, cut and stretch.

What the picture itself explains is taken away (local mean, local spread, power spectrum). What is
left is folded into one tile at some two hundred periods, and each fold is compared with the pilots at all
places at once, as it is and seen in a mirror. The best few are refined, and are candidates for decoding.

Method: spread spectrum, I. J. Cox and others, "Secure spread spectrum watermarking for multimedia",
1997; whitened correlation and clipped residuals are matched filtering in coloured, heavy-tailed noise.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import cv2
import numpy as np
import scipy.fft
from jaxtyping import Complex64, Complex128, Float32, Float64, UInt8

from vivant.provenance.watermark_tile import TILES, waves

_FOLD = 64  # samples along the folded tile's side
_NUDGES = np.arange(-3, 4) / 6  # of a sample
_LEAST_PERIOD_PX = 40.0
_LARGE_PX = (
    2160  # of the shorter side, beyond which a picture is made smaller in whole steps of luma
)
_LONGEST = 8  # times its shorter side; of a longer picture the rest is not looked at
_STEP = 1.007  # from one period tried to the next
_ALIKE = 1.012  # candidates whose periods differ by less are one
_LOCAL_MEAN = 0.08  # shorter sides, over which the picture is taken to be even
_LOCAL_SPREAD = 0.03
_NOISE = 1.0  # least deviation of a picture from its local mean, in luma steps
_EDGE_TAMED = 2.0  # local deviations
_SPECTRUM = 15  # bins, over which its power is averaged
_FINER_THAN_FOLD = 54.0  # pixels a period must have in the level from which it is folded
_GROUPS = 6  # of waves of like fineness
_REFINEMENTS = (0.003, 0.0015, 0.0007)
_WAYS = ((1, 1), (-1, -1), (1, 0), (-1, 0), (0, 1), (0, -1))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Candidate:
    """A tile that may be one of ours."""

    score: float
    """How far the pilots stand out, in standard deviations."""
    period_px: tuple[float, float]
    """Across and down, in the picture that was searched."""
    is_mirrored: bool
    """Whether left and right were exchanged in the picture."""
    heard: Float64[np.ndarray, " waves"]
    """What each wave says when the tile begins where the pilots say, weighed by how well pilots of like
    fineness are heard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One way to look for tiles."""

    short_side_px: int
    """Larger pictures are made smaller to this: what is finer than the mark only disturbs."""
    periods: tuple[float, float]
    """Of the tiles looked for, in shorter sides of the picture."""
    stretch: float = 1.0
    """How much wider than high the tile is taken to be."""
    most: int = 6
    """How many tiles are given, beside that of a whole frame."""


SHORT_SIDE_PX = 360
"""Of the picture in which most tiles are looked for."""
MOSTLY_FILM = Look(short_side_px=SHORT_SIDE_PX, periods=(0.28, 1.1))
"""Pictures that are mostly film, cut or with bars."""
WINDOWS = Look(short_side_px=720, periods=(0.14, 0.285))
"""Films in windows on a larger screen."""
SMALL_WINDOWS = Look(short_side_px=1080, periods=(0.09, 0.143), most=2)
"""The same down to a fifth of its height: only a screen of more than 720 lines shows any so small."""
SQUEEZED = tuple(
    Look(short_side_px=SHORT_SIDE_PX, periods=(0.28, 1.1), stretch=stretch, most=0)
    for stretch in (3 / 4, 4 / 3)
)
"""Whole frames that were squeezed from 16:9 into 4:3, or the reverse."""


def residual_of(
    lumas: Sequence[UInt8[np.ndarray, "_height _width"]], *, short_side_px: int
) -> Float32[np.ndarray, "height width"] | None:
    """Take away what the pictures themselves explain, and add up what is left.

    Returns:
        Whitened, no larger than ``short_side_px``; ``None`` where all is one even tone.
    """
    total: Float32[np.ndarray, "height width"] | None = None
    for luma in lumas:
        left = _left_of(_reduced(luma, short_side_px))
        total = left if total is None else total + left
    if total is None or not float(np.abs(total).max()) > 0:
        return None
    return whitened(total)


def _reduced(
    luma: UInt8[np.ndarray, "_h _w"], short_side_px: int
) -> Float32[np.ndarray, "height width"]:
    luma = looked_at(luma)
    short = min(luma.shape)
    if short > _LARGE_PX:
        luma = np.asarray(resized(luma, _LARGE_PX / short), dtype=np.uint8)
    share = short_side_px / min(luma.shape)
    picture = luma.astype(np.float32)
    return picture if share >= 1 else np.asarray(resized(picture, share), dtype=np.float32)


def looked_at(luma: UInt8[np.ndarray, "_h _w"]) -> UInt8[np.ndarray, "height width"]:
    """Cut off what of a very long picture is not looked at."""
    longest = _LONGEST * min(luma.shape)
    return luma[:longest, :longest]


def resized(
    picture: UInt8[np.ndarray, "_h _w"] | Float32[np.ndarray, "_h _w"], share: float
) -> np.ndarray:
    """Make a picture smaller, and keep its kind of numbers."""
    size = (round(picture.shape[1] * share), round(picture.shape[0] * share))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA))


def _left_of(picture: Float32[np.ndarray, "height width"]) -> Float32[np.ndarray, "height width"]:
    mean_px, spread_px = (
        round(min(picture.shape) * share) | 1 for share in (_LOCAL_MEAN, _LOCAL_SPREAD)
    )
    left = picture - cv2.blur(picture, (mean_px, mean_px))
    power = np.maximum(cv2.blur(left * left, (spread_px, spread_px)), 0)
    spread = np.sqrt(power) + np.float32(_NOISE)
    tamed = np.clip(left / spread, -_EDGE_TAMED, _EDGE_TAMED) / spread
    return np.asarray(tamed, dtype=np.float32)


def whitened(
    residual: Float32[np.ndarray, "height width"],
) -> Float32[np.ndarray, "height width"]:
    """Divide by the smoothed power spectrum, so that no band of the picture speaks louder."""
    height, width = (cv2.getOptimalDFTSize(side) for side in residual.shape)
    padded = np.zeros((height, width), dtype=np.float32)
    padded[: residual.shape[0], : residual.shape[1]] = residual
    spectrum = scipy.fft.rfft2(padded)
    power = np.fft.fftshift(np.abs(spectrum) ** 2, axes=0).astype(np.float32)
    smooth = np.fft.ifftshift(cv2.blur(power, (_SPECTRUM, _SPECTRUM)), axes=0)
    white = scipy.fft.irfft2(spectrum / (smooth + 1e-6 * float(smooth.mean())), s=(height, width))
    white = white[: residual.shape[0], : residual.shape[1]]
    return np.asarray(white / (white.std() or 1.0), dtype=np.float32)


class Search:
    """One picture to look for tiles in, at several sizes."""

    def __init__(self, white: Float32[np.ndarray, "height width"]) -> None:
        """Prepare smaller copies, so that each fold starts from one of about the tile's own detail.

        They hold nothing finer than they can: whitened noise that is folded over would drown the mark.
        """
        self._short = min(white.shape)
        self._is_upright = white.shape[0] > white.shape[1]
        self._levels = [white]
        spectrum = scipy.fft.rfft2(white)
        while min(self._levels[-1].shape) > 2 * _FOLD:
            share = 2 ** (-len(self._levels) / 4)
            height, width = (round(side * share) for side in white.shape)
            up, right = (height - 1) // 2, width // 2
            kept = np.zeros((height, width // 2 + 1), dtype=np.complex64)
            kept[: up + 1, :right] = spectrum[: up + 1, :right]
            kept[-up:, :right] = spectrum[-up:, :right]
            smaller = scipy.fft.irfft2(kept, s=(height, width))
            self._levels.append(np.asarray(smaller, dtype=np.float32))

    def candidates(self, look: Look) -> Iterator[Candidate]:
        """Give the tiles that fit best, the best first, one after the other as they are asked for.

        Where the tile of a picture that is a whole frame is among them, it comes first.
        """
        periods, stretch = look.periods, look.stretch
        if periods[0] <= 1 / TILES <= periods[1]:
            whole = self._short / TILES
            across, down = (
                (whole, whole / stretch) if self._is_upright else (whole * stretch, whole)
            )
            for is_mirrored in (False, True):
                yield self._refined(across, down, is_mirrored=is_mirrored)
        if not look.most:
            return
        least = max(_LEAST_PERIOD_PX, periods[0] * self._short)
        count = int(np.log(max(1.0, periods[1] * self._short / least)) / np.log(_STEP)) + 1
        tried = least * _STEP ** np.arange(count)
        scores = np.array([self._scores(p * stretch, p) for p in tried])
        given: list[tuple[float, bool]] = []
        for i in np.argsort(-scores.ravel(), kind="stable"):
            period, is_mirrored = float(tried[i // 2]), bool(i % 2)
            if len(given) >= look.most:
                return
            if any(_alike(period, one) for one, other in given if other == is_mirrored):
                continue
            given.append((period, is_mirrored))
            yield self._refined(period * stretch, period, is_mirrored=is_mirrored)

    def _folded(
        self, across_px: float, down_px: float, *, is_mirrored: bool = False
    ) -> Complex64[np.ndarray, "fold half"]:
        """Add up all tiles, and take the sum apart into waves."""
        level = self._levels[0]
        for smaller in self._levels[1:]:
            if (
                min(across_px, down_px) * smaller.shape[1]
                < _FINER_THAN_FOLD * self._levels[0].shape[1]
            ):
                break
            level = smaller
        step_x = across_px / _FOLD * level.shape[1] / self._levels[0].shape[1]
        step_y = down_px / _FOLD * level.shape[0] / self._levels[0].shape[0]
        size = (int(level.shape[1] / step_x), int(level.shape[0] / step_y))
        grid = np.array([[step_x, 0, 0], [0, step_y, 0]])
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        sampled = cv2.warpAffine(level, grid, size, flags=flags)
        tile = np.zeros((_FOLD, _FOLD), dtype=np.float32)
        for top, bottom in pairwise([*range(0, size[1], _FOLD), size[1]]):
            for left, right in pairwise([*range(0, size[0], _FOLD), size[0]]):
                tile[: bottom - top, : right - left] += sampled[top:bottom, left:right]
        tile /= np.outer(_times(size[1]), _times(size[0]))
        spectrum = np.asarray(scipy.fft.rfft2(tile), dtype=np.complex64)
        return _mirrored(spectrum) if is_mirrored else spectrum

    def _scores(self, across_px: float, down_px: float) -> tuple[float, float]:
        """Tell how far the pilots stand out, as it is and in a mirror."""
        spectrum = self._folded(across_px, down_px)
        return _score(_fit(spectrum)), _score(_fit(_mirrored(spectrum)))

    def _refined(self, across_px: float, down_px: float, *, is_mirrored: bool) -> Candidate:
        """Find the periods at which the pilots are strongest; near by, all else is the same."""

        def fit(across_px: float, down_px: float) -> Float32[np.ndarray, "places places"]:
            return _fit(self._folded(across_px, down_px, is_mirrored=is_mirrored))

        best = float(fit(across_px, down_px).max())
        for step in _REFINEMENTS:
            for _ in range(3):
                tried = [(across_px * (1 + step * x), down_px * (1 + step * y)) for x, y in _WAYS]
                peaks = [float(fit(*one).max()) for one in tried]
                if max(peaks) <= best:
                    break
                best = max(peaks)
                across_px, down_px = tried[peaks.index(best)]
        spectrum = self._folded(across_px, down_px, is_mirrored=is_mirrored)
        return Candidate(
            score=_score(_fit(spectrum)),
            period_px=(across_px, down_px),
            is_mirrored=is_mirrored,
            heard=_placed(spectrum),
        )


def _alike(one: float, other: float) -> bool:
    return max(one / other, other / one) < _ALIKE


def _mirrored(spectrum: Complex64[np.ndarray, "fold half"]) -> Complex64[np.ndarray, "fold half"]:
    """Exchange left and right: a wave that ran down to the right now runs down to the left."""
    return np.asarray(np.conj(np.roll(spectrum[::-1], 1, axis=0)), dtype=np.complex64)


def _score(fit: Float32[np.ndarray, "places places"]) -> float:
    """Tell how far the pilots stand out, in standard deviations."""
    return float(fit.max() / (fit.std() or 1.0))


def _times(samples: int) -> Float32[np.ndarray, " fold"]:
    """How often each row or column of the tile was added up: waves stay apart only in its mean."""
    return np.maximum(1, (samples - 1 - np.arange(_FOLD)) // _FOLD + 1).astype(np.float32)


@cache
def _pilots() -> Complex64[np.ndarray, " pilots"]:
    tile = waves()
    return np.asarray(np.exp(-1j * tile.phase[tile.pilots]), dtype=np.complex64)


def _fit(spectrum: Complex64[np.ndarray, "fold half"]) -> Float32[np.ndarray, "places places"]:
    """Compare a fold with the pilots at all places."""
    tile = waves()
    down, across = tile.down[tile.pilots], tile.across[tile.pilots]
    product = np.zeros_like(spectrum)
    product[down, across] = spectrum[down, across] * _pilots()
    return np.asarray(scipy.fft.irfft2(product, s=(_FOLD, _FOLD)), dtype=np.float32)


def _placed(spectrum: Complex64[np.ndarray, "fold half"]) -> Float64[np.ndarray, " waves"]:
    """Hear every wave where the pilots fit best, to a sixth of a sample."""
    tile = waves()
    top, left = divmod(int(_fit(spectrum).argmax()), _FOLD)
    said: Complex128[np.ndarray, " waves"] = spectrum[tile.down, tile.across] * np.exp(
        -1j * tile.phase
    )
    down = np.exp(2j * np.pi / _FOLD * np.outer(top + _NUDGES, tile.down[tile.pilots]))
    across = np.exp(2j * np.pi / _FOLD * np.outer(left + _NUDGES, tile.across[tile.pilots]))
    sums = ((down * said[tile.pilots]) @ across.T).real
    y, x = divmod(int(sums.argmax()), len(_NUDGES))
    shift = tile.down * (top + _NUDGES[y]) + tile.across * (left + _NUDGES[x])
    return _weighed((said * np.exp(2j * np.pi / _FOLD * shift)).real)


def _weighed(heard: Float64[np.ndarray, " waves"]) -> Float64[np.ndarray, " waves"]:
    """Let waves count by how well the pilots among those of like fineness are heard."""
    tile = waves()
    groups = np.arange(len(heard)) * _GROUPS // len(heard)
    of_pilots, pilots = groups[tile.pilots], heard[tile.pilots]
    members = np.maximum(np.bincount(of_pilots, minlength=_GROUPS), 1)
    sums = np.bincount(of_pilots, weights=pilots, minlength=_GROUPS) / members
    power = np.bincount(of_pilots, weights=pilots**2, minlength=_GROUPS) / members
    clear = np.convolve(
        np.pad(sums / np.sqrt(power + 1e-12), 1, mode="edge"), [0.25, 0.5, 0.25], mode="valid"
    )
    clear = np.clip(clear, 0.1, 0.9)
    level = np.sqrt(np.bincount(groups, weights=heard**2, minlength=_GROUPS) + 1e-12)
    return np.asarray(heard * (clear / (1 - clear**2) / level)[groups], dtype=np.float64)
