"""A living photo over a set: clean edges, sharp slow moves, the set's own light."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import cv2
import numpy as np
import pytest
from jaxtyping import Float32
from scipy import ndimage

import rigs
from vivant.render.bust import BustLayer, BustStage, matched, place_bust
from vivant.scene.light import Light
from vivant.scene.view import View, look

WIDTH, HEIGHT = 480, 270
SHARE = 0.5


@lru_cache
def stage(name: str, threads: int = 1) -> BustStage:
    return BustStage(
        rigs.rig(name),
        width_px=WIDTH,
        height_px=HEIGHT,
        largest_face_share=SHARE,
        threads=threads,
    )


def layer(
    name: str,
    *,
    on: BustStage | None = None,
    eyes_x: float = 0.0,
    eyes_y: float = 0.45,
    face_height: float = SHARE,
    roll_deg: float = 0.0,
    **amounts: float,
) -> BustLayer:
    drawn = (on or stage(name)).draw(
        eyes_x=eyes_x,
        eyes_y=eyes_y,
        face_height=face_height,
        roll_deg=roll_deg,
        **rigs.pose(**amounts),  # type: ignore[arg-type]
    )
    assert drawn is not None
    return replace(drawn, texels=drawn.texels.copy(), round=drawn.round.copy())


def view() -> View:
    return look(
        np.zeros(3), np.array([0.0, 0.0, 1.0]), fov_deg=40, width_px=WIDTH, height_px=HEIGHT
    )


def light(aside: float, up: float, ahead: float) -> Light:
    """Let the sun stand right of, above and before the camera."""
    seen = view()
    return Light(sun=(0.0, 1.0, 0.0)).from_direction(
        seen.right * aside + seen.up * up + seen.forward * ahead
    )


def lit(
    drawn: BustLayer, *, sun: Light | None = None, behind: float = 0.5, threads: int = 1
) -> Float32[np.ndarray, "h w 3"]:
    hdr = np.full((HEIGHT, WIDTH, 3), behind, np.float32)
    return place_bust(
        hdr,
        replace(drawn, veil=None),
        light=sun or light(0.6, 0.3, 0.7),
        view=view(),
        threads=threads,
    )


def whole_alpha(drawn: BustLayer) -> Float32[np.ndarray, "h w"]:
    out = np.zeros((HEIGHT, WIDTH), np.float32)
    rows, columns = drawn.texels.shape
    out[drawn.top : drawn.top + rows, drawn.left : drawn.left + columns] = drawn.alpha
    return out


def luma(drawn: BustLayer) -> Float32[np.ndarray, "h w"]:
    """Give the luma of the whole film, premultiplied."""
    out = np.zeros((HEIGHT, WIDTH), np.float32)
    rows, columns = drawn.texels.shape
    at = (slice(drawn.top, drawn.top + rows), slice(drawn.left, drawn.left + columns))
    out[at] = drawn.texels & np.uint32(255)
    return out


@pytest.mark.parametrize("name", ["hopper", "young-man-curls"])
def test_eyes_lie_where_they_are_wanted(name: str) -> None:
    drawn = layer(name, eyes_x=0.2, eyes_y=0.4)
    rig = rigs.rig(name)
    middle = rig.landmarks[[468, 473], :2].mean(0)
    scale = SHARE * HEIGHT * stage(name).tone.size / rig.face_height_px
    alpha = whole_alpha(drawn)
    wanted = np.array([(WIDTH - 1) / 2 + 0.2 * HEIGHT, 0.4 * HEIGHT - 0.5])
    matte = np.asarray(rig.alpha, np.float32)
    way = np.array([[scale, 0, 0], [0, scale, 0]])
    way[:, 2] = wanted - scale * middle
    plain = cv2.warpAffine(matte, way, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR) / 255
    x, y = np.round(wanted).astype(int)
    reach = round(0.5 * SHARE * HEIGHT)
    near = (slice(max(0, y - reach), y + reach), slice(x - reach, x + reach))
    assert np.abs(alpha[near] - plain[near]).mean() < 0.03


@pytest.mark.parametrize("name", ["hopper", "astronaut", "young-man-curls"])
@pytest.mark.parametrize("amounts", [{}, {"eyeBlink": 0.5}, {"jawOpen": 0.6}, {"yaw": 12.0}])
def test_a_face_over_nothing_has_no_holes(name: str, amounts: dict[str, float]) -> None:
    alpha = whole_alpha(layer(name, **amounts))  # type: ignore[arg-type]
    x, y, reach = WIDTH // 2, round(0.5 * HEIGHT), round(0.2 * SHARE * HEIGHT)
    assert alpha[y - reach : y + 2 * reach, x - reach : x + reach].min() > 0.99


def test_light_does_not_depend_on_the_number_of_threads() -> None:
    one, two = layer("hopper", yaw=4.0), layer("hopper", on=stage("hopper", 3), yaw=4.0)
    assert np.array_equal(one.texels, two.texels)
    assert np.array_equal(one.round, two.round)
    assert np.array_equal(lit(one), lit(two, threads=4))


def test_a_move_of_a_fraction_of_a_pixel_is_that_fraction() -> None:
    still, moved = (layer("hopper", eyes_x=x / HEIGHT) for x in (0.0, 0.3))
    a, b = (cv2.GaussianBlur(luma(one), (0, 0), 1.0)[60:200] for one in (still, moved))
    ways = np.arange(0, 0.65, 0.05)
    errors = [
        float(np.abs(ndimage.shift(a, (0, way), order=3)[:, 60:-60] - b[:, 60:-60]).mean())
        for way in ways
    ]
    assert ways[int(np.argmin(errors))] == pytest.approx(0.3, abs=0.051)


def test_a_slow_move_stays_as_sharp_throughout() -> None:
    sharp = [
        float(cv2.Laplacian(luma(layer("hopper", eyes_x=x / HEIGHT)), cv2.CV_32F)[60:180].std())
        for x in (0.0, 0.2, 0.4, 0.5, 0.6, 0.8)
    ]
    assert max(sharp) / min(sharp) < 1.2


def test_the_person_is_brighter_on_the_side_of_the_sun() -> None:
    drawn = layer("astronaut")
    right, left = (lit(drawn, sun=light(side, 0.2, 0.5)).mean(2) for side in (0.8, -0.8))
    skin = whole_alpha(drawn) > 0.99
    x = np.broadcast_to(np.arange(WIDTH), skin.shape)
    east, west = skin & (x > WIDTH / 2 + 30), skin & (x < WIDTH / 2 - 30)
    assert right[east].mean() > left[east].mean() * 1.05
    assert left[west].mean() > right[west].mean() * 1.05


def test_the_sun_draws_the_edge_on_its_own_side() -> None:
    drawn = layer("astronaut")
    alpha = whole_alpha(drawn)
    inner = cv2.erode((alpha > 0.98).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    rim = (alpha > 0.98) & ~inner
    rim[HEIGHT // 2 :] = False
    x = np.broadcast_to(np.arange(WIDTH), rim.shape)
    right, left = (lit(drawn, sun=light(side, 0.1, 0.7)).mean(2) for side in (0.9, -0.9))
    more = right - left
    assert more[rim & (x > WIDTH / 2 + 25)].mean() > 0.05
    assert more[rim & (x < WIDTH / 2 - 25)].mean() < -0.05


def test_a_darker_set_darkens_the_person_less_than_itself() -> None:
    drawn = layer("hopper")
    day = light(0.5, 0.3, 0.7)
    dusk = replace(
        day,
        ambient=day.ambient / 4,
        sun_rgb=(day.sun_rgb[0] / 4, day.sun_rgb[1] / 4, day.sun_rgb[2] / 4),
    )
    skin = whole_alpha(drawn) > 0.99
    bright, dim = (lit(drawn, sun=sun)[skin].mean() for sun in (day, dusk))
    assert 0.25 < dim / bright < 0.7


def test_presence_fades_the_person_and_none_leaves_the_set() -> None:
    drawn = replace(layer("hopper"), veil=None)
    hdr = np.full((HEIGHT, WIDTH, 3), 0.5, np.float32)
    none = place_bust(hdr.copy(), drawn, light=light(0.5, 0.3, 0.7), view=view(), presence=0)
    half = place_bust(hdr.copy(), drawn, light=light(0.5, 0.3, 0.7), view=view(), presence=0.5)
    full = place_bust(hdr.copy(), drawn, light=light(0.5, 0.3, 0.7), view=view())
    assert np.array_equal(none, hdr)
    assert np.allclose(half, (hdr + full) / 2, atol=1e-3)


def test_where_the_photo_ends_there_is_mist_and_no_edge() -> None:
    """The young man's photo ends at his chest; the picture shows far more."""
    on = stage("young-man-curls")
    drawn = on.draw(eyes_x=0.0, eyes_y=0.35, face_height=0.3, **rigs.pose())  # type: ignore[arg-type]
    assert drawn is not None
    assert drawn.veil is not None
    x = np.broadcast_to(np.arange(WIDTH, dtype=np.float32), (HEIGHT, WIDTH))
    hdr = np.dstack([0.6 + 0.1 * np.sin(x / 40)] * 3).astype(np.float32)
    out = place_bust(hdr, drawn, light=light(0.5, 0.3, 0.7), view=view())
    scale = 0.3 * HEIGHT / on.rig.face_height_px
    end = 0.35 * HEIGHT + scale * (on.rig.alpha.shape[0] - on.rig.landmarks[[468, 473], 1].mean())
    if end < HEIGHT - 8:
        rows = slice(int(end) - 8, int(end) + 8)
        assert np.abs(np.diff(out[rows].mean(2), axis=0)).max() < 0.02
    assert np.abs(np.diff(out[-4].mean(1))).max() < 0.02


def test_a_person_outside_of_the_picture_is_no_layer() -> None:
    assert (
        stage("hopper").draw(eyes_x=9.0, eyes_y=0.4, face_height=0.4, **rigs.pose()) is None  # type: ignore[arg-type]
    )


def test_a_roll_turns_the_person_clockwise() -> None:
    drawn = layer("hopper", roll_deg=12.0)
    alpha = whole_alpha(drawn)
    eyes = round(0.45 * HEIGHT)
    above = np.flatnonzero(alpha[eyes - 55] > 0.5).mean()
    plain = np.flatnonzero(whole_alpha(layer("hopper"))[eyes - 55] > 0.5).mean()
    assert above > plain + 5


def test_two_people_come_to_one_size_and_a_nearer_cast() -> None:
    alone = [matched((rigs.rig(name),))[0] for name in ("hopper", "astronaut")]
    both = matched([rigs.rig("hopper"), rigs.rig("astronaut")])
    assert all(tone.size == 1.0 for tone in alone)
    assert all(0.9 < tone.size < 1.1 for tone in both)
    assert both[0].gain != alone[0].gain


def test_a_grey_photo_stays_grey_in_a_warm_tone() -> None:
    plain = rigs.rig("astronaut")
    grey = cv2.cvtColor(plain.person, cv2.COLOR_RGB2GRAY)[..., None].repeat(3, axis=2)
    (tone,) = matched((replace(plain, person=grey),))
    assert tone.saturation == 0
    assert tone.gain[0] > tone.gain[1] > tone.gain[2]
