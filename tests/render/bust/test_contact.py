"""Who touches is dark beside the seam, the set is not, and nothing is seen between two who embrace."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from jaxtyping import Float32, UInt32

import rigs
from scene_staged import NAMES
from vivant.performance.performing import perform_idle
from vivant.render.bust.contact import Beside, Contact, background_between
from vivant.render.near import Near
from vivant.rig.completion import completed
from vivant.scene.direction.call import Call, subject_of
from vivant.scene.direction.registry import direction_named
from vivant.scene.figure.build import Build
from vivant.scene.sets.registry import set_named
from vivant.scene.shot import Bust, Shot
from vivant.scene.storyboard import ShotPlan

WIDTH, HEIGHT = 320, 180
FACE = 60.0


def texels(x0: int, x1: int, *, top: int = 20) -> UInt32[np.ndarray, "h w"]:
    """A block of somebody."""
    out = np.zeros((HEIGHT, WIDTH), np.uint32)
    out[top:, x0:x1] = np.uint32(0xFF808080)
    return out


def beside(amount: float) -> Beside:
    return Beside(left=0, top=0, face_px=FACE, amount=amount)


def shaded(amount: float) -> Float32[np.ndarray, "h w 3"]:
    """Somebody stands at 60..170, somebody else comes before them at 150..260."""
    contact = Contact(width_px=WIDTH, height_px=HEIGHT, threads=1)
    hdr = np.ones((HEIGHT, WIDTH, 3), np.float32)
    contact.begin()
    contact.add(texels(60, 170), left=0, top=0)
    contact.shade(hdr, texels(150, 260), beside(amount))
    return hdr


def test_shade_lies_on_people_beside_the_seam_and_fades_away() -> None:
    line = shaded(1.0)[100, :, 1]

    assert line[148] < 0.6
    assert line[148] < line[138] < line[120] <= line[90] <= 1
    assert line[70] > 0.97
    assert np.abs(np.diff(line[64:149])).max() < 0.1, "it is soft"


def test_no_shade_lies_on_the_set() -> None:
    hdr = shaded(1.0)

    assert (hdr[:, :58] == 1).all()
    assert (hdr[:18, :120] == 1).all()
    assert (hdr[60:, 262:] == 1).all()


def test_who_does_not_touch_lays_no_shade() -> None:
    assert (shaded(0.0) == 1).all()
    assert (shaded(0.3)[100, :150] >= shaded(0.9)[100, :150]).all()


def test_shade_between_people_is_warm() -> None:
    red, _, blue = shaded(1.0)[100, 146]

    assert red > blue


def test_the_sun_is_kept_from_edges_with_somebody_behind() -> None:
    contact = Contact(width_px=WIDTH, height_px=HEIGHT, threads=1)
    assert contact.blocked(beside(1.0), size=(HEIGHT // 2, WIDTH // 2)) is None
    contact.add(texels(60, 170), left=0, top=0)
    near, far = (contact.blocked(beside(amount), size=(90, 160)) for amount in (1.0, 0.0))

    assert near is not None
    assert far is not None
    assert near[60, 55] > 0.95
    assert near[60, 120] < 0.05
    assert 0 < far[60, 55] < near[60, 55]


def test_narrow_gaps_are_filled_and_wide_ones_are_not() -> None:
    for gap, closed in ((3, True), (60, False)):
        contact = Contact(width_px=WIDTH, height_px=HEIGHT, threads=1)
        hdr = np.ones((HEIGHT, WIDTH, 3), np.float32)
        contact.add(texels(40, 150), left=0, top=0)
        hdr[20:, 40:150] = 0.3
        other = texels(150 + gap, 270)
        other[20:40, 150:270] = np.uint32(0xFF808080)  # heads touch
        contact.shade(hdr, other, beside(1.0))
        seen = contact.there[100, 151 + gap // 2]

        assert (seen > 128) == closed
        assert (hdr[100, 151 + gap // 2] < 0.3).all() == closed


def test_no_shade_lies_above_heads_that_touch_nor_beside_them() -> None:
    contact = Contact(width_px=WIDTH, height_px=HEIGHT, threads=1)
    hdr = np.ones((HEIGHT, WIDTH, 3), np.float32)
    contact.add(texels(40, 150), left=0, top=0)
    contact.shade(hdr, texels(153, 270, top=60), beside(1.0))

    assert (hdr[:56, 154:] > 0.98).all()
    assert (hdr[:18] > 0.98).all()


def test_it_does_not_matter_how_many_threads_there_are() -> None:
    pictures = []
    for threads in (1, 3):
        contact = Contact(width_px=WIDTH, height_px=HEIGHT, threads=threads)
        hdr = np.ones((HEIGHT, WIDTH, 3), np.float32)
        contact.add(texels(60, 170), left=0, top=0)
        contact.shade(hdr, texels(150, 260), beside(1.0))
        pictures.append(hdr)

    assert np.array_equal(pictures[0], pictures[1])


def test_background_between_two_is_counted() -> None:
    there = np.full((100, 100), 255, np.uint8)
    chins = np.array([[30.0, 40.0], [70.0, 40.0]])
    assert background_between(there, chins) == 0

    there[60:70, 48:52] = 0
    assert background_between(there, chins) == 40
    there[:70, 48:52] = 0
    assert background_between(there, chins) == 29 * 4, "above the chins it is open to the sky"
    there[:] = 255
    there[10:20, 80:90] = 0
    assert background_between(there, chins) == 100, "what is enclosed counts"
    there[:] = 255
    there[10, 80] = 0
    assert background_between(there, chins) == 0, "light through hair does not"
    there[:20, 80:90] = 0
    assert background_between(there, chins) == 0


def met(left: str, right: str, *, kiss: str) -> Shot:
    """Stage an embrace of two of the rigs."""
    names = NAMES[:2]
    length_s = 6.0
    scene_set = set_named("meadow")
    plan = ShotPlan(
        name="meet",
        set="meadow",
        look="open",
        hour="golden",
        action="meet",
        who=names,
        options={"kiss": kiss},
    )
    people = dict(zip(names, (left, right), strict=True))
    return direction_named("meet")(
        Call(
            plan=plan,
            frames=150,
            rate=Fraction(25),
            width_px=2 * WIDTH,
            height_px=2 * HEIGHT,
            people={
                name: subject_of(name, completed(rigs.rig(who))) for name, who in people.items()
            },
            performances={
                name: perform_idle(length_s, rate=Fraction(25), seed=3 + place)
                for place, name in enumerate(names)
            },
            scene_set=scene_set,
            builds={names[0]: Build(height_m=1.62), names[1]: Build(height_m=1.76)},
        )
    )


@pytest.mark.parametrize(
    ("left", "right", "kiss"),
    [
        ("woman-three-quarter", "elder-man-beard", "forehead"),
        ("hopper", "young-man-curls", "none"),
    ],
)
def test_no_background_is_seen_between_two_in_the_embraces_second_half(
    left: str, right: str, kiss: str
) -> None:
    shot = met(left, right, kiss=kiss)
    people = {
        name: completed(rigs.rig(who)) for name, who in zip(NAMES, (left, right), strict=False)
    }
    near = Near(shot, people, {}, threads=2)
    busts = [one for one in shot.presences if isinstance(one, Bust)]
    try:
        for frame in (shot.frames // 2, shot.frames * 3 // 4):
            view = shot.camera.view(frame, width_px=shot.width_px, height_px=shot.height_px)
            near.over(np.ones((shot.height_px, shot.width_px, 3), np.float32), frame, view=view)
            chins = np.array([chin_px(one, frame, shot) for one in busts])

            assert near.people is not None
            assert background_between(near.people, chins) == 0
    finally:
        near.close()


def chin_px(bust: Bust, frame: int, shot: Shot) -> tuple[float, float]:
    roll = np.radians(bust.roll_deg[frame])
    tall = 0.7 * float(bust.face_height[frame])
    x = float(bust.eyes_x[frame] - np.sin(roll) * tall)
    y = float(bust.eyes_y[frame] + np.cos(roll) * tall)
    return (shot.width_px - 1) / 2 + x * shot.height_px, y * shot.height_px
