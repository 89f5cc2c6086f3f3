"""People from separate photos match in one picture: the colour of their skin, their blacks, their sharpness."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from jaxtyping import UInt8

import rigs
from vivant.media.planes import planes_to_rgb
from vivant.render.bust import BustStage, Tone, matched, place_bust
from vivant.render.bust.matching import Match, SkinReading, compare, lab_of, read_skin
from vivant.render.bust.proof import proofed
from vivant.render.bust.seeing import see_closely, sharpness, softened
from vivant.render.finishing.finish import finish
from vivant.render.finishing.look import Look
from vivant.rig.rig import Rig
from vivant.scene.light import Light
from vivant.scene.view import View, look

WIDTH, HEIGHT = 640, 360
FACE = 0.42
Photo = UInt8[np.ndarray, "height width 3"]


def view() -> View:
    return look(
        np.zeros(3), np.array([0.0, 0.0, 1.0]), fov_deg=40, width_px=WIDTH, height_px=HEIGHT
    )


def shot_together(people: tuple[Rig, ...], tones: tuple[Tone, ...]) -> Photo:
    """Draw people side by side at 16:9, before grey, in the light of a low sun."""
    seen = view()
    sun = Light(sun=(0.0, 1.0, 0.0)).from_direction(
        seen.right * 0.6 + seen.up * 0.3 + seen.forward * 0.7
    )
    hdr = np.full((HEIGHT, WIDTH, 3), 0.35, np.float32)
    for rig, tone, x in zip(people, tones, (-0.42, 0.42), strict=True):
        stage = BustStage(
            rig,
            width_px=WIDTH,
            height_px=HEIGHT,
            largest_face_share=FACE,
            tone=tone,
            threads=1,
        )
        layer = stage.draw(eyes_x=x, eyes_y=0.45, face_height=FACE, **rigs.pose())  # type: ignore[arg-type]
        assert layer is not None
        hdr = place_bust(hdr, replace(layer, veil=None), light=sun, view=seen, threads=1)
        stage.close()
    frame = finish(hdr, sun_px=None, threads=1)
    return np.asarray(planes_to_rgb(frame.y, frame.u, frame.v))


def readings(people: tuple[Rig, ...], tones: tuple[Tone, ...] | None = None) -> list[SkinReading]:
    picture = shot_together(people, matched(people) if tones is None else tones)
    faces = sorted(rigs.faces().find(picture), key=lambda face: float(face.landmarks[:, 0].mean()))
    assert len(faces) == len(people)
    return [read_skin(picture, face.landmarks) for face in faces]


def match(people: tuple[Rig, ...], tones: tuple[Tone, ...] | None = None) -> Match:
    return compare(*readings(people, tones))


def retaken(rig: Rig, how: str) -> Rig:
    """Give the same person in a worse photo."""

    def worse(photo: Photo) -> Photo:
        picture = photo.astype(np.float64)
        tint = {"warm": (1.18, 1.0, 0.72), "cool": (0.85, 1.0, 1.22)}.get(how)
        if tint is not None:
            picture = 255 * ((picture / 255) ** 2.2 * np.array(tint)).clip(0, 1) ** (1 / 2.2)
        if how == "faded":
            picture = picture * 0.8 + 30
        if how == "contrasty":
            picture = (picture - 128) * 1.2 + 124
        if how == "noisy":
            picture = picture + np.random.default_rng(1).normal(0, 6, picture.shape)
        if how == "grey":
            picture = np.repeat((picture @ np.array([0.3, 0.59, 0.11]))[..., None], 3, axis=2)
        return np.asarray(np.clip(picture + 0.5, 0, 255), np.uint8)

    return replace(rig, person=worse(rig.person), throat=worse(rig.throat))


def someone(name: str) -> Rig:
    who, _, how = name.partition(" ")
    return retaken(rigs.rig(who), how) if how else rigs.rig(who)


PAIRS = [
    ("astronaut warm", "hopper cool"),
    ("elder-man-beard", "young-man-curls"),
    ("elder-man-beard cool", "young-man-curls warm"),
    ("astronaut faded", "young-man-curls contrasty"),
    ("hopper grey", "astronaut"),
    ("astronaut", "elder-man-beard contrasty"),
]


@pytest.mark.models
@pytest.mark.parametrize("pair", PAIRS, ids=" + ".join)
def test_skins_are_within_five_units_of_lab_in_light_and_in_shade(pair: tuple[str, str]) -> None:
    people = (someone(pair[0]), someone(pair[1]))

    together = match(people)

    assert together.light_ab < 5
    assert together.shade_ab < 5


@pytest.mark.models
@pytest.mark.parametrize(
    ("one", "other"), [("astronaut faded", "hopper"), ("astronaut faded", "young-man-curls")]
)
def test_a_faded_photos_black_comes_down_to_its_neighbours(one: str, other: str) -> None:
    people = (someone(one), someone(other))
    alone = match(people, tuple(matched((rig,))[0] for rig in people))

    together = match(people)

    assert alone.black > 15
    assert together.black < min(5, 0.3 * alone.black)


@pytest.mark.models
def test_nobody_becomes_lighter_or_darker_toward_another() -> None:
    people = (someone("elder-man-beard warm"), someone("young-man-curls"))
    alone = readings(people, tuple(matched((one,))[0] for one in people))
    beside = readings(people)

    for one, other in zip(alone, beside, strict=True):
        assert one.light_lab[0] == pytest.approx(other.light_lab[0], abs=2.5)
        assert one.shade_lab[0] == pytest.approx(other.shade_lab[0], abs=2.5)
    assert beside[0].light_lab[0] - beside[1].light_lab[0] > 15


def test_a_person_alone_is_toned_as_ever() -> None:
    (tone,) = matched((rigs.rig("hopper"),))

    assert tone.black == (1.0, 0.0)
    assert tone.shade == (0.0, 0.0, 0.0)
    assert tone.soften == 0.0


def test_a_grey_photo_stays_grey_beside_a_coloured_one_which_loses_colour() -> None:
    grey, coloured = matched((someone("hopper grey"), rigs.rig("astronaut")))

    assert grey.saturation == 0
    assert 0 < coloured.saturation < matched((rigs.rig("astronaut"),))[0].saturation


def test_the_sharper_photo_is_softened_to_the_softer_and_no_other() -> None:
    sharp = rigs.rig("hopper")
    soft = softened(sharp, 0.005)

    first, second = matched((sharp, soft))

    assert second.soften == 0
    assert 0.003 < first.soften < 0.0075
    again = see_closely(softened(sharp, first.soften))
    assert again.sharp == pytest.approx(see_closely(soft).sharp, rel=0.15)


def test_blur_takes_sharpness() -> None:
    picture = np.zeros((64, 64), np.float32)
    picture[:, 32:] = 1
    blurred = np.asarray(cv2.GaussianBlur(picture, (0, 0), 1.5), np.float32)

    assert sharpness(blurred) < 0.8 * sharpness(picture)
    assert sharpness(picture, blur=1.5) < 0.8 * sharpness(picture)


def test_proofs_tell_what_the_film_develops() -> None:
    colours = np.array([[0.5, 0.35, 0.28], [0.1, 0.06, 0.045], [0.4, 0.4, 0.4], [0.02, 0.02, 0.02]])
    blocks = np.repeat(np.repeat(colours[None] * 1.30, 8, axis=0), 16, axis=1)
    frame = finish(
        blocks.astype(np.float32),
        sun_px=None,
        rays=0.0,
        bloom=0.0,
        look=Look(grain=0.0, vignette=0.0),
        threads=1,
    )
    developed = planes_to_rgb(frame.y, frame.u, frame.v)[4, 8::16].astype(np.float64) / 255

    seen = lab_of(
        np.where(developed <= 0.04045, developed / 12.92, ((developed + 0.055) / 1.055) ** 2.4)
    )

    np.testing.assert_allclose(proofed(colours), seen, atol=1.5)


def test_white_has_no_colour() -> None:
    np.testing.assert_allclose(lab_of(np.ones((1, 3)))[0], [100, 0, 0], atol=1e-6)
