"""Another person's face, made ours."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest

from vivant.errors import InputError
from vivant.intake.engine import FaceTraits, FoundFace
from vivant.media.face import SHAPE
from vivant.performance.curves import Performance
from vivant.performance.livelink import from_livelink, to_livelink
from vivant.performance.measures import LID_PAIRS, LIP_PAIRS
from vivant.performance.tracking import FaceLostError, from_curves, track_video

RATE = Fraction(25)
BLANK = np.zeros((8, 8, 3), dtype=np.uint8)


def face(
    *, jaw: float = 0.0, lips: float | None = None, lid: float = 0.0, yaw: float = 0.0,
    resting: float = 0.3, scale: float = 1.0,
) -> FoundFace:  # fmt: skip
    """A scripted face: eye corners 200 px apart; the jaw drops 100 px, open eyes are 16 px high."""
    points = np.zeros((478, 3), dtype=np.float32)
    points[33], points[263] = (100, 200, 0), (300, 200, 0)
    points[10], points[168], points[2] = (200, 80, 0), (200, 210, 0), (200, 310, 0)
    points[152] = (200, 410 + 100 * jaw, 0)
    points[61], points[291] = (150, 350, 0), (250, 350, 0)
    gap = 100 * (jaw if lips is None else lips)
    for x, (upper, lower) in zip((175, 200, 225), LIP_PAIRS, strict=True):
        points[upper], points[lower] = (x, 350, 0), (x, 351 + gap, 0)
    for side, start in (("Left", 240), ("Right", 100)):
        *pairs, corners = LID_PAIRS[side]
        points[corners[0]], points[corners[1]] = (start, 200, 0), (start + 60, 200, 0)
        height = 16 * (1 - 0.85 * lid)
        for upper, lower in pairs:
            points[upper], points[lower] = (start + 30, 200 - height, 0), (start + 30, 200, 0)
    points[33], points[263] = (100, 200, 0), (300, 200, 0)
    shapes = np.full(52, resting, dtype=np.float32)
    return FoundFace(
        landmarks=points * np.float32(scale), shapes=shapes, matrix=np.eye(4, dtype=np.float32),
        yaw_deg=yaw, pitch_deg=2.0, roll_deg=-1.0,
    )  # fmt: skip


class Scripted:
    """Sees what it is told to see."""

    traits = FaceTraits(version="scripted", smallest_eye_distance_px=1.0, most_faces=1)

    def __init__(self, faces: Sequence[FoundFace | None]) -> None:
        self._faces = iter(faces)
        self.closed = False

    def find(self, _pixels: np.ndarray, /) -> tuple[FoundFace, ...]:
        return ()

    def segment(self, pixels: np.ndarray, /) -> np.ndarray:
        return np.zeros(pixels.shape[:2], dtype=np.float32)

    def vector(self, _pixels: np.ndarray, _landmarks: np.ndarray, /) -> np.ndarray:
        return np.ones(128, dtype=np.float32)

    def follow(self) -> Scripted:
        return self

    def next(self, _pixels: np.ndarray, _time_ms: int, /) -> FoundFace | None:
        return next(self._faces)

    def close(self) -> None:
        self.closed = True


def tracked(faces: Sequence[FoundFace | None]) -> Performance:
    return track_video((BLANK for _ in faces), rate=RATE, engine=Scripted(faces))


def at(performance: Performance, name: str) -> np.ndarray:
    curve: np.ndarray = performance.shapes[:, SHAPE[name]]
    return curve


def wave(frames: int = 100) -> np.ndarray:
    return np.clip(np.sin(np.arange(frames) / 6), 0, None) * 0.5


def test_a_face_at_rest_reads_as_rest() -> None:
    performance = tracked([face(resting=0.4)] * 40)

    assert performance.frames == 40
    assert performance.shapes.max() < 0.05
    assert np.abs(performance.head).max() < 1e-6


def test_the_jaw_follows_the_jaw() -> None:
    jaw = wave()

    performance = tracked([face(jaw=float(j)) for j in jaw])

    assert np.corrcoef(at(performance, "jawOpen"), jaw)[0, 1] > 0.98
    assert at(performance, "jawOpen").max() == pytest.approx(0.5, abs=0.08)
    assert at(performance, "mouthClose").max() < 0.08


def test_lips_that_meet_over_an_open_jaw_are_shut() -> None:
    jaw = wave()
    lips = [float(j) if i % 50 < 25 else 0.0 for i, j in enumerate(jaw)]

    performance = tracked([face(jaw=float(j), lips=m) for j, m in zip(jaw, lips, strict=True)])

    shut = np.array([i % 50 > 30 and i % 50 < 47 for i in range(100)])
    apart = at(performance, "jawOpen") - at(performance, "mouthClose")
    assert apart[shut].max() < 0.02
    assert at(performance, "mouthUpperUpLeft")[shut].max() < 0.02


def test_blinks_close_fully_whatever_the_network_says() -> None:
    lids = [1.0 if i % 40 in {20, 21} else 0.0 for i in range(120)]

    performance = tracked([face(lid=lid) for lid in lids])

    blink = at(performance, "eyeBlinkLeft")
    assert blink[[20, 60, 100]].min() > 0.95
    assert np.delete(blink, [20, 21, 60, 61, 100, 101]).max() < 0.05


def test_the_head_is_relative_to_its_usual_place_and_limited() -> None:
    yaws = [10.0 + 40.0 * float(np.sin(i / 15)) for i in range(190)]

    head = tracked([face(yaw=yaw) for yaw in yaws]).head

    assert abs(float(np.median(head[:, 0]))) < 3.0
    assert 15.0 < np.abs(head[:, 0]).max() <= 18.0
    assert np.abs(head[:, 1]).max() < 1e-3


def test_the_size_of_the_picture_does_not_matter() -> None:
    jaw = wave()

    small, large = (tracked([face(jaw=float(j), scale=s) for j in jaw]) for s in (0.5, 4.0))

    np.testing.assert_allclose(small.shapes, large.shapes, atol=1e-3)
    np.testing.assert_allclose(small.head, large.head, atol=1e-3)


def test_lost_frames_are_bridged() -> None:
    jaw = wave()
    faces = [None if i in {30, 31, 32} else face(jaw=float(j)) for i, j in enumerate(jaw)]

    performance = tracked(faces)

    assert performance.frames == 100
    assert np.corrcoef(at(performance, "jawOpen"), jaw)[0, 1] > 0.95


def test_a_face_lost_for_long_goes_to_rest() -> None:
    faces = [face(jaw=0.4 if i > 20 else 0.0) if not 60 <= i < 130 else None for i in range(200)]

    performance = tracked(faces)

    assert at(performance, "jawOpen")[95] < 0.01
    assert at(performance, "jawOpen")[[50, 150]].min() > 0.3


def test_a_film_without_a_face_is_refused() -> None:
    for faces in ([None] * 20, [face()] * 4 + [None] * 16, []):
        with pytest.raises(FaceLostError):
            tracked(faces)


def test_the_follower_is_closed_when_looking_fails() -> None:
    engine = Scripted([])

    with pytest.raises(StopIteration):
        track_video(iter([BLANK]), rate=RATE, engine=engine)

    assert engine.closed


def test_captured_curves_lose_what_the_face_shows_at_rest() -> None:
    rng = np.random.default_rng(1)
    shapes = np.full((100, 52), 0.25, dtype=np.float32)
    shapes[40:60, SHAPE["browInnerUp"]] = 0.9
    head = rng.normal(0, 0.1, (100, 6)).astype(np.float32) + np.float32(12.0)
    captured = Performance(
        rate=RATE, shapes=shapes, head=head, breath=np.zeros(100, dtype=np.float32)
    )

    performance = from_curves(from_livelink(to_livelink(captured)))

    brow = at(performance, "browInnerUp")
    assert brow[50] > 0.8
    assert brow[:30].max() < 0.05
    assert np.abs(performance.head).max() < 1.0


def test_no_curves_are_refused() -> None:
    empty = Performance(
        rate=RATE, shapes=np.zeros((0, 52), dtype=np.float32),
        head=np.zeros((0, 6), dtype=np.float32), breath=np.zeros(0, dtype=np.float32),
    )  # fmt: skip

    with pytest.raises(InputError):
        from_curves(empty)
