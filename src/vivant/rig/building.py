"""The door of the rig room: a likeness goes in, a rig comes out."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from jaxtyping import Float64

from vivant.intake.likeness import Likeness
from vivant.media import face as names
from vivant.media.watch import Watch, unwatched
from vivant.places import Places
from vivant.provenance.standing import Standing
from vivant.rig import basis as shapes
from vivant.rig import layers
from vivant.rig.anatomy import Anatomy
from vivant.rig.eyes import build_eyes
from vivant.rig.ground import Ground, lay_ground
from vivant.rig.lending import borrow_lids, borrow_teeth
from vivant.rig.mesh import FACE_POINTS, OVAL, Mesh, build_mesh
from vivant.rig.mouth import build_mouth
from vivant.rig.rest import Rest, close_lips, find_lip_line, find_rest
from vivant.rig.rig import RIG_VERSION, Rig, Sheet
from vivant.rig.shade import build_shading
from vivant.rig.untangling import even_folds, join_lips, show_all_cells, untangle


def build_rig(likeness: Likeness, *, places: Places | None = None, watch: Watch = unwatched) -> Rig:
    """Bake a rig from a person's photos; seconds of work that is done once per person.

    Args:
        likeness: The person; the base photo moves, the helpers lend teeth and lids.
        places: Where the ledger is; the user's own folders when None.
        watch: Hears of six steps.

    Returns:
        The rig; the same likeness gives the same rig.

    Raises:
        ConsentError: The consent that the photos were taken in under was taken back since.
    """
    Standing((likeness.consent_id,), places=places or Places()).insist()
    portrait = likeness.base
    ground = lay_ground(portrait)
    watch("rig", 1, 6)
    alpha = layers.cut_person(ground)
    watch("rig", 2, 6)
    with ThreadPoolExecutor(1) as painter:  # the layers are painted while the mesh is laid
        painted = painter.submit(_paint_layers, ground, alpha)
        points = untangle(find_lip_line(ground))
        mesh = build_mesh(ground, alpha, points)
        rest = find_rest(ground, points, portrait.shapes)
        basis = shapes.build_basis(mesh, points, rest.smile)
        watch("rig", 3, 6)
        if portrait.quality.has_glasses > 0.5:
            basis = shapes.spare_glasses(basis, mesh, points)
        face, body, axes = _sheets(mesh, points, basis, rest)
        lids = borrow_lids(ground, portrait, likeness.helpers)
        teeth = borrow_teeth(ground, portrait, likeness.helpers)
        eyes = build_eyes(ground, points, glasses=portrait.quality.has_glasses, loan=lids)
        mouth = build_mouth(ground, points, rest, teeth)
        watch("rig", 4, 6)
        shading = build_shading(ground, points, rest)
        watch("rig", 5, 6)
        person, back, throat = painted.result()
    tall = ground.face_height_px
    pivot = np.array(
        [
            points[[234, 454], 0].mean(),
            points[names.CHIN, 1] - 0.12 * tall,
            points[[234, 454], 2].mean(),
        ]
    )
    watch("rig", 6, 6)
    return Rig(
        rig_id=hashlib.sha256(f"rig/{RIG_VERSION}/{likeness.likeness_id}".encode()).hexdigest()[
            :16
        ],
        likeness_id=likeness.likeness_id,
        photo_id=portrait.photo_id,
        face_height_px=tall,
        cut=ground.cut,
        photo=ground.rgb,
        person=layers.close_mouth(person, points, tall) if rest.parted else person,
        throat=throat,
        alpha=np.round(alpha * 255).astype(np.uint8),
        back=back,
        landmarks=points.astype(np.float32),
        face=face,
        body=body,
        rest_shapes=rest.shapes,
        axes=axes.astype(np.float32),
        pivot=pivot.astype(np.float32),
        eyes=eyes,
        mouth=mouth,
        shading=shading,
        notes=_notes(rest, lids=lids is not None, teeth=teeth is not None and mouth.own_teeth),
    )


def _paint_layers(ground: Ground, alpha: layers.Alpha) -> tuple[layers.Rgb, layers.Rgb, layers.Rgb]:
    """Paint the person's own colours, the background, and the throat."""
    person = layers.own_colours(ground, alpha)
    return (
        person,
        layers.clear_background(ground, alpha),
        layers.clear_throat(ground, person, alpha),
    )


def _sheets(
    mesh: Mesh,
    points: Float64[np.ndarray, "478 3"],
    basis: Float64[np.ndarray, "52 union 3"],
    rest: Rest,
) -> tuple[Sheet, Sheet, Float64[np.ndarray, "3 3"]]:
    """Bring both sheets to rest, and give each its shapes."""
    anatomy = Anatomy(mesh, points)
    axes = np.stack([anatomy.right, anatomy.down, -anatomy.near])
    union = anatomy.sheet.copy()
    if rest.parted:
        union = union + shapes.spread_closing(mesh, anatomy, close_lips(union, anatomy.down))
    moved = even_folds(mesh, anatomy.sheet, union - anatomy.sheet)
    on_face = np.r_[np.arange(FACE_POINTS), OVAL]
    at_rest = join_lips(mesh.face + moved[on_face])
    at_rest = show_all_cells(at_rest, mesh.face_triangles)
    face = Sheet(
        uv=mesh.face[:, :2].astype(np.float32),
        rest=at_rest.astype(np.float32),
        triangles=mesh.face_triangles,
        basis=basis[:, on_face].astype(np.float32),
        head_weight=np.ones(len(mesh.face), np.float32),
    )
    inner = len(OVAL)
    on_body = np.r_[OVAL, np.zeros(inner, int), np.arange(FACE_POINTS, len(union))]
    share = (1 - mesh.jaw_slip) * np.r_[
        np.ones(inner), np.zeros(inner), np.ones(len(mesh.body) - 2 * inner)
    ]
    body = Sheet(
        uv=mesh.body[:, :2].astype(np.float32),
        rest=(mesh.body + moved[on_body] * share[:, None]).astype(np.float32),
        triangles=mesh.body_triangles,
        basis=(basis[:, on_body] * share[:, None]).astype(np.float32),
        head_weight=mesh.head_weight.astype(np.float32),
    )
    return face, body, axes


def _notes(rest: Rest, *, lids: bool, teeth: bool) -> tuple[str, ...]:
    """Say what the bake found and what other photos lent."""
    said = (
        ("lips-parted", rest.parted),
        ("smile-taken-off", rest.smile > 0.1),
        ("teeth-lent", teeth),
        ("lids-lent", lids),
    )
    return tuple(note for note, holds in said if holds)
