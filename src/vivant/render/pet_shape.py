"""The roundness of a photographed animal: which way each place of it faces."""

from __future__ import annotations

import cv2
import numpy as np
from jaxtyping import Float32

from vivant.render.bust.modelling import FORWARD, inflated
from vivant.render.bust.tone import LUMA, Tone
from vivant.rig.pet import PetRig

SMOOTH = 0.05
"""Directions are smooth over this share of the face height: fur is no hard surface."""
HEAD = 0.75
"""How much of a head's own form counts against the matte's, blown up like a cushion."""


def pet_normals(
    rig: PetRig, alpha: Float32[np.ndarray, "rows columns"], part: Float32[np.ndarray, " 2"]
) -> tuple[Float32[np.ndarray, "rows columns 3"], Float32[np.ndarray, "rows columns"]]:
    """Find directions (right, up, toward the camera), and how far each place follows the head.

    Args:
        rig: The animal.
        alpha: Its matte, at some size.
        part: That size, for one pixel of the rig.
    """
    tall = rig.face_height_px * float(part[1])
    depth, follows = (
        _spread(rig, values, alpha.shape, part) for values in (rig.points[:, 2], rig.head_weight)
    )
    depth = cv2.GaussianBlur(depth * part[1], (0, 0), SMOOTH * tall)
    down, right = np.gradient(depth)
    head = np.dstack([right, -down, np.ones_like(right)])  # z grows away from the camera
    head /= np.linalg.norm(head, axis=2, keepdims=True)
    share = (HEAD * np.clip(follows, 0, 1))[..., None]
    normals = head * share + inflated(alpha, tall) * (1 - share)
    normals = np.array(cv2.GaussianBlur(normals, (0, 0), SMOOTH * tall), np.float32)
    normals[..., 2] += FORWARD
    normals /= np.maximum(np.linalg.norm(normals, axis=2, keepdims=True), 1e-3)
    return normals, follows


def _spread(
    rig: PetRig,
    values: Float32[np.ndarray, " points"],
    shape: tuple[int, ...],
    part: Float32[np.ndarray, " 2"],
) -> Float32[np.ndarray, "rows columns"]:
    """Lay what is known at the mesh's points over the picture: the mesh is a grid with holes."""
    xs, columns = np.unique(rig.points[:, 0], return_inverse=True)
    ys, rows = np.unique(rig.points[:, 1], return_inverse=True)
    field = np.zeros((len(ys), len(xs)), np.float32)
    known = np.zeros_like(field)
    field[rows, columns], known[rows, columns] = values, 1
    soft = cv2.GaussianBlur(field, (0, 0), 2) / np.maximum(cv2.GaussianBlur(known, (0, 0), 2), 1e-3)
    field = np.where(known > 0, field, soft)
    step = (xs[-1] - xs[0]) / max(len(xs) - 1, 1), (ys[-1] - ys[0]) / max(len(ys) - 1, 1)
    x = ((np.arange(shape[1]) + 0.5) / part[0] - 0.5 - xs[0]) / step[0]
    y = ((np.arange(shape[0]) + 0.5) / part[1] - 0.5 - ys[0]) / step[1]
    right, low = np.meshgrid(x.astype(np.float32), y.astype(np.float32))
    return np.asarray(
        cv2.remap(field, right, low, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.float32
    )


LEVEL, LEVELLED, LEVEL_LIMITS = 0.20, 0.35, (0.80, 1.25)
"""Light of fur in the middle of what photos show, and how far a photo is brought to it: black cats stay black."""


def pet_tone(rig: PetRig) -> Tone:
    """Even a photo's exposure a little. Its colours stay: nobody knows which are the fur's and which the lamp's."""
    shown = rig.person[rig.alpha > 250].astype(np.float64) / 255
    if not len(shown):
        return Tone()
    level = float(((shown**2.2) @ LUMA).mean())
    even = float(np.clip((LEVEL / max(level, 1e-3)) ** LEVELLED, *LEVEL_LIMITS))
    return Tone(gain=(even, even, even))
