"""The 52 ARKit shapes as movements of the mesh.

Each shape is set by hand at a few handles (lips, jaw, brows, lids) from how a face moves, and
spread over the sheet between them by least bending. Lengths are in face heights, mouth widths and
eye widths of the person, so one table serves all faces.

Source:
    Botsch & Kobbelt 2004, bi-Laplacian editing; the handles and amounts are our own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import scipy.sparse as sp
from jaxtyping import Float64

from vivant.media import face as names
from vivant.media.face import SHAPE
from vivant.rig.anatomy import (
    BROWS,
    EYES,
    JAW_LINE,
    LIPS,
    LOWER_ROWS,
    NOSE,
    UPPER_OVAL,
    UPPER_ROWS,
    Anatomy,
    Field,
    Handles,
)
from vivant.rig.mesh import FACE_POINTS, Mesh, edges_of, laplacian, smoothstep, spread


def build_basis(
    mesh: Mesh, points: Float64[np.ndarray, "478 3"], smile: float = 0.0
) -> Float64[np.ndarray, "52 points 3"]:
    """Work out every shape on the sewn sheet (468 face points, then the body's rings and grid)."""
    a = Anatomy(mesh, points, smile)
    solve = _solver(mesh, a)
    basis = np.zeros((52, len(a.sheet), 3))

    def put(name: str, handles: Handles, *, free: Iterable[int] = ()) -> Field:
        field = solve(handles, free)
        basis[SHAPE[name]] = field
        return field

    def put_sides(
        stem: str, handles: Handles, *, free: Iterable[int] = (), blend: float = 0.12
    ) -> None:
        field = solve(handles, free)
        side = (a.sheet - a.mouth) @ a.right / a.tall
        left = smoothstep(side, -blend, blend)[:, None]  # the person's left is the picture's right
        basis[SHAPE[stem + "Left"]] = field * left
        basis[SHAPE[stem + "Right"]] = field * (1 - left)

    _jaw(a, put)
    _lips_round(a, put)
    _lips_apart(a, put, put_sides)
    _lips_wide(a, put_sides)
    _cheeks_nose(a, put, put_sides)
    _brows_lids(a, put, put_sides)
    return basis


def _solver(mesh: Mesh, a: Anatomy) -> Callable[[Handles, Iterable[int]], Field]:
    edges = edges_of(mesh.union_triangles)
    length = np.linalg.norm(a.sheet[edges[:, 0], :2] - a.sheet[edges[:, 1], :2], axis=1)
    # Points that lie close together move together, or the cells between them would turn over.
    stiff = np.clip(length.mean() / np.maximum(length, 1e-3), 0.3, 12.0)
    matrix, degree = laplacian(len(a.sheet), edges, stiff)
    bend = (sp.diags(1 / np.maximum(degree, 1e-9)) @ matrix).tocsc()
    bend = (bend.T @ bend).tocsc()
    beyond = np.arange(FACE_POINTS, len(a.sheet))
    distance = np.linalg.norm(a.sheet[beyond, :2] - a.mouth[:2], axis=1)
    far = beyond[(distance > 0.85 * a.tall) | (a.sheet[beyond, 1] < a.points[1, 1])]
    still = {*far.tolist(), *EYES, *NOSE, *UPPER_OVAL, *BROWS, 151, 9, 8}

    def solve(handles: Handles, free: Iterable[int]) -> Field:
        held: Handles = {i: np.zeros(3) for i in still - set(free)}
        held.update(handles)
        at = np.array(list(held), np.int32)
        return spread(bend, at, np.array([held[i] for i in at]))

    return solve


Put = Callable[..., Field]


def _jaw(a: Anatomy, put: Put) -> None:
    opened = _jaw_open(a)
    put("jawOpen", opened)
    put("mouthClose", _lips_shut(opened))
    lower = [i for row in LOWER_ROWS for i in row[1:-1]]
    for name, way in (
        ("jawForward", a.near * 0.06 + a.down * 0.004),
        ("jawLeft", a.right * 0.05),
        ("jawRight", -a.right * 0.05),
    ):
        moved: Handles = dict.fromkeys(
            (*JAW_LINE, 150, 379, 18, 200, 199, 175, 201, 421), way * a.tall
        )
        moved.update(dict.fromkeys(lower, way * a.tall * 0.8))
        moved.update(dict.fromkeys((136, 365), way * a.tall * 0.4))
        put(name, moved)


def _jaw_open(a: Anatomy) -> Handles:
    opened: Handles = {}
    for i in (152, 148, 377, 176, 400, 149, 378, 150, 379, 18, 200, 199, 175, 83, 313, 201, 421):
        opened[i] = a.swing(i)
    for i, share in (
        (136, 0.85),
        (365, 0.85),
        (172, 0.55),
        (397, 0.55),
        (58, 0.2),
        (288, 0.2),
        (132, 0.0),
        (361, 0.0),
    ):
        opened[i] = a.swing(i, share)
    beside = {
        0: 1.0,
        1: 0.60,
        2: 0.25,
        8: 0.25,
        9: 0.60,
        10: 1.0,
    }  # the corner takes its neighbours along
    profile = (0.38, 0.56, 0.76, 0.90, 0.97, 1.0, 0.97, 0.90, 0.76, 0.56, 0.38)
    for row, share in zip(LOWER_ROWS, (1.0, 0.99, 0.98, 0.97), strict=True):
        for i, part in zip(row, profile, strict=True):
            inward = -a.right * np.sign(a.across_mouth(i)) * 0.050 * a.mouth_width
            opened[i] = a.swing(i, part * share) + inward * beside.get(row.index(i), 0.0)
    for row in UPPER_ROWS:
        for k, i in enumerate(row):
            corner = row[0] if k < 5 else row[-1]
            along = (
                a.swing(corner, 0.38)
                - a.right * np.sign(a.across_mouth(corner)) * 0.050 * a.mouth_width
            )
            opened[i] = a.down * (-0.006 * a.tall) * (1 - abs(k - 5) / 5) + along * beside.get(
                k, 0.0
            )
    return opened


def _lips_shut(opened: Handles) -> Handles:
    """Shut the lips over an open jaw: exactly the gap that jawOpen made, taken back mostly by the lower lip."""
    shut: Handles = dict.fromkeys(JAW_LINE, np.zeros(3))
    for k in range(11):
        gap = opened[LOWER_ROWS[0][k]] - opened[UPPER_ROWS[0][k]] if 0 < k < 10 else np.zeros(3)
        for row, share in zip(UPPER_ROWS, (0.28, 0.24, 0.20, 0.16), strict=True):
            shut[row[k]] = gap * share
        for row, share in zip(LOWER_ROWS, (-0.72, -0.72, -0.70, -0.66), strict=True):
            shut[row[k]] = gap * share
    for i in (18, 83, 313):
        shut[i] = -opened[i] * 0.45
    for i in (200, 201, 421):
        shut[i] = -opened[i] * 0.15
    return shut


def _lips_round(a: Anatomy, put: Put) -> None:
    jaw = dict.fromkeys(JAW_LINE, np.zeros(3))
    for name, inward, out, thick_up, thick_down, part_up, part_down in (
        ("mouthPucker", 0.21, 0.09, 0.016, 0.018, 0.000, 0.000),
        ("mouthFunnel", 0.15, 0.07, 0.016, 0.018, 0.022, 0.030),
    ):
        handles: Handles = dict(jaw)
        for rows, way, thick, part in (
            (UPPER_ROWS, -1, thick_up, part_up),
            (LOWER_ROWS, 1, thick_down, part_down),
        ):
            for depth, row in enumerate(rows):
                for i in row:
                    t = a.across_mouth(i)
                    bulge = max(0.0, 1 - t * t) ** 0.6  # round, not pointed
                    handles[i] = (
                        -a.right * inward * a.narrowing * a.mouth_width * np.sign(t) * abs(t) ** 0.9
                        + a.near * out * a.tall * (1 - 0.4 * t * t)
                        + way
                        * a.down
                        * a.tall
                        * bulge
                        * (part + thick * a.narrowing**2 * depth / 3)
                    )
        for i in (205, 425, 207, 427, 216, 436):
            handles[i] = -a.right * np.sign(a.across_mouth(i)) * 0.05 * a.mouth_width
        put(name, handles)
    for name, sideways in (("mouthLeft", 1.0), ("mouthRight", -1.0)):
        put(name, dict.fromkeys(LIPS, sideways * a.right * 0.1 * a.mouth_width) | jaw)
    for name, rows, sign in (
        ("mouthRollUpper", UPPER_ROWS, 1.0),
        ("mouthRollLower", LOWER_ROWS, -1.0),
    ):
        handles = {i: np.zeros(3) for i in LIPS} | jaw
        for depth, row in enumerate(rows):
            for k, i in enumerate(row[1:-1], start=1):
                thickness = abs(float((a.points[rows[3][k]] - a.points[rows[0][k]]) @ a.down))
                handles[i] = (
                    sign * a.down * thickness * 0.55 * depth / 3
                    - a.near * 0.02 * a.tall * (1 - depth / 3)
                )
        put(name, handles)


def _lips_apart(a: Anatomy, put: Put, put_sides: Callable[..., None]) -> None:
    jaw = dict.fromkeys(JAW_LINE, np.zeros(3))

    def rows(rows_: tuple[tuple[int, ...], ...], amounts: tuple[float, ...], way: float) -> Handles:
        out: Handles = {}
        for row, amount in zip(rows_, amounts, strict=True):
            for i in row[1:-1]:
                out[i] = (
                    way * a.down * amount * a.tall * max(0.0, 1 - a.across_mouth(i) ** 2) ** 0.7
                )
        return out

    quiet = {i: np.zeros(3) for i in LIPS} | jaw
    put_sides(
        "mouthLowerDown", quiet | rows(LOWER_ROWS, (0.045, 0.043, 0.040, 0.034), 1), blend=0.10
    )
    put_sides(
        "mouthUpperUp", quiet | rows(UPPER_ROWS, (0.036, 0.034, 0.031, 0.028), -1), blend=0.10
    )
    put_sides(
        "mouthPress",
        quiet
        | rows(UPPER_ROWS, (0.001, 0.005, 0.008, 0.011), 1)
        | rows(LOWER_ROWS, (0.001, 0.007, 0.011, 0.015), -1),
        blend=0.10,
    )
    chin = dict.fromkeys((200, 199, 201, 421, 18), -a.down * 0.022 * a.tall) | dict.fromkeys(
        JAW_LINE, -a.down * 0.006 * a.tall
    )
    put(
        "mouthShrugLower",
        quiet
        | rows(LOWER_ROWS, (0.030, 0.030, 0.030, 0.028), -1)
        | rows(UPPER_ROWS, (0.022, 0.016, 0.012, 0.008), -1)
        | chin,
    )
    put(
        "mouthShrugUpper",
        quiet
        | rows(UPPER_ROWS, (0.014, 0.014, 0.014, 0.014), -1)
        | rows(LOWER_ROWS, (0.014, 0.012, 0.010, 0.008), -1),
    )


def _lips_wide(a: Anatomy, put_sides: Callable[..., None]) -> None:
    jaw = dict.fromkeys(JAW_LINE, np.zeros(3))

    def lips(out: float, up: float, back: float, power: float) -> Handles:
        handles: Handles = dict(jaw)
        for i in LIPS:
            t = a.across_mouth(i)
            reach = np.sign(t) * abs(t) ** 1.2
            handles[i] = (
                a.right * out * a.mouth_width * reach
                - a.down * up * a.mouth_width * abs(t) ** power
                - a.near * back * a.tall * t * t
            )
        return handles

    smile = lips(0.13, 0.11, 0.04, 1.8)
    for row, amount in ((UPPER_ROWS[3][2:-2], 0.005), (LOWER_ROWS[3][2:-2], -0.007)):
        for i in row:
            smile[i] = smile[i] + a.down * amount * a.tall
    for i in (205, 425):
        smile[i] = (
            a.right * np.sign(a.across_mouth(i)) * 0.018 * a.tall
            - a.down * 0.028 * a.tall
            + a.near * 0.022 * a.tall
        )
    for i in (50, 280):
        smile[i] = (
            a.right * np.sign(a.across_mouth(i)) * 0.012 * a.tall
            - a.down * 0.022 * a.tall
            + a.near * 0.022 * a.tall
        )
    for i in (98, 327, 64, 294, 48, 278):
        smile[i] = a.right * np.sign(a.across_mouth(i)) * 0.006 * a.tall - a.down * 0.003 * a.tall
    put_sides("mouthSmile", smile, free=NOSE)
    frown = lips(0.02, -0.10, 0.0, 2.0)
    put_sides("mouthFrown", frown)
    put_sides("mouthDimple", lips(0.05, 0.02, 0.04, 1.5))
    stretch = lips(0.13, -0.02, 0.03, 1.5)
    put_sides("mouthStretch", stretch)


def _cheeks_nose(a: Anatomy, put: Put, put_sides: Callable[..., None]) -> None:
    cheeks = (205, 425, 50, 280, 207, 427, 187, 411, 216, 436)
    puff: Handles = {
        i: a.near * 0.05 * a.tall + a.right * np.sign(a.across_mouth(i)) * 0.028 * a.tall
        for i in cheeks
    }
    put("cheekPuff", puff | dict.fromkeys(LIPS, np.zeros(3)))
    lower_lids = (*names.RIGHT_EYE_LOWER[2:-2], *names.LEFT_EYE_LOWER[2:-2])
    squint: Handles = dict.fromkeys(
        (50, 280, 118, 347, 101, 330), -a.down * 0.026 * a.tall + a.near * 0.012 * a.tall
    )
    squint |= dict.fromkeys(lower_lids, -a.down * 0.006 * a.tall)
    put_sides("cheekSquint", squint, free=lower_lids)
    sneer: Handles = dict.fromkeys((98, 327, 64, 294, 48, 278), -a.down * 0.02 * a.tall)
    sneer |= dict.fromkeys((*UPPER_ROWS[3][2:5], *UPPER_ROWS[3][6:9]), -a.down * 0.01 * a.tall)
    put_sides("noseSneer", sneer, free=NOSE)


def _brows_lids(a: Anatomy, put: Put, put_sides: Callable[..., None]) -> None:
    quiet: Handles = dict.fromkeys((*LIPS, 152, 205, 425), np.zeros(3))
    inner: Handles = dict(quiet)
    outer: Handles = dict(quiet)
    lowered: Handles = dict(quiet)
    for brow in (names.RIGHT_BROW, names.LEFT_BROW):
        side = np.sign(a.across_mouth(brow[2]))
        for row in (brow[:5], brow[5:]):
            order = sorted(row, key=lambda i: abs(a.across_mouth(i)))
            for k, i in enumerate(order):  # 0 is next to the nose, 4 at the temple
                inner[i] = -a.down * a.tall * 0.034 * (1, 0.8, 0.45, 0.15, 0.0)[k]
                outer[i] = -a.down * a.tall * 0.034 * (0.15, 0.5, 0.9, 1.0, 0.75)[k]
                lowered[i] = (
                    a.down * a.tall * (0.020, 0.018, 0.014, 0.008, 0.003)[k]
                    - a.right * side * a.tall * (0.012, 0.009, 0.005, 0.0, 0.0)[k]
                )
    inner |= {9: -a.down * 0.018 * a.tall, 151: -a.down * 0.012 * a.tall}
    lowered |= {9: a.down * 0.008 * a.tall}
    free = (*BROWS, 151, 9)
    put("browInnerUp", inner, free=free)
    put_sides("browOuterUp", outer, free=free)
    put_sides("browDown", lowered, free=free)
    squint: Handles = dict(quiet)
    wide: Handles = dict(quiet)
    for upper, lower in (
        (names.RIGHT_EYE_UPPER, names.RIGHT_EYE_LOWER),
        (names.LEFT_EYE_UPPER, names.LEFT_EYE_LOWER),
    ):
        for k in range(1, 8):
            opening = float((a.points[lower[k]] - a.points[upper[k]]) @ a.down)
            squint[lower[k]] = -a.down * opening * 0.22
            squint[upper[k]] = a.down * opening * 0.10
            wide[upper[k]] = -a.down * opening * 0.20
            wide[lower[k]] = a.down * opening * 0.04
    put_sides("eyeSquint", squint, free=EYES)
    put_sides("eyeWide", wide, free=EYES)


def spread_closing(mesh: Mesh, a: Anatomy, handles: Handles) -> Field:
    """Spread the closing of parted lips over the sheet; the jaw line stays."""
    return _solver(mesh, a)(dict.fromkeys(JAW_LINE, np.zeros(3)) | handles, ())


def spare_glasses(
    basis: Float64[np.ndarray, "52 union 3"], mesh: Mesh, points: Float64[np.ndarray, "478 3"]
) -> Float64[np.ndarray, "52 union 3"]:
    """Keep spectacles rigid: within the rims nothing moves but lids and eyes, which are drawn apart."""
    a = Anatomy(mesh, points)
    keep = np.ones(len(a.sheet))
    for left, right in ((33, 133), (362, 263)):
        wide = float(np.linalg.norm(points[left] - points[right]))
        away = a.sheet - (points[left] + points[right]) / 2
        x, y = away @ a.right / wide, away @ a.down / wide
        height = np.where(y < 0, 0.82, 0.98)
        keep *= smoothstep(np.hypot(x / 1.15, y / height), 0.92, 1.30)
    bridge = a.sheet - points[6]
    keep *= smoothstep(np.hypot(bridge @ a.right, bridge @ a.down) / a.tall, 0.05, 0.10)
    return basis * keep[None, :, None]
