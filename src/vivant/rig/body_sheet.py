"""A finer sheet around arms, so that they come away from the body without dragging it along."""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import replace

import cv2
import numpy as np
from jaxtyping import Float64
from scipy.interpolate import LinearNDInterpolator
from scipy.spatial import Delaunay, KDTree

from vivant.rig.mesh import OVAL
from vivant.rig.pose import ELBOWS, KNUCKLES, SHOULDERS, WRISTS, BodyPose
from vivant.rig.rig import Rig, Sheet

VERSION = 1
FINE = 0.045
"""Width of the cells around an arm, in face heights."""
AROUND = 0.62
"""How far from the bones cells are fine, in face heights."""


def limber(rig: Rig, pose: BodyPose) -> Rig:
    """Give a rig a body sheet that is fine around both arms.

    Lifting an arm needs it; everything else is as before.

    Args:
        rig: As baked, or completed.
        pose: Its joints.
    """
    tall = rig.face_height_px
    flat = rig.body.uv.astype(np.float64)
    low, high = flat.min(0), flat.max(0)
    step = FINE * tall
    xs, ys = np.meshgrid(np.arange(low[0], high[0], step), np.arange(low[1], high[1], step))
    xs = xs + (np.arange(len(xs)) % 2)[:, None] * 0.5 * step  # rows of triangles, not of squares
    grid = np.c_[xs.ravel(), ys.ravel()]
    away = np.full(len(grid), np.inf)
    for joints in zip(SHOULDERS, ELBOWS, WRISTS, KNUCKLES, strict=True):
        bones = pose.points[list(joints)].astype(np.float64)
        for start, end in itertools.pairwise(bones):
            away = np.minimum(away, _distance(grid, start, end))
    ring = rig.landmarks[OVAL, :2].mean(0)
    head = np.linalg.norm((grid - ring) / (1.25 * tall), axis=1) < 1
    new = grid[(away < AROUND * tall) & ~head & (grid < high - step).all(1)]
    if not len(new):
        return rig
    name = f"limber/{VERSION}/{rig.rig_id}"
    return replace(
        rig,
        rig_id=hashlib.sha256(name.encode()).hexdigest()[:16],
        body=_refined(rig.body, new),
    )


def _refined(sheet: Sheet, new: Float64[np.ndarray, "n 2"]) -> Sheet:
    """Put points into a sheet; its own keep their places and their order."""
    flat = sheet.uv.astype(np.float64)
    near, _ = KDTree(flat).query(new)
    new = new[near > 0.3 * np.median(near)]  # no slivers
    known = np.column_stack([sheet.rest - np.c_[flat, np.zeros(len(flat))], sheet.head_weight])
    read = LinearNDInterpolator(flat, known, fill_value=0.0)(new)
    basis = LinearNDInterpolator(
        flat, np.moveaxis(sheet.basis, 1, 0).reshape(len(flat), -1), fill_value=0.0
    )(new)
    every = np.vstack([flat, new])
    cells = Delaunay(every).simplices.astype(np.int32)
    inner = flat[len(OVAL) : 2 * len(OVAL)].astype(np.float32)
    centres = every[cells].mean(1)
    outside = [cv2.pointPolygonTest(inner, (float(x), float(y)), False) < 0 for x, y in centres]
    count = len(sheet.basis)
    return Sheet(
        uv=every.astype(np.float32),
        rest=np.vstack([sheet.rest, np.c_[new, np.zeros(len(new))] + read[:, :3]]).astype(
            np.float32
        ),
        triangles=cells[outside],
        basis=np.concatenate(
            [sheet.basis, np.moveaxis(basis.reshape(len(new), count, 3), 0, 1)], axis=1
        ).astype(np.float32),
        head_weight=np.r_[sheet.head_weight, read[:, 3]].astype(np.float32),
    )


def _distance(
    points: Float64[np.ndarray, "n 2"],
    start: Float64[np.ndarray, " 2"],
    end: Float64[np.ndarray, " 2"],
) -> Float64[np.ndarray, " n"]:
    way = end - start
    part = np.clip((points - start) @ way / max(float(way @ way), 1e-9), 0, 1)
    return np.asarray(np.linalg.norm(points - start - part[:, None] * way, axis=1))
