"""Frames that were drawn elsewhere get fades and grain as ours have them, at the film's size and moments."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jaxtyping import Float32, UInt8

from vivant.media.picture import Frame
from vivant.media.planes import planes_to_rgb, psnr
from vivant.render.finishing.finish import finish
from vivant.render.moving import Moved
from vivant.render.regrading import regraded
from vivant.render.retiming import Retimed
from vivant.scene.light import Light
from vivant.scene.shot import CameraMove, Shot

FRAMES, SEED, INDEX = 8, 5, 3
WIDTH, HEIGHT = 192, 108
Pixels = UInt8[np.ndarray, "height width 3"]
Kind = Literal["white", "black"]


def a_shot(
    *,
    white: Float32[np.ndarray, " frames"] | None = None,
    black: Float32[np.ndarray, " frames"] | None = None,
) -> Shot:
    still, flat = np.zeros((FRAMES, 3)), np.ones(FRAMES)
    ahead = still + np.array([0.0, 0.0, 1.0])
    camera = CameraMove(
        position_m=still, target_m=ahead, fov_deg=40 * flat, roll_deg=0 * flat, focus_m=flat
    )
    return Shot(
        name="one",
        frames=FRAMES,
        rate=Fraction(25),
        width_px=WIDTH,
        height_px=HEIGHT,
        set_name="lake",
        look="open",
        light=Light(sun=(0.0, 1.0, 0.0)),
        camera=camera,
        seed=SEED,
        white=white,
        black=black,
    )


def ours(*, white: float = 0.0, black: float = 0.0) -> Frame:
    rows, columns = np.mgrid[:HEIGHT, :WIDTH].astype(np.float32)
    grey = 0.25 + 0.2 * np.sin(columns / 9) * np.cos(rows / 13)
    light = np.stack([grey, grey * 0.8, grey * 0.6], axis=-1).astype(np.float32)
    return finish(
        light, sun_px=None, rays=0, bloom=0, white=white, black=black, seed=SEED, frame=INDEX
    )


def seen(frame: Frame) -> Pixels:
    return planes_to_rgb(frame.y, frame.u, frame.v)


@pytest.mark.parametrize("kind", ["white", "black"])
@pytest.mark.parametrize("amount", [0.0, 0.1, 0.4, 0.8, 1.0])
def test_fades_look_as_if_we_had_drawn_the_frame(kind: Kind, amount: float) -> None:
    curve = np.full(FRAMES, amount, np.float32)

    shot = a_shot(white=curve) if kind == "white" else a_shot(black=curve)
    faded = regraded(seen(ours()), shot, INDEX)

    wanted = seen(ours(white=amount) if kind == "white" else ours(black=amount)).astype(float)
    assert seen(faded).mean((0, 1)) == pytest.approx(wanted.mean((0, 1)), abs=4)


def test_it_has_the_grain_of_our_film_new_in_each_frame() -> None:
    grey = np.full((HEIGHT, WIDTH, 3), 110, np.uint8)

    one, again, other = (regraded(grey, a_shot(), index).y for index in (1, 1, 2))

    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)
    assert 1.0 < one.std() < 6.0


def drifting(index: float, *, fast: float = 6.0) -> Pixels:
    """A pattern that goes to the right."""
    rows, columns = np.mgrid[:HEIGHT, :WIDTH].astype(np.float32)
    x = columns - fast * index
    grey = 120 + 50 * np.sin(x / 11) * np.cos(rows / 14) + 40 * np.sin(x / 31 + rows / 19)
    return np.repeat(grey[..., None], 3, axis=2).clip(0, 255).astype(np.uint8)


def test_frames_of_the_films_own_rate_and_size_stay_as_they_are() -> None:
    pixels = np.stack([drifting(i) for i in range(5)])
    film = Retimed(
        Moved(pixels=pixels, rate=Fraction(25)), rate=Fraction(25), width_px=WIDTH, height_px=HEIGHT
    )

    assert film.frames == 5
    assert all(np.array_equal(film.frame(i), pixels[i]) for i in range(5))


def test_between_frames_things_are_where_they_would_be_and_not_seen_twice() -> None:
    slow = np.stack([drifting(i) for i in range(0, 9, 2)])
    film = Retimed(
        Moved(pixels=slow, rate=Fraction(25, 2)),
        rate=Fraction(25),
        width_px=WIDTH,
        height_px=HEIGHT,
    )
    inner = np.s_[8:-8, 24:-24]

    for index in (1, 3, 5):
        truth = drifting(index)[inner].copy()
        blended = ((slow[index // 2].astype(int) + slow[index // 2 + 1]) // 2).astype(np.uint8)
        found = psnr(film.frame(index)[inner].copy(), truth)
        assert found > 33
        assert found > psnr(blended[inner].copy(), truth) + 6


@given(
    count=st.integers(1, 200),
    own=st.sampled_from([Fraction(16), Fraction(24), Fraction(30000, 1001)]),
    rate=st.sampled_from([Fraction(24), Fraction(25), Fraction(30), Fraction(24000, 1001)]),
)
def test_it_covers_exactly_the_moments_up_to_its_last_frame(
    count: int, own: Fraction, rate: Fraction
) -> None:
    pixels = np.zeros((count, 2, 2, 3), np.uint8)

    frames = Retimed(Moved(pixels=pixels, rate=own), rate=rate, width_px=2, height_px=2).frames

    last_s = Fraction(count - 1) / own
    assert Fraction(frames - 1) / rate <= last_s < Fraction(frames) / rate
