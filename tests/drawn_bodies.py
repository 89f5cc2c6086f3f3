"""A drawn person with arms that hang clear of the body, and where its joints are."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import cv2
import numpy as np

from rigs import faces, quality_of
from vivant.intake.likeness import Likeness
from vivant.intake.portrait import Portrait
from vivant.media.picture import Picture
from vivant.painting import CAST, paint
from vivant.rig.building import build_rig
from vivant.rig.ground import lay_ground
from vivant.rig.pose import BodyPose
from vivant.rig.rig import Rig

SIZE = (1500, 1150)
"""Width and height of the drawing."""
SHOULDER, ELBOW, WRIST, TIP = (-238, 500), (-390, 690), (-505, 890), (-560, 985)
"""Of the person's right arm: from the middle of the drawing, and from its top."""


@lru_cache
def drawn(*, arms_out: float = 1.0) -> tuple[Rig, BodyPose]:
    """Draw the person; ``arms_out`` is how far the arms stand off, 0 at the body's side."""
    spec = replace(CAST["young-man-curls"], background=(0, 0, 0))
    painted = paint(spec, width_px=900, height_px=600)
    width, height = SIZE
    middle = width // 2
    alpha = np.zeros((height, width), np.float32)
    colours = np.zeros((height, width, 3), np.float32)
    left = middle - 450
    alpha[:600, left : left + 900] = painted.truth.person / np.float32(255)
    colours[:600, left : left + 900] = painted.pixels
    last = painted.truth.person[598] > 128
    alpha[598:, left : left + 900] = last
    colours[598:, left : left + 900] = painted.pixels[594] * last[:, None]
    joints = np.array([SHOULDER, ELBOW, WRIST, TIP], np.float64)
    joints[1:, 0] = joints[0, 0] + (joints[1:, 0] - joints[0, 0]) * arms_out
    points = np.zeros((33, 2))
    for side, order in ((1, (12, 14, 16, 20)), (-1, (11, 13, 15, 19))):
        arm = joints * [side, 1] + [middle, 0]
        _draw_arm(colours, alpha, arm)
        points[list(order)] = arm
    points[[24, 23]] = [[middle - 120, 1090], [middle + 120, 1090]]
    behind = np.full((height, width, 3), (104, 116, 128), np.float32)
    behind += np.random.default_rng(1).normal(0, 1.5, behind.shape).astype(np.float32)
    pixels = np.clip(colours + behind * (1 - alpha[..., None]), 0, 255).astype(np.uint8)
    (face,) = faces().find(pixels)
    portrait = Portrait(
        photo_id="drawn",
        picture=Picture(pixels=pixels, sha256="0" * 64),
        landmarks=face.landmarks,
        shapes=face.shapes,
        person=alpha,
        face_vector=np.zeros(128, np.float32),
        quality=quality_of(face),
    )
    likeness = Likeness(
        likeness_id=f"drawn-{arms_out}",
        base=portrait,
        helpers=(),
        face_vector=portrait.face_vector,
        consent_id="test",
    )
    ground = lay_ground(portrait)
    moved = points * ground.scale + np.array(ground.offset_px)
    pose = BodyPose(points=moved.astype(np.float32), seen=np.ones(33, np.float32))
    return build_rig(likeness), pose


def _draw_arm(colours: np.ndarray, alpha: np.ndarray, arm: np.ndarray) -> None:
    """Draw a sleeve and a hand into the premultiplied picture."""
    parts = (
        (arm[:2], 84, (196, 150, 66)),
        (arm[1:3], 70, (186, 142, 62)),
        (arm[2:], 44, (92, 66, 56)),
    )
    for path, wide, colour in parts:
        mask = np.zeros(alpha.shape, np.uint8)
        cv2.polylines(mask, [np.round(path * 8).astype(np.int32)], False, 255, wide, cv2.LINE_AA, 3)
        share = mask.astype(np.float32) / 255
        colours *= 1 - share[..., None]
        colours += share[..., None] * np.array(colour, np.float32)
        np.maximum(alpha, share, out=alpha)
