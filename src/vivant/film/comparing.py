"""A film beside the photo it was made from, and beside the curves it was to follow."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
from jaxtyping import Float32, Float64, UInt8

from vivant.errors import InputError
from vivant.film.decoding import frames_as_rgb, probe
from vivant.film.encoding import Encoder
from vivant.film.motions import correlation
from vivant.film.seeing import Seen, eyes_apart, face_sharpness, look_through
from vivant.intake.engine import FaceEngine, FoundFace
from vivant.media.face import SHAPE
from vivant.media.picture import Frame
from vivant.media.planes import rgb_to_planes
from vivant.media.watch import Watch, unwatched
from vivant.performance.curves import Performance

STILL_FRAMES = 5
"""A still is encoded for this long before it is judged: the encoder improves it frame by frame."""


LIPS_FREE = 0.05
"""Below this ``mouthClose`` the lips follow the jaw."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resemblance:
    """How a film's face compares with the photo's."""

    identity_mean: float
    """Similarity of face vectors of frames and photo: 1 is the same."""
    identity_p05: float
    """The lowest, 5 % of the frames left out."""
    own_score: float
    """What the photo itself scores, framed as the film frames it, encoded and decoded."""
    sharpness: float
    """Variance of the Laplacian in the face, over that of the photo at the same scale."""

    @property
    def relative(self) -> float:
        """Mean identity over the photo's own score."""
        return self.identity_mean / self.own_score if self.own_score > 0 else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBack:
    """Correlation of what was commanded with what is detected again; nothing where a curve stands still."""

    jaw: float | None
    """Where the lips are free: detectors take a chin that drops behind shut lips for a face that rests."""
    lips: float | None
    lids: float | None
    yaw: float | None
    pitch: float | None
    roll: float | None


def face_in_photo(pixels: UInt8[np.ndarray, "height width 3"], *, engine: FaceEngine) -> FoundFace:
    """Find the largest face of a photo.

    Raises:
        InputError: It shows none.
    """
    face = _largest(engine.find(pixels))
    if face is None:
        message = "The photo shows no face, so nothing can be compared with it. Give the photo that the film was made from."
        raise InputError(message)
    return face


def resemble(
    seen: Seen,
    pixels: UInt8[np.ndarray, "height width 3"],
    face: FoundFace,
    *,
    engine: FaceEngine,
) -> Resemblance | None:
    """Compare the faces seen in a film with a photo; nothing when no face was seen.

    Args:
        seen: The film.
        pixels: The photo, upright.
        face: The face in it.
        engine: Who finds and tells faces; the one who saw the film.
    """
    if not len(seen.vectors):
        return None
    vector = engine.vector(pixels, face.landmarks)
    alike = seen.vectors @ vector
    scale = float(np.nanmedian(seen.eyes_apart_px)) / eyes_apart(face.landmarks)
    framed = _framed(pixels, face, scale=scale, width=seen.width_px, height=seen.height_px)
    still = _through_encoder(framed)
    found = _largest(engine.find(still))
    own = 1.0 if found is None else float(engine.vector(still, found.landmarks) @ vector)
    return Resemblance(
        identity_mean=float(alike.mean()),
        identity_p05=float(np.percentile(alike, 5)),
        own_score=own,
        sharpness=float(np.nanmedian(seen.sharpness)) / _sharpness_at(pixels, face, scale=scale),
    )


def readback(
    performance: Performance, path: Path, *, engine: FaceEngine, watch: Watch = unwatched
) -> ReadBack:
    """Detect a film's face again and correlate it with the curves that it was to follow.

    Raises:
        InputError: The film is damaged, or has another number of frames than the performance.
    """
    facts = probe(path)
    _check_frames(performance, facts.frames)
    seen = look_through(path, frames=facts.frames, rate=facts.rate, engine=engine, watch=watch)
    return read_back_from(performance, seen)


def read_back_from(performance: Performance, seen: Seen) -> ReadBack:
    """Correlate curves with what was seen in a film; see ``readback``."""
    _check_frames(performance, len(seen.found))

    def shape(*names: str) -> Float64[np.ndarray, " frames"]:
        columns = performance.shapes[:, [SHAPE[name] for name in names]]
        mean: Float64[np.ndarray, " frames"] = columns.astype(np.float64).mean(axis=1)
        return mean

    def head(column: int) -> float | None:
        return correlation(
            performance.head[:, column].astype(np.float64),
            seen.head_deg[:, column].astype(np.float64),
        )

    return ReadBack(
        jaw=correlation(
            np.where(shape("mouthClose") < LIPS_FREE, shape("jawOpen"), np.nan),
            seen.chin_drop.astype(np.float64),
        ),
        lips=correlation(shape("jawOpen") - shape("mouthClose"), seen.lip_gap.astype(np.float64)),
        lids=correlation(
            shape("eyeBlinkLeft", "eyeBlinkRight"),
            -seen.eye_openness.astype(np.float64).mean(axis=1),
        ),
        yaw=head(0),
        pitch=head(1),
        roll=head(2),
    )


def _check_frames(performance: Performance, frames: int) -> None:
    if frames != performance.frames:
        message = (
            f"The film has {frames} frames and the performance {performance.frames}; "
            "they must belong together."
        )
        raise InputError(message)


def _largest(faces: tuple[FoundFace, ...]) -> FoundFace | None:
    return max(faces, key=lambda face: eyes_apart(face.landmarks), default=None)


def _scaled(
    pixels: UInt8[np.ndarray, "height width 3"], scale: float
) -> UInt8[np.ndarray, "h w 3"]:
    height, width = pixels.shape[:2]
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(pixels, size, interpolation=how), np.uint8)


def _framed(
    pixels: UInt8[np.ndarray, "height width 3"],
    face: FoundFace,
    *,
    scale: float,
    width: int,
    height: int,
) -> UInt8[np.ndarray, "h w 3"]:
    """Put the photo's face in the middle of a frame, as large as the film shows it."""
    photo = _scaled(pixels, scale)
    middle = face.landmarks[:, :2].mean(axis=0) * scale
    left, top = round(width / 2 - float(middle[0])), round(height / 2 - float(middle[1]))
    move = np.array([[1, 0, left], [0, 1, top]], np.float32)
    return np.asarray(
        cv2.warpAffine(photo, move, (width, height), borderMode=cv2.BORDER_REPLICATE), np.uint8
    )


def _through_encoder(pixels: UInt8[np.ndarray, "height width 3"]) -> UInt8[np.ndarray, "h w 3"]:
    y, u, v = rgb_to_planes(pixels)
    height, width = y.shape
    with tempfile.TemporaryDirectory(prefix="vivant-") as folder:
        path = Path(folder) / "still.mp4"
        with Encoder(path, width_px=width, height_px=height, rate=Fraction(25)) as encoder:
            for index in range(STILL_FRAMES):
                encoder.write(Frame(index=index, y=y, u=u, v=v))
        *_, last = frames_as_rgb(path)
    return last


def _sharpness_at(
    pixels: UInt8[np.ndarray, "height width 3"], face: FoundFace, *, scale: float
) -> float:
    y, _, _ = rgb_to_planes(_even(_scaled(pixels, scale)))
    landmarks: Float32[np.ndarray, "478 3"] = (face.landmarks * scale).astype(np.float32)
    return max(1e-6, face_sharpness(y, landmarks))


def _even(pixels: UInt8[np.ndarray, "height width 3"]) -> UInt8[np.ndarray, "h w 3"]:
    height, width = (max(2, side & ~1) for side in pixels.shape[:2])
    return np.ascontiguousarray(pixels[:height, :width])
