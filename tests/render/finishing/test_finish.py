"""Light becomes film: the same each time, without bands, with grain on everything alike."""

from __future__ import annotations

import numpy as np
import pytest
from jaxtyping import Float32

from vivant.media.picture import Frame
from vivant.render.finishing import Look, finish

WIDTH, HEIGHT = 160, 90
EVEN = Look(vignette=0)


def flat(value: float) -> Float32[np.ndarray, "h w 3"]:
    return np.full((HEIGHT, WIDTH, 3), value, np.float32)


def sky() -> Float32[np.ndarray, "h w 3"]:
    down = np.linspace(0, 1, HEIGHT, dtype=np.float32)[:, None, None]
    colour = np.array([0.2, 0.4, 0.9], np.float32) + down * np.array([1.0, 0.7, 0.1], np.float32)
    return np.ascontiguousarray(np.broadcast_to(colour, (HEIGHT, WIDTH, 3)), np.float32)


def planes(frame: Frame) -> np.ndarray:
    return np.concatenate([frame.y.ravel(), frame.u.ravel(), frame.v.ravel()])


def test_a_frame_does_not_depend_on_the_number_of_threads() -> None:
    frames = [
        finish(sky(), sun_px=(120.0, 20.0), seed=3, frame=7, threads=threads)
        for threads in (1, 2, 5)
    ]
    assert np.array_equal(planes(frames[0]), planes(frames[1]))
    assert np.array_equal(planes(frames[0]), planes(frames[2]))


def test_grain_is_new_in_each_frame_and_the_same_for_the_same_frame() -> None:
    one = finish(flat(0.4), sun_px=None, seed=1, frame=1, look=EVEN)
    again = finish(flat(0.4), sun_px=None, seed=1, frame=1, look=EVEN)
    other = finish(flat(0.4), sun_px=None, seed=1, frame=2, look=EVEN)
    assert np.array_equal(planes(one), planes(again))
    a, b = (frame.y.astype(float) - frame.y.mean() for frame in (one, other))
    assert abs(float((a * b).mean() / (a.std() * b.std()))) < 0.05


def test_grain_is_the_same_wherever_the_light_is_the_same() -> None:
    """People come before the grain, so it cannot tell what is in front of it."""
    hdr = flat(0.3)
    hdr[20:70, 50:110] = 0.3  # a person as bright as the set
    grain = finish(hdr, sun_px=None, bloom=0, look=Look(vignette=0)).y.astype(float)
    inside, outside = grain[20:70, 50:110].std(), grain[:, :50].std()
    assert inside == pytest.approx(outside, rel=0.15)
    assert 0.4 < inside < 2.5


def test_a_soft_sky_has_no_bands() -> None:
    """Averaged over a row, each row lies between its neighbours: no step of a whole code."""
    ramp = np.linspace(0.30, 0.34, HEIGHT, dtype=np.float32)[:, None, None]
    hdr = np.ascontiguousarray(np.broadcast_to(ramp, (HEIGHT, 1280, 3)), np.float32)
    rows = finish(hdr, sun_px=None, bloom=0, look=Look(grain=0, vignette=0)).y.mean(axis=1)
    span = rows[-1] - rows[0]
    assert 2 < span < 12
    assert (
        np.abs(rows - np.poly1d(np.polyfit(np.arange(HEIGHT), rows, 3))(np.arange(HEIGHT))).max()
        < 0.2
    )


def test_white_is_an_even_warm_light_and_black_is_black() -> None:
    white = finish(sky(), sun_px=(120.0, 20.0), white=1.0, look=Look(grain=0))
    assert int(white.y.max()) - int(white.y.min()) <= 2
    assert white.y.mean() > 195
    assert white.v.mean() > 128 > white.u.mean()
    black = finish(sky(), sun_px=(120.0, 20.0), black=1.0)
    assert np.all(black.y == 16)
    assert np.all(black.u == 128)
    assert np.all(black.v == 128)


def test_the_way_into_light_only_grows_brighter() -> None:
    levels = [finish(sky(), sun_px=None, white=part).y.mean() for part in np.linspace(0, 1, 11)]
    assert np.all(np.diff(levels) > 0)


def test_bloom_spreads_light_evenly_round_a_lamp() -> None:
    hdr = flat(0.05)
    hdr[43:47, 78:82] = 8.0
    plain = finish(hdr, sun_px=None, bloom=0, look=Look(grain=0, vignette=0)).y.astype(int)
    glowing = finish(hdr, sun_px=None, bloom=0.3, look=Look(grain=0, vignette=0)).y.astype(int)
    more = (glowing - plain).astype(float)
    assert more[45, 92] > 3
    assert more[45, 92] > more[45, 120]
    assert more[45, 92] == pytest.approx(more[45, 67], abs=4)
    assert more[33, 80] == pytest.approx(more[56, 80], abs=4)


def test_shafts_leave_the_sun_through_a_gap() -> None:
    hdr = flat(0.1)
    hdr[40:50, 60:70] = 6.0
    quiet = Look(grain=0, vignette=0)
    dark = finish(hdr, sun_px=None, bloom=0, look=quiet).y.astype(int)
    lit = finish(hdr, sun_px=(20.0, 45.0), rays=0.6, bloom=0, look=quiet).y.astype(int)
    more = lit - dark
    assert more[45, 90] > 2 * max(1, more[80, 65])
    assert more[45, 90] > more[45, 40]


def test_a_sun_that_leaves_the_picture_takes_its_shafts_along() -> None:
    hdr = flat(2.0)
    far = finish(hdr, sun_px=(-200.0, 45.0), rays=1.0, bloom=0)
    none = finish(hdr, sun_px=None, rays=1.0, bloom=0)
    assert np.array_equal(planes(far), planes(none))


def test_sizes_that_are_no_multiple_of_the_small_ones_work() -> None:
    hdr = np.full((46, 58, 3), 0.5, np.float32)
    frame = finish(hdr, sun_px=(3.0, 3.0))
    assert frame.y.shape == (46, 58)
    assert frame.u.shape == (23, 29)


def test_odd_sizes_are_refused() -> None:
    with pytest.raises(ValueError, match="even"):
        finish(np.zeros((45, 58, 3), np.float32), sun_px=None)
