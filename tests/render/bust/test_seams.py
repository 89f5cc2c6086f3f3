"""What gives a composite away is measured, on people who were drawn before walls of known colours."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import cv2
import numpy as np
import pytest
from jaxtyping import Float32, UInt8

import rigs
from vivant.intake.likeness import Likeness
from vivant.media.picture import Picture
from vivant.painting import CAST, paint
from vivant.render.bust import BustStage, Tone, place_bust
from vivant.render.finishing import Look, finish
from vivant.rig.building import build_rig
from vivant.rig.rig import Rig
from vivant.scene.light import Light
from vivant.scene.view import look
from vivant.testing.seams import largest_jump_px, visible_edge

WIDTH, HEIGHT = 640, 360
PEOPLE = ("woman-three-quarter", "young-man-curls")
QUIET = Look(grain=0, vignette=0)


@lru_cache
def before_wall(name: str, grey: int) -> Rig:
    """Bake a person who was painted before a wall."""
    painted = paint(replace(CAST[name], background=(grey, grey, grey)), width_px=480, height_px=600)
    pixels = np.array(painted.pixels)
    plain = rigs.likeness(name)  # the same points for all walls: only what is behind differs
    portrait = replace(
        plain.base,
        picture=Picture(pixels=pixels, sha256="0" * 64),
        person=rigs.faces().segment(pixels),
    )
    return build_rig(
        Likeness(
            likeness_id=name,
            base=portrait,
            helpers=(),
            face_vector=plain.face_vector,
            consent_id="test",
        )
    )


def set_behind() -> Float32[np.ndarray, "h w 3"]:
    y, x = np.mgrid[:HEIGHT, :WIDTH].astype(np.float32)
    sky = 0.5 + 0.3 * np.sin(x / 90) * np.cos(y / 70)
    return np.dstack([sky, sky, sky * 1.1]).astype(np.float32)


def composite(
    rig: Rig, *, index: int = 0, **amounts: float
) -> tuple[UInt8[np.ndarray, "h w"], Float32[np.ndarray, "h w"]]:
    """Give the luma of a frame without grain, and the matte."""
    view = look(
        np.zeros(3), np.array([0.0, 0.0, -1.0]), fov_deg=40, width_px=WIDTH, height_px=HEIGHT
    )
    stage = BustStage(
        rig, width_px=WIDTH, height_px=HEIGHT, largest_face_share=0.5, tone=Tone(), threads=1
    )
    drawn = stage.draw(eyes_x=0.0, eyes_y=0.5, face_height=0.5, **rigs.pose(**amounts))  # type: ignore[arg-type]
    assert drawn is not None
    light = Light(sun=(0.5, 0.3, -0.8))
    hdr = place_bust(set_behind(), drawn, light=light, view=view, threads=1)
    frame = finish(hdr, sun_px=None, bloom=0, frame=index, look=QUIET, threads=1)
    alpha = np.zeros((HEIGHT, WIDTH), np.float32)
    rows, columns = drawn.texels.shape
    alpha[drawn.top : drawn.top + rows, drawn.left : drawn.left + columns] = drawn.alpha
    return frame.y, alpha


@pytest.mark.parametrize("name", PEOPLE)
def test_no_edge_shows_the_room_of_the_photo(name: str) -> None:
    (dark, alpha), (bright, _) = (
        composite(one) for one in (rigs.rig(name), before_wall(name, 195))
    )
    head = alpha.copy()
    head[int(0.8 * HEIGHT) :] = 0  # below, the photo ends and mist begins
    rows = slice(0, int(0.8 * HEIGHT))
    edge = visible_edge(dark[rows], bright[rows], head[rows])
    assert edge.mean_px < 0.6


def test_shoulders_stay_where_they_are_while_the_head_turns() -> None:
    rig = rigs.rig("astronaut")
    frames = [
        composite(rig, yaw=1.2 * k, pitch=0.5 * k, breath=0.5 + 0.03 * k)[0] for k in range(5)
    ]
    still = np.zeros((HEIGHT, WIDTH), np.bool_)
    still[int(0.92 * HEIGHT) :] = True
    assert largest_jump_px(frames, still) < 2.0


def test_an_edge_that_holds_the_room_is_measured() -> None:
    alpha = np.zeros((100, 100), np.float32)
    alpha[20:80, 20:80] = 1
    plain = (alpha * 100).astype(np.uint8)
    haloed = plain.copy()
    ring = cv2.dilate(plain, np.ones((7, 7), np.uint8)) > plain
    haloed[ring] = 200
    edge = visible_edge(plain, haloed, alpha)
    assert 2.5 < edge.mean_px < 4.0
    assert visible_edge(plain, plain, alpha).mean_px == 0


def test_a_jump_is_measured() -> None:
    random = np.random.default_rng(0)
    first = cv2.GaussianBlur(random.integers(0, 255, (120, 120)).astype(np.uint8), (0, 0), 2)
    first = np.clip((first.astype(np.float32) - 128) * 4 + 128, 0, 255).astype(np.uint8)
    second = np.roll(first, 4, axis=1)
    everywhere = np.ones(first.shape, np.bool_)
    assert largest_jump_px([first, first], everywhere) < 0.3
    assert largest_jump_px([first, second], everywhere) > 3
