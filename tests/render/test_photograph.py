"""Prints in the light of a set."""

from __future__ import annotations

import numpy as np
import pytest

from vivant.media.planes import planes_to_rgb
from vivant.render.finishing.finish import finish
from vivant.render.photograph import Place, PrintStage, lit
from vivant.rig.relief import Relief
from vivant.scene.light import Light

LIGHT = Light(sun=(0.0, 0.6, -0.8))


def relief(front: tuple[int, int, int] = (200, 120, 60)) -> Relief:
    """A square photo: a disc of one colour before another."""
    y, x = np.mgrid[:200, :200]
    disc = ((x - 100) ** 2 + (y - 100) ** 2 < 60**2).astype(np.uint8) * 255
    back = np.full((200, 200, 3), (40, 80, 160), np.uint8)
    picture = np.where(disc[..., None] > 0, np.array(front, np.uint8), back)
    return Relief(
        front=picture,
        alpha=disc,
        back=back,
        faces=np.zeros((0, 4), np.float32),
        photo_sha256="0" * 64,
        mime="image/png",
        repaired=(),
    )


def place(**changes: object) -> Place:
    given: dict[str, object] = {
        "centre_x": 0.0,
        "centre_y": 0.5,
        "height": 0.6,
        "roll_deg": 0.0,
        "parallax": (0.0, 0.0),
        "presence": 1.0,
    }
    return Place(**(given | changes))  # type: ignore[arg-type]


def laid(at: Place) -> np.ndarray:
    hdr = np.full((240, 320, 3), 0.5, np.float32)
    PrintStage(relief(), LIGHT, height_px=240, largest=0.7).over(hdr, at)
    return hdr


@pytest.mark.parametrize("tone", [20, 60, 100, 128, 160, 185])
def test_a_print_comes_out_of_the_film_as_it_went_in(tone: int) -> None:
    light = lit(np.full((32, 32, 3), tone, np.uint8), exposure=LIGHT.exposure)
    frame = finish(light, sun_px=None, rays=0, bloom=0, exposure=LIGHT.exposure)
    seen = planes_to_rgb(frame.y, frame.u, frame.v)[12:20, 12:20].astype(float).mean()

    assert seen == pytest.approx(tone, abs=12)


def test_a_print_lies_where_it_is_placed_and_throws_a_shadow() -> None:
    hdr = laid(place())
    changed = np.abs(hdr - 0.5).max(axis=2) > 1e-3

    assert changed[120, 160]
    assert not changed[2, 2]
    just_below = hdr[120 + round(0.5 * 0.6 * 240) + 8, 160]
    assert (just_below < 0.5).all(), "its shadow"


def test_an_absent_print_leaves_the_picture_alone() -> None:
    assert np.array_equal(laid(place(presence=0.0)), np.full((240, 320, 3), 0.5, np.float32))


def test_who_is_in_front_moves_against_what_is_behind() -> None:
    right, left = laid(place(parallax=(4.0, 0.0))), laid(place(parallax=(-4.0, 0.0)))
    row = 120
    warm = [(hdr[row, :, 0] > hdr[row, :, 2] * 1.5) for hdr in (right, left)]
    middles = [np.flatnonzero(one).mean() for one in warm]

    assert middles[0] - middles[1] > 4


def test_a_print_may_hang_out_of_the_picture_or_be_gone() -> None:
    for at in (place(centre_x=0.9), place(centre_y=3.0), place(centre_x=-0.7, roll_deg=30.0)):
        assert np.isfinite(laid(at)).all()
