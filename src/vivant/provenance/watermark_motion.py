"""What stands still in a moving picture: the invisible mark, where texture that moves would drown it.

Each frame is foretold from one a little earlier, and from one a little later, by how the picture moved between
them. What moves along is taken away by that, and with it the mark that an encoder let drift with the picture;
what stands still, or is written anew, is left. It adds up over all frames.

Method: optical flow, T. Kroeger and others, "Fast optical flow using dense inverse search", 2016; frames foretold along
their motion, and averaged over those before, as encoders and denoisers of video do.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from jaxtyping import Float32, UInt8

from vivant.provenance.watermark_search import SHORT_SIDE_PX, looked_at, resized, whitened

MOVING_FRAMES: Final = 90
"""As many frames are looked at, at most: three seconds of 30 frames."""
_WANTED = 1 / 90  # shorter sides by which the picture is to move between two frames compared
_LEAST_MOVED = 1 / 2500  # shorter sides a frame; what moves less is taken to stand still
_FURTHEST = 12  # frames apart that are compared
_LEAST_FRAMES = 6
_SAMPLES = 5  # pairs of frames from which the speed is told
_MOVING_PART = 70  # per cent; nearly a third of the picture moves as fast, or faster
_COARSER = 4  # times, that the flow is kept
_KEPT = 0.5  # share of what was foretold in the average that foretells what comes
_CLIPPED = 20.0  # steps of luma
_LOCAL_POWER = 0.04  # shorter sides, over which what is left is taken to be even
_FORETOLD = 0.5  # of a picture's own deviation; one that differs more from what was foretold is another scene

_Luma = UInt8[np.ndarray, "height width"]
_Picture = Float32[np.ndarray, "height width"]
_Flow = Float32[np.ndarray, "down across 2"]


def moving_residual_of(
    lumas: Sequence[UInt8[np.ndarray, "_height _width"]],
) -> Float32[np.ndarray, "height width"] | None:
    """Take away what moves, and add up what is left.

    Args:
        lumas: Frames of one size that follow each other.

    Returns:
        Whitened, no larger than ``SHORT_SIDE_PX``; ``None`` where nothing moves, or nothing is left.
    """
    if len(lumas) < _LEAST_FRAMES:
        return None
    frames = [_small(luma) for luma in lumas]
    moved = _speed(frames) / min(frames[0].shape)
    if moved < _LEAST_MOVED:
        return None
    apart = min(max(1, round(_WANTED / moved)), _FURTHEST, len(frames) // 2)
    total = _left_of(frames, apart)
    return whitened(total) if float(np.abs(total).max()) > 0 else None


def _small(luma: UInt8[np.ndarray, "_h _w"]) -> _Luma:
    luma = np.ascontiguousarray(looked_at(luma))
    share = SHORT_SIDE_PX / min(luma.shape)
    return luma if share >= 1 else np.asarray(resized(luma, share), dtype=np.uint8)


def _speed(frames: Sequence[_Luma]) -> float:
    """Tell how fast the picture moves, in pixels a frame."""
    apart = min(3, len(frames) - 1)
    firsts = np.linspace(0, len(frames) - 1 - apart, _SAMPLES).astype(int)
    flows = [_flow(frames[i + apart], frames[i]) for i in firsts]
    speeds = [np.percentile(np.hypot(*flow.T), _MOVING_PART) for flow in flows]
    return float(np.median(speeds)) / apart


def _flow(after: _Luma, before: _Luma) -> _Flow:
    """Tell from where each place has come, in pixels; a quarter as fine as the picture."""
    seen = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_ULTRAFAST)
    flow = seen.calc(after, before, np.empty(0))
    size = (after.shape[1] // _COARSER, after.shape[0] // _COARSER)
    return np.asarray(cv2.resize(flow, size, interpolation=cv2.INTER_AREA), dtype=np.float32)


def _left_of(frames: Sequence[_Luma], apart: int) -> _Picture:
    """Foretell every frame from those so many earlier and later, and add up by how much it differs.

    Places that are foretold badly count less; those that hardly move tell nothing, so they do not count more. The way
    back is taken to be the same, turned round: between frames so near each other it nearly is.
    """
    height, width = frames[0].shape
    places = np.stack(np.meshgrid(np.arange(width), np.arange(height)), axis=2).astype(np.float32)
    total, power = (np.zeros((height, width), dtype=np.float32) for _ in range(2))
    flows = [_flow(frames[i], frames[i - apart]) for i in range(apart, len(frames))]
    for way in (1, -1):
        ordered = frames[::way]
        known = deque((one.astype(np.float32) for one in ordered[:apart]), maxlen=apart)
        for frame, flow in zip(ordered[apart:], flows[::way], strict=True):
            picture = frame.astype(np.float32)
            came = places + cv2.resize(flow, (width, height)) * np.float32(way)
            left = picture - _moved(known[0], came)
            left[np.isnan(left)] = 0
            if float(left[::4].std()) < _FORETOLD * float(picture[::4].std()):
                clipped = np.clip(left, -_CLIPPED, _CLIPPED)
                total += clipped
                power += clipped * clipped
                picture -= np.float32(_KEPT) * left
            known.append(picture)
    spread_px = round(min(height, width) * _LOCAL_POWER)
    local = np.maximum(cv2.blur(power, (spread_px, spread_px)), 0)
    return np.asarray(total / (local + float(local.mean()) + 1), dtype=np.float32)


def _moved(picture: _Picture, places: _Flow) -> _Picture:
    """Fetch each place from where it was; NaN from beyond the picture."""
    moved = cv2.remap(  # type: ignore[call-overload]
        picture,
        places,
        None,
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=float("nan"),
    )
    return np.asarray(moved, dtype=np.float32)
