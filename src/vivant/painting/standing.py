"""How a person stands before the camera, and where their features land in the picture."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from jaxtyping import Float, UInt8

from vivant.painting import body, eyes, hair
from vivant.painting.anatomy import EYEBALL_CM, EYEBALL_Z_CM, Head
from vivant.painting.easel import Camera, Easel
from vivant.painting.pigment import clouds
from vivant.painting.raster import Scene, Sheet, empty_scene
from vivant.painting.spec import Truth

HEAD, EAR, NECK, CLOTH, COLLAR, HAT, SCARF, SCARF_FALL = 1, 2, 3, 4, 5, 9, 10, 11
BODY_FOLLOWS = 0.45
"""How much of the head's turn the shoulders take."""


def sheets_of(
    head: Head, turned: Float[np.ndarray, "3 3"], below: Float[np.ndarray, "3 3"]
) -> Iterator[tuple[int, Sheet, Float[np.ndarray, "3 3"]]]:
    """Put up the person: head, body, hair, cloth; each surface with its number and how it is turned."""
    spec = head.spec
    yield HEAD, head.sheet(), turned
    yield NECK, body.neck(head), below
    yield NECK, body.torso(head), below
    yield CLOTH, body.torso(head, swell=0.35, neckline=spec.clothes), below
    if spec.clothes in ("shirt", "jacket") and spec.hijab is None:
        yield COLLAR, body.collar(head), below
    if spec.hijab is not None:
        on, fall = body.scarf(head)
        yield SCARF, on, turned
        yield SCARF_FALL, fall, below
        return
    for side in (-1, 1):
        yield EAR, head.ear(side), turned
    if spec.hair != "bald":
        rough = clouds(spec.seed + 9, coarsest_px=14, finest_px=3)
        yield hair.CAP, body.hair_cap(head, rough), turned
        if spec.hair in ("long", "bob", "waves"):
            yield hair.FALL, body.hair_fall(head, rough), turned
        if spec.hair == "bun":
            yield hair.BUN, body.bun(), turned
    if spec.hat:
        yield HAT, body.hat(head), turned


def stand(
    head: Head,
    camera: Camera,
    turned: Float[np.ndarray, "3 3"],
    below: Float[np.ndarray, "3 3"],
    *,
    shape: tuple[int, int],
) -> Scene:
    """Put up the person before the camera."""
    scene = empty_scene(*shape)
    for number, sheet, way in sheets_of(head, turned, below):
        camera.draw(scene, sheet, number=number, turned=way)
    return scene


def truth_of(head: Head, easel: Easel, *, person: UInt8[np.ndarray, "height width"]) -> Truth:
    """Tell where things are in the finished picture, half the size of the canvas."""
    toward_viewer = easel.head.T @ np.array([0, 0, 1], np.float32)

    def seen(points: Float[np.ndarray, "n 3"]) -> Float[np.ndarray, "n 2"]:
        return np.asarray((easel.place(points)[:, :2] + 0.5) / 2, np.float32)

    pupils = np.array([[s * head.eye_x, 0, EYEBALL_Z_CM] for s in (-1, 1)], np.float32)
    pupils += np.stack([eyes.gaze(s, toward_viewer) for s in (-1.0, 1.0)]) * EYEBALL_CM
    inner, outer = head.eye_span_cm
    corner_x = np.array([-outer, -inner, inner, outer], np.float32)
    corner_y = head.lids(np.abs(corner_x))[0]
    mouth_x = np.linspace(-1, 1, 21, dtype=np.float32) * head.mouth_half_cm
    top, _, _, bottom = head.lips(mouth_x)

    def on_skin(x: Float[np.ndarray, " n"], y: Float[np.ndarray, " n"]) -> Float[np.ndarray, "n 2"]:
        return seen(np.stack([x, y, head.skin_z(x, y)], 1).astype(np.float32))

    nose_y = head.nose_tip_y_cm
    middle = on_skin(np.zeros(2, np.float32), np.array([nose_y, 11.0 * head.lower], np.float32))
    return Truth(
        pupils=seen(pupils),
        eye_corners=on_skin(corner_x, corner_y),
        upper_lip=on_skin(mouth_x, top),
        lower_lip=on_skin(mouth_x, bottom),
        nose_tip=middle[0],
        chin=middle[1],
        head_yaw_deg=head.spec.yaw_deg,
        eyes_open=head.eyes_open,
        teeth_shown=head.gape > 0,
        person=person,
    )
