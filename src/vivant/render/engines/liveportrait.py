"""A head engine of LivePortrait's kind: networks draw the head anew in each frame, from the photo and 21 points.

How our curves become points:

- the head's turn, shift and distance exactly: our rotation matrix, about the head's own axes;
- lids by the network that opens and closes eyes (it knows one wish for both: a wink becomes half a blink);
- lips by the network that parts them, where it is there;
- everything else by measuring: when a rig is opened, the embedded engine draws it with each of the 52 shapes,
  and the motion extractor tells how its points move; a frame's points are the sum of those, by weight.

Body and background stay as in the photo. The weights are never fetched by this engine: see ``models.hub``.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from jaxtyping import Float32, Float64, UInt8

from vivant.media.face import ARKIT_SHAPES, SHAPE
from vivant.media.picture import Frame
from vivant.media.planes import planes_to_rgb, rgb_to_planes
from vivant.models.hub_fetching import weights_for
from vivant.places import Places
from vivant.render.engine import RenderTraits
from vivant.render.engines.liveportrait_crop import (
    CROP_PX,
    composed,
    crop_matrix,
    cropped,
    inverted,
    laid_mask,
    pasted,
)
from vivant.render.engines.liveportrait_graphs import Graphs, small
from vivant.render.engines.liveportrait_motion import KEYPOINTS, rotation
from vivant.render.engines.puppet import PuppetEngine, PuppetStage
from vivant.render.framing import Framing
from vivant.render.pose import CAMERA, soft_limit
from vivant.rig.rig import Rig

VERSION = "1"
YAW_LIMIT_DEG, PITCH_LIMIT_DEG, ROLL_LIMIT_DEG = 30.0, 20.0, 25.0
SHIFT_LIMIT = 0.2
LOOKED_AT_PX = 512
"""Side of the frames in which shapes are measured."""
LIDS = tuple(SHAPE[name] for name in ("eyeBlinkLeft", "eyeBlinkRight"))
LIPS = tuple(SHAPE[name] for name in ("jawOpen", "mouthClose"))
WIDEST = 0.7
"""How far lips part at ``jawOpen`` 1, in widths of the mouth."""
_EYES = ((159, 145, 33, 133), (386, 374, 362, 263))
"""Upper and lower lid, outer and inner corner: the person's right eye first, which is on the left."""
_MOUTH = (13, 14, 78, 308)
_NEUTRAL = np.zeros(52, np.float32)
_STILL = np.zeros(6, np.float32)


class LivePortraitEngine:
    """Draws photo rigs with networks."""

    traits = RenderTraits(
        name="liveportrait",
        version=VERSION,
        licence="MIT",
        needs_gpu=False,
        yaw_limit_deg=YAW_LIMIT_DEG,
        pitch_limit_deg=PITCH_LIMIT_DEG,
    )

    def __init__(self, *, weights: Path | None = None, places: Places | None = None) -> None:
        """Choose; nothing is loaded yet.

        Args:
            weights: A folder of graphs; those that were fetched when None.
            places: Where those are looked for.
        """
        self._folder, self._places = weights, places

    def open(
        self, rig: Rig, *, width_px: int, height_px: int, threads: int = 2
    ) -> LivePortraitStage:
        """Look at the person, and measure what each shape does to the points.

        Raises:
            MissingError: There are no weights here.
            InputError: They are not the published graphs.
        """
        folder = self._folder or weights_for("liveportrait", places=self._places).folder
        graphs = Graphs(folder, threads=threads)
        puppet = PuppetEngine().open(rig, width_px=width_px, height_px=height_px, threads=threads)
        try:
            still = _rgb(puppet.draw(0, shapes=_NEUTRAL, head=_STILL, breath=0.5))
            framing = puppet.framing
        finally:
            puppet.close()
        return LivePortraitStage(rig, graphs, still=still, framing=framing, threads=threads)


class LivePortraitStage:
    """A rig at one size."""

    folded = 0

    def __init__(
        self,
        rig: Rig,
        graphs: Graphs,
        *,
        still: UInt8[np.ndarray, "height width 3"],
        framing: Framing,
        threads: int,
    ) -> None:
        """Look at the photo.

        Args:
            rig: The person.
            graphs: The networks.
            still: The film's frame before anything moves.
            framing: Where it lies in the photo.
            threads: Threads of the embedded engine, which shows what each shape looks like.
        """
        self._rig, self._graphs, self._still = rig, graphs, still
        into = crop_matrix(rig.landmarks)
        seen = small(cropped(rig.photo, into))
        self._motion = graphs.motion(seen)
        self._volume = graphs.appearance(seen)
        self._source = self._motion.placed()
        self._side = float(np.hypot(*into[0, :2])) * rig.face_height_px / (CROP_PX / 2)
        self._opened = [_opening(rig.landmarks, *eye) for eye in _EYES]
        self._parted = _opening(rig.landmarks, *_MOUTH)
        self._moves = self._measured(threads)
        self._film = composed(inverted(into), _affine(framing))
        self._mask: Float32[np.ndarray, "height width"] | None = None

    def close(self) -> None:
        """Nothing that must be let go: sessions go with the stage."""

    def draw(
        self,
        index: int,
        *,
        shapes: Float32[np.ndarray, " 52"],
        head: Float32[np.ndarray, " 6"],
        breath: float,
    ) -> Frame:
        """Draw one frame; the body does not breathe."""
        del breath
        head_px = self._graphs.drawn(
            self._volume, self._source, self.driving(shapes=shapes, head=head)
        )
        side = head_px.shape[0]
        matrix = self._film.copy()
        matrix[:, :2] *= CROP_PX / side  # networks draw at a size of their own
        matrix[:, 2] += self._film[:, :2].sum(1) * (CROP_PX / side - 1) / 2
        if self._mask is None:
            height_px, width_px = self._still.shape[:2]
            self._mask = laid_mask(side, matrix, width_px=width_px, height_px=height_px)
        y, u, v = rgb_to_planes(pasted(self._still, head_px, matrix, self._mask))
        return Frame(index=index, y=y, u=u, v=v)

    def driving(
        self, *, shapes: Float32[np.ndarray, " 52"], head: Float32[np.ndarray, " 6"]
    ) -> Float32[np.ndarray, "21 3"]:
        """Turn a moment of a performance into points."""
        limits = (YAW_LIMIT_DEG, PITCH_LIMIT_DEG, ROLL_LIMIT_DEG)
        yaw, pitch, roll = (soft_limit(float(head[i]), limit) for i, limit in enumerate(limits))
        turned = (  # tilt, nod, turn: as in render.pose, whose yaw is above 0 toward the picture's right
            rotation(pitch_deg=0, yaw_deg=0, roll_deg=roll)
            @ rotation(pitch_deg=pitch, yaw_deg=0, roll_deg=0)
            @ rotation(pitch_deg=0, yaw_deg=-yaw, roll_deg=0)
        )
        right, down, away = (soft_limit(float(one), SHIFT_LIMIT) for one in head[3:6])
        weights = np.clip(shapes, 0, 1.3) + self._rig.rest_shapes
        weights[list(self._by_networks)] = 0
        driven = self._motion.placed(
            turned=turned,
            expression=np.tensordot(weights, self._moves, axes=1).astype(np.float32),
            nearer=CAMERA / (CAMERA + away),
            shift=np.array([right, down]) * self._side,
        )
        return self._graphs.stitched(self._source, driven + self._opened_and_closed(shapes))

    @property
    def _by_networks(self) -> tuple[int, ...]:
        """Shapes that have a network of their own."""
        return (*LIDS, *LIPS) if self._graphs.has_lips else LIDS

    def _opened_and_closed(self, shapes: Float32[np.ndarray, " 52"]) -> Float32[np.ndarray, "21 3"]:
        """Let lids and lips do what they are wished, and nothing while they rest."""
        rests = float(np.mean(self._opened))
        blink = float(np.clip(shapes[list(LIDS)], 0, 1).mean())
        graphs, source = self._graphs, self._source
        moved = graphs.eyes(source, self._opened, rests * (1 - blink))
        moved = moved - graphs.eyes(source, self._opened, rests)
        if graphs.has_lips:
            jaw, shut = (float(np.clip(shapes[one], 0, 1)) for one in LIPS)
            wished = WIDEST * max(0.0, jaw - min(shut, jaw))
            moved = moved + graphs.lips(source, self._parted, wished)
            moved = moved - graphs.lips(source, self._parted, self._parted)
        return np.asarray(moved, np.float32)

    def _measured(self, threads: int) -> Float32[np.ndarray, "52 21 3"]:
        """Measure how the points move with each shape, on this person, as the network itself sees it."""
        side = LOOKED_AT_PX
        puppet = PuppetEngine().open(self._rig, width_px=side, height_px=side, threads=threads)
        try:
            into = composed(inverted(_affine(puppet.framing)), crop_matrix(self._rig.landmarks))
            rest = self._seen(puppet, _NEUTRAL, into)
            moves = np.zeros((len(ARKIT_SHAPES), KEYPOINTS, 3), np.float32)
            for place in range(len(ARKIT_SHAPES)):
                if place not in self._by_networks:
                    shapes = _NEUTRAL.copy()
                    shapes[place] = 1
                    moves[place] = self._seen(puppet, shapes, into) - rest
        finally:
            puppet.close()
        return moves

    def _seen(
        self,
        puppet: PuppetStage,
        shapes: Float32[np.ndarray, " 52"],
        into: Float64[np.ndarray, "2 3"],
    ) -> Float32[np.ndarray, "21 3"]:
        frame = _rgb(puppet.draw(0, shapes=shapes, head=_STILL, breath=0.5))
        return self._graphs.motion(small(cropped(frame, into))).expression


def _affine(framing: Framing) -> Float64[np.ndarray, "2 3"]:
    """Give the way from rig pixels to film pixels."""
    scale, half = framing.scale, (framing.scale - 1) / 2
    return np.array([[scale, 0, half - framing.left], [0, scale, half - framing.top]], np.float64)


def _opening(
    landmarks: Float32[np.ndarray, "478 3"], upper: int, lower: int, left: int, right: int
) -> float:
    """Measure how far lids or lips are apart, in widths of the eye or the mouth."""
    points = landmarks[:, :2]
    wide = float(np.linalg.norm(points[left] - points[right]))
    return float(np.linalg.norm(points[upper] - points[lower])) / max(wide, 1e-6)


def _rgb(frame: Frame) -> UInt8[np.ndarray, "height width 3"]:
    return planes_to_rgb(frame.y, frame.u, frame.v)
