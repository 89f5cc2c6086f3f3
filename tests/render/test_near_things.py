"""Things of our own near the camera are drawn where they are, softly, in the people's light, and press on people only."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from vivant.render.bust.contact import Contact
from vivant.render.bust.tone import Tone
from vivant.render.near_packing import curve, directions, packed
from vivant.render.near_shadow import Shaded, press
from vivant.render.near_things import Around, NearThing
from vivant.scene.light import Light
from vivant.scene.near.sleeve import Sleeve
from vivant.scene.shot import CameraMove, Shot

WIDE, TALL, FRAMES = 320, 180, 3
HAND = np.array([0.05, 1.45, 0.0])


def shot() -> Shot:
    still = np.ones(FRAMES)
    camera = CameraMove(
        position_m=np.tile([0.0, 1.5, 1.5], (FRAMES, 1)),
        target_m=np.tile([0.0, 1.5, 0.0], (FRAMES, 1)),
        fov_deg=26.0 * still,
        roll_deg=0 * still,
        focus_m=1.5 * still,
    )
    return Shot(
        name="hand", frames=FRAMES, rate=Fraction(25), width_px=WIDE, height_px=TALL, set_name="meadow",
        look="open", light=Light(sun=(0.6, 0.4, -0.69)), camera=camera,
    )  # fmt: skip


def hand(**more: object) -> Sleeve:
    def curve3(x: float, y: float, z: float) -> np.ndarray:
        return np.tile([x, y, z], (FRAMES, 1)).astype(float)

    facts: dict[str, object] = {
        "shoulder_m": curve3(-0.3, 1.4, 0), "elbow_m": curve3(-0.2, 1.25, 0.1), "wrist_m": curve3(*HAND.tolist()),
        "fingers": curve3(0.8, -0.4, 0.2), "back": curve3(0, 0.3, 1), "grip": np.full(FRAMES, 0.4), "side": "left",
        "cloth": (0.05, 0.06, 0.1), "skin": (0.46, 0.29, 0.21), "shows": "hand",
    }  # fmt: skip
    return Sleeve(**{**facts, **more})  # type: ignore[arg-type]


def laid(
    prop: Sleeve, *, level: float = 0.5, around: Around | None = None, threads: int = 1
) -> np.ndarray:
    made = shot()
    thing = NearThing(made, prop, around=around, threads=threads)
    hdr = np.full((TALL, WIDE, 3), level, np.float32)
    view = made.camera.view(1, width_px=WIDE, height_px=TALL)
    try:
        return thing.over(hdr, 1, view=view).copy()
    finally:
        thing.close()


def test_a_hand_is_seen_where_it_is_and_nowhere_else() -> None:
    changed = np.abs(laid(hand()) - 0.5).max(axis=2) > 0.02
    rows, columns = np.nonzero(changed)
    view = shot().camera.view(1, width_px=WIDE, height_px=TALL)
    mesh = hand().meshes(1)[0]
    seen = view.project(mesh.points_m)

    assert abs(columns.min() - seen[:, 0].min()) < 4
    assert abs(columns.max() - seen[:, 0].max()) < 4
    assert abs(rows.min() - seen[:, 1].min()) < 4
    assert abs(rows.max() - seen[:, 1].max()) < 4


def test_it_is_drawn_the_same_by_any_number_of_threads() -> None:
    assert np.array_equal(laid(hand(), threads=1), laid(hand(), threads=3))


def test_its_edges_are_soft() -> None:
    drawn = laid(hand(), level=3.0)
    row = drawn[int(TALL * 0.62), :, 1]
    steps = np.abs(np.diff(row))

    assert steps.max() < 0.75 * (row.max() - row.min()), "no edge is one pixel wide"


def test_what_is_outside_the_picture_changes_nothing() -> None:
    away = hand(wrist_m=np.tile([4.0, 1.45, 0.0], (FRAMES, 1)))

    assert np.array_equal(laid(away), np.full((TALL, WIDE, 3), 0.5, np.float32))


def test_what_moves_out_of_the_box_that_was_foreseen_is_drawn_all_the_same() -> None:
    wrist = np.tile(HAND, (FRAMES, 1))
    wrist[1] += [0.2, 0.05, 0.3]
    made = laid(hand(wrist_m=wrist))

    assert (np.abs(made - 0.5).max(axis=2) > 0.05).sum() > 300


def test_it_is_darkest_below_and_skin_stays_skin() -> None:
    drawn = laid(hand(), level=0.0)
    there = drawn.sum(axis=2) > 0.05
    rgb = drawn[there].mean(axis=0)

    assert rgb[0] > rgb[1] > rgb[2]
    assert drawn[there].max() < 1.5, "in shade"


def test_the_photos_tone_is_its_tone() -> None:
    red = Around(tones={"anna": Tone(gain=(1.3, 0.9, 0.8), size=1.2)})
    plain, toned = laid(hand(), level=0.0), laid(hand(person="anna"), level=0.0, around=red)
    there = plain.sum(axis=2) > 0.2

    share = toned[there].mean(axis=0) / plain[there].mean(axis=0)
    assert share[0] > 1.1
    assert 0.98 > share[1] > share[2]


def test_its_shadow_falls_on_people_only() -> None:
    contact = Contact(width_px=WIDE, height_px=TALL, threads=1)
    contact.begin()
    people = np.zeros((TALL, WIDE), np.uint32)
    people[:, : WIDE // 2 + 20] = 255 << 24
    contact.add(people, left=0, top=0)
    drawn = laid(hand(), around=Around(tones={}, contact=contact))
    alone = laid(hand())
    darker = (alone - drawn).max(axis=2) > 0.02

    assert darker[:, : WIDE // 2 + 10].sum() > 50
    assert not darker[:, WIDE // 2 + 60 :].any()


def test_shade_is_deepest_beside_the_edge_and_goes_to_nothing() -> None:
    hdr = np.ones((120, 200, 3), np.float32)
    alpha = np.ones((40, 40), np.float32)
    there = np.full((120, 200), 255, np.uint8)
    press(hdr, alpha, (80, 40), there=there, shaded=Shaded(face_px=40, away=0.0))
    below = hdr[80:, 100, 1]

    assert below[0] < 0.75
    assert np.all(np.diff(below) > -0.01)
    assert below[-1] > 0.97
    assert hdr.min() > 0.1


def test_texels_keep_colours_and_cover() -> None:
    alpha = np.array([[0.0, 0.5, 1.0, 1.0]], np.float32).repeat(2, axis=0)
    colour = np.array([0.4, 0.2, 0.1], np.float32) * alpha[..., None]
    texels = packed(colour, alpha)

    assert (texels >> 24)[0].tolist() == [0, 128, 255, 255]
    assert texels[0, 0] == 0
    light = (float(texels[0, 2] & 255) - 16) / 219
    wanted = curve()[np.rint(np.array([0.4, 0.2, 0.1]) * (len(curve()) - 1)).astype(int)]
    assert light == pytest.approx(float(wanted @ [0.2126, 0.7152, 0.0722]), abs=0.005)


def test_directions_are_unit_vectors_in_bytes() -> None:
    ways = np.zeros((1, 3, 3), np.float32)
    ways[0, 0] = [0, 0, 0.3]
    ways[0, 1] = [2, 0, 0]
    ways[0, 2] = [0, -0.5, 0]
    found = directions(ways)[0]

    assert [(int(one) & 255, int(one) >> 8 & 255, int(one) >> 16 & 255) for one in found] == [
        (128, 128, 128), (255, 128, 128), (128, 1, 128),
    ]  # fmt: skip
