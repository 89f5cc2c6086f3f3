"""Things away from the focus become discs, and nothing leaks where it should not."""

from __future__ import annotations

import numpy as np
import pytest

from vivant.render.finishing import defocus

HEIGHT, WIDTH = 180, 240
FAR = np.inf


def lamp(depth_m: float) -> tuple[np.ndarray, np.ndarray]:
    hdr = np.zeros((HEIGHT, WIDTH, 3), np.float32)
    hdr[90, 120] = 8.0
    return hdr, np.full((HEIGHT, WIDTH), depth_m, np.float32)


def test_a_lamp_far_away_becomes_a_disc_of_the_right_size() -> None:
    hdr, depth = lamp(FAR)
    radius = 2.0
    out = defocus(hdr.copy(), depth, 2.0, radius * 2.0 / HEIGHT * 1000)
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    away = np.hypot(y - 90, x - 120)
    light = out[..., 1]
    assert light.sum() == pytest.approx(8.0, rel=0.03)
    assert light[away < radius + 2.5].sum() > 0.98 * light.sum()
    assert light.max() < 8.0 / (np.pi * radius**2) * 1.6


def test_discs_stop_growing_at_the_largest() -> None:
    hdr, depth = lamp(FAR)
    out = defocus(hdr.copy(), depth, 1.0, 1000.0)
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    assert np.all(out[np.hypot(y - 90, x - 120) > 0.0125 * HEIGHT + 6] < 1e-5)


def test_what_is_in_focus_keeps_each_pixel() -> None:
    hdr = np.random.default_rng(0).random((HEIGHT, WIDTH, 3)).astype(np.float32)
    depth = np.full((HEIGHT, WIDTH), FAR, np.float32)
    depth[40:120, 60:160] = 3.0
    out = defocus(hdr.copy(), depth, 3.0, 40.0)
    assert np.array_equal(out[40:120, 60:160], hdr[40:120, 60:160])
    assert np.abs(np.diff(out[150, :, 0])).mean() < 0.5 * np.abs(np.diff(hdr[150, :, 0])).mean()


def test_a_sharp_foreground_does_not_leak_into_the_background() -> None:
    hdr = np.full((HEIGHT, WIDTH, 3), 0.2, np.float32)
    hdr[:, 100:140] = 5.0
    depth = np.full((HEIGHT, WIDTH), FAR, np.float32)
    depth[:, 100:140] = 3.0
    out = defocus(hdr.copy(), depth, 3.0, 60.0)
    assert np.allclose(out[:, :100], 0.2, atol=2e-3)
    assert np.array_equal(out[:, 100:140], hdr[:, 100:140])


def test_what_is_nearer_than_the_focus_has_soft_edges_over_the_rest() -> None:
    hdr = np.full((HEIGHT, WIDTH, 3), 0.2, np.float32)
    hdr[:, 100:140] = 2.0
    depth = np.full((HEIGHT, WIDTH), 5.0, np.float32)
    depth[:, 100:140] = 0.8
    out = defocus(hdr.copy(), depth, 5.0, 20.0)[90, :, 0]
    assert out[120] == pytest.approx(2.0, rel=0.02)
    assert 0.3 < out[99] < 1.9
    assert out[90] == pytest.approx(0.2, abs=0.01)


def test_an_even_picture_stays_even() -> None:
    depth = np.random.default_rng(1).uniform(0.5, 50, (HEIGHT, WIDTH)).astype(np.float32)
    out = defocus(np.full((HEIGHT, WIDTH, 3), 0.7, np.float32), depth, 3.0, 40.0)
    assert np.allclose(out, 0.7, atol=4e-3)


def test_the_result_does_not_depend_on_the_number_of_threads() -> None:
    random = np.random.default_rng(2)
    hdr = random.random((HEIGHT, WIDTH, 3)).astype(np.float32) * 4
    depth = random.uniform(0.5, 50, (HEIGHT, WIDTH)).astype(np.float32)
    one, two = (defocus(hdr.copy(), depth, 3.0, 40.0, threads=threads) for threads in (1, 3))
    assert np.array_equal(one, two)


def test_a_pinhole_changes_nothing() -> None:
    hdr, depth = lamp(FAR)
    assert np.array_equal(defocus(hdr.copy(), depth, 2.0, 0.0), hdr)


def test_odd_sizes_work() -> None:
    out = defocus(np.ones((31, 45, 3), np.float32), np.full((31, 45), FAR, np.float32), 1.0, 40.0)
    assert np.allclose(out, 1.0, atol=4e-3)
