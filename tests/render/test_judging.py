"""What comes back from an engine that invents is measured: who it is, how sharp, how steady."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy as np
import pytest
from jaxtyping import Float32, UInt8

from rigs import faces, photo
from vivant.render.judging import Verdict, judge

pytestmark = pytest.mark.models
WIDTH, HEIGHT, FRAMES = 480, 360, 9
Pixels = UInt8[np.ndarray, "height width 3"]


def framed(name: str) -> Pixels:
    """Bring a portrait to the film's size, with room around it."""
    pixels = photo(name)
    height = min(pixels.shape[0], round(pixels.shape[1] * HEIGHT / WIDTH))
    return np.asarray(
        cv2.resize(
            np.ascontiguousarray(pixels[:height]), (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA
        )
    )


def passing(name: str) -> list[Pixels]:
    """Let the camera pass by."""
    return [np.roll(framed(name), 3 * i, axis=1) for i in range(FRAMES)]


def judged(frames: Sequence[Pixels], **people: Float32[np.ndarray, " 128"]) -> Verdict:
    first = framed("hopper")
    return judge(
        lambda index: frames[index], count=len(frames), first=first, people=people, faces=faces()
    )


def test_the_same_person_seen_sharply_and_steadily_may_be_shown() -> None:
    (found,) = faces().find(photo("hopper"))

    verdict = judged(passing("hopper"), grace=faces().vector(photo("hopper"), found.landmarks))

    assert verdict.good, verdict.why
    assert verdict.measured["likeness"] > 0.95


def test_who_becomes_another_is_seen_also_where_no_photo_was_given() -> None:
    ours, other = passing("hopper"), passing("astronaut")
    parts = np.linspace(0, 1, FRAMES)
    turning = [
        np.rint(a * (1 - k) + b * k).astype(np.uint8)
        for a, b, k in zip(ours, other, parts, strict=True)
    ]

    assert any("becomes another's" in why for why in judged(turning).why)
    assert judged(ours).good


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda one, _i: cv2.GaussianBlur(one, (0, 0), 3), "it is soft"),
        (
            lambda one, i: np.clip(one * (1 + 0.03 * (-1) ** i), 0, 255).astype(np.uint8),
            "it flickers",
        ),
        (
            lambda one, i: np.clip(
                one + np.random.default_rng(i).normal(0, 25, one.shape), 0, 255
            ).astype(np.uint8),
            "full of noise",
        ),
        (lambda one, _i: (one * 0.7).astype(np.uint8), "does not begin with our picture"),
        (lambda one, _i: np.full_like(one, 128), "a face is lost in 9 of 9"),
    ],
)
def test_each_fault_is_found(spoil: Callable[[Pixels, int], Pixels], why: str) -> None:
    verdict = judged([np.asarray(spoil(one, i)) for i, one in enumerate(passing("hopper"))])

    assert any(why in one for one in verdict.why), verdict.why
