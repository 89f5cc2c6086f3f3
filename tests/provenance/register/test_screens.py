"""A film is recognised on a screenshot, wherever on the screen it was playing."""

from __future__ import annotations

import numpy as np
import pytest
import skimage.data
from jaxtyping import UInt8
from skimage.transform import resize

from vivant.provenance.register.pdq import distance, pdq
from vivant.provenance.register.screens import bars_of, views_of, windows_in, without_bars

Luma = UInt8[np.ndarray, "h w"]


def shown(height: int, width: int) -> Luma:
    grey = skimage.data.astronaut()[20:300].mean(axis=2) / 255
    found: Luma = (resize(grey, (height, width), anti_aliasing=True) * 219 + 16).astype(np.uint8)
    return found


def wallpaper() -> Luma:
    grey = skimage.data.coffee().mean(axis=2) / 255
    found: Luma = (resize(grey, (540, 960), anti_aliasing=True) * 200 + 20).astype(np.uint8)
    return found


def on_a_page(film: Luma) -> Luma:
    page = np.full((540, 960), 230, np.uint8)
    page[40:480:12, 640:900] = 60  # lines of text beside it
    page[520:] = 40
    return laid(page, film, top=60, left=70)


def in_a_window(film: Luma) -> Luma:
    desk = wallpaper()
    desk[60 : 90 + film.shape[0] + 30, 70 : 74 + film.shape[1]] = 200
    return laid(desk, film, top=90, left=72)


def laid(ground: Luma, film: Luma, *, top: int, left: int) -> Luma:
    ground[top : top + film.shape[0], left : left + film.shape[1]] = film
    return ground


def nearest_view(y: Luma) -> int:
    wanted = pdq(shown(720, 1280)).bits
    return min(distance(view.bits, wanted) for views in views_of(y) for view in views)


@pytest.mark.parametrize("screen", [on_a_page, in_a_window], ids=lambda one: one.__name__)
def test_a_film_in_a_window_is_seen(screen: object) -> None:
    assert callable(screen)
    assert nearest_view(screen(shown(315, 560))) <= 12


def test_bars_are_cut_off_and_only_bars() -> None:
    film = shown(270, 480)
    boxed = np.pad(film, ((45, 45), (10, 30)), constant_values=16)
    boxed[:45:3] += 2  # noise of coding

    assert bars_of(boxed) == (45, 315, 10, 490)
    assert np.array_equal(without_bars(boxed), film)
    assert without_bars(film).shape == film.shape
    assert nearest_view(boxed) <= 12


def test_a_mirrored_screenshot_is_seen() -> None:
    assert nearest_view(shown(270, 480)[:, ::-1].copy()) <= 12


def test_a_turned_screenshot_is_seen() -> None:
    assert nearest_view(np.rot90(shown(540, 960)).copy()) <= 12


@pytest.mark.parametrize("shape", [(1, 1), (8, 900), (16, 16), (40, 900)])
def test_pictures_of_any_shape_have_views(shape: tuple[int, int]) -> None:
    for value in (16, 128, 235):
        y = np.full(shape, value, np.uint8)
        assert [view for views in views_of(y) for view in views] == []
        assert windows_in(y) == []


def test_noise_has_no_windows() -> None:
    noise = np.random.default_rng(1).integers(16, 235, (240, 320), dtype=np.uint8)
    assert len(windows_in(noise)) <= 16


def before_a_wall(height: int, width: int) -> Luma:
    """Somebody in the middle, before a wall that is even up to the edges."""
    film = np.full((height, width), 120, np.uint8)
    return laid(film, shown(height * 3 // 4, width // 2), top=height // 4, left=width // 4)


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("around", ["nothing", "bars", "page", "window"])
def test_a_plain_wall_is_no_bar(around: str, mirrored: bool) -> None:
    film = before_a_wall(315, 560)
    wanted = pdq(film).bits
    screens = {
        "nothing": film,
        "bars": np.pad(film, ((60, 60), (10, 30)), constant_values=16),
        "page": on_a_page(film),
        "window": in_a_window(film),
    }
    y = screens[around][:, ::-1].copy() if mirrored else screens[around]

    assert min(distance(view.bits, wanted) for views in views_of(y) for view in views) <= 12
