"""Light that does not change while a shot lasts, found once for each point: how much sky it sees, how much sun.

Rays go from each point to the same directions all over the sky, so that neighbours agree; those toward the sun fill
its disc, so that shadows are soft, and softer farther from what throws them.
"""
# ruff: noqa: ANN001, ANN202, PLR0913, PLR0917 - compiled loops

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import no_type_check

import numpy as np
from jaxtyping import Bool, Float32, Int32

from vivant.errors import InputError
from vivant.media.compilation import compiled_fast, owned
from vivant.media.document import read_document, write_document
from vivant.media.watch import Watch, unwatched
from vivant.render.raster.tree import Tree, grow_tree, is_hidden
from vivant.scene.light import Light
from vivant.scene.mesh import MATERIALS, Mesh

VERSION = "2"
"""Changes whenever baked light would look different."""
_KIND, _FORM = "baked-light", 1
_SKY_RAYS = 160
_SUN_RAYS = 13
_SUN_RAD = 0.035
"""Half the angle of the sun seen through thin haze; the plain sun's is 0.0046."""
_NEAR_M, _FAR_M = 0.25, 3.2
"""What is nearer than the first darkens a point fully; beyond the second, it does not."""
_OFF_M = 0.004
"""Rays begin this far off the surface."""
_PARTS = 16
_BURIED, _SPREAD = 0.03, 3
"""A point that sees less of the sky lies inside something; it takes the light of points so many edges away."""


def bake_light(
    meshes: Sequence[Mesh],
    light: Light,
    *,
    rough: bool = False,
    threads: int = 2,
    watch: Watch = unwatched,
) -> tuple[Mesh, ...]:
    """Find the light on meshes that stand still, each in the shadows of all.

    Args:
        meshes: As they are drawn: choose between coarser and finer forms first.
        light: Tells where the sun stands.
        rough: A quarter of the rays: for previews.
        threads: Threads that work; the light does not depend on how many.
        watch: Hears ``"light"``.

    Returns:
        The meshes with ``open_sky`` and ``sunlit`` filled in; veils of light stay as they are.
    """
    solid = [mesh for mesh in meshes if _is_solid(mesh)]
    if not solid:
        return tuple(meshes)
    starts = np.cumsum([0] + [len(mesh.points_m) for mesh in solid])
    points = np.concatenate([mesh.points_m for mesh in solid])
    normals = np.concatenate([mesh.normals for mesh in solid])
    triangles = np.concatenate(
        [mesh.triangles + start for mesh, start in zip(solid, starts[:-1], strict=True)]
    ).astype(np.int32)
    tree = grow_tree(points, triangles)
    sky, sun = find_light(points, normals, tree, light, rough=rough, threads=threads, watch=watch)
    buried = sky < _BURIED
    sky, sun = (_surfaced(values, triangles, buried) for values in (sky, sun))
    sky, sun = (_smoothed(values, triangles) for values in (sky, sun))
    lit = pairwise(starts)
    result = []
    for mesh in meshes:
        if _is_solid(mesh):
            first, last = next(lit)
            result.append(replace(mesh, open_sky=sky[first:last], sunlit=sun[first:last]))
        else:
            result.append(mesh)
    return tuple(result)


def find_light(
    points_m: Float32[np.ndarray, "points 3"],
    normals: Float32[np.ndarray, "points 3"],
    tree: Tree,
    light: Light,
    *,
    rough: bool = False,
    threads: int = 2,
    watch: Watch = unwatched,
) -> tuple[Float32[np.ndarray, " points"], Float32[np.ndarray, " points"]]:
    """Give the open share of the sky and of the sun for points among the tree's triangles."""
    count = len(points_m)
    sky, sun = np.ones(count, np.float32), np.ones(count, np.float32)
    ways, reach = _sky_ways()
    toward = _sun_ways(light)
    if rough:
        ways, reach, toward = (owned(rays) for rays in (ways[::4], reach[::4], toward[:5]))
    edges = np.linspace(0, count, _PARTS + 1).astype(int)

    def work(part: int) -> None:
        here = slice(int(edges[part]), int(edges[part + 1]))
        _find(
            owned(points_m[here]),
            owned(normals[here]),
            tree.boxes,
            tree.nodes,
            tree.corners,
            ways,
            reach,
            toward,
            sky[here],
            sun[here],
        )

    with ThreadPoolExecutor(max(1, threads)) as pool:
        for done, _ in enumerate(pool.map(work, range(_PARTS))):
            watch("light", done + 1, _PARTS)
    return sky, sun


def _surfaced(
    values: Float32[np.ndarray, " points"],
    triangles: Int32[np.ndarray, "triangles 3"],
    buried: Bool[np.ndarray, " points"],
) -> Float32[np.ndarray, " points"]:
    """Give points inside other things the light of their neighbours: what is seen lies between them."""
    values, buried = values.copy(), buried.copy()
    for _ in range(_SPREAD):
        some = triangles[buried[triangles].any(axis=1)]
        if not len(some):
            break
        pairs = np.concatenate([some[:, [a, b]] for a in range(3) for b in range(3) if a != b])
        pairs = pairs[buried[pairs[:, 0]] & ~buried[pairs[:, 1]]]
        total = np.bincount(pairs[:, 0], values[pairs[:, 1]], len(values))
        number = np.bincount(pairs[:, 0], minlength=len(values))
        reached = number > 0
        values[reached] = (total[reached] / number[reached]).astype(np.float32)
        buried[reached] = False
    return values


def _smoothed(
    values: Float32[np.ndarray, " points"], triangles: Int32[np.ndarray, "triangles 3"]
) -> Float32[np.ndarray, " points"]:
    """Even out what few rays leave uneven: half of each value is its neighbours'."""
    total, number = np.zeros(len(values)), np.zeros(len(values))
    for a, b in ((0, 1), (1, 2), (2, 0), (1, 0), (2, 1), (0, 2)):
        total += np.bincount(triangles[:, a], values[triangles[:, b]], len(values))
        number += np.bincount(triangles[:, a], minlength=len(values))
    around = np.where(number > 0, total / np.maximum(number, 1), values)
    return (0.5 * values + 0.5 * around).astype(np.float32)


def _is_solid(mesh: Mesh) -> bool:
    return len(mesh.material) > 0 and MATERIALS[mesh.material[0]].emits == 0


def _sky_ways() -> tuple[Float32[np.ndarray, "rays 3"], Float32[np.ndarray, " rays"]]:
    """Spread directions over the sphere along a golden spiral; each looks another distance far."""
    index = np.arange(_SKY_RAYS) + 0.5
    height = 1 - 2 * index / _SKY_RAYS
    angle = np.pi * (1 + 5**0.5) * index
    flat = np.sqrt(1 - height * height)
    ways = np.stack([flat * np.cos(angle), height, flat * np.sin(angle)], -1)
    share = (index * 0.618034) % 1.0
    reach = _NEAR_M + (_FAR_M - _NEAR_M) * share**2
    return ways.astype(np.float32), reach.astype(np.float32)


def _sun_ways(light: Light) -> Float32[np.ndarray, "rays 3"]:
    """Fill the sun's disc with directions."""
    sun = np.asarray(light.sun, np.float64)
    aside = np.cross(sun, [0.0, 1.0, 0.0] if abs(sun[1]) < 0.9 else [1.0, 0.0, 0.0])
    aside /= np.linalg.norm(aside)
    above = np.cross(aside, sun)
    index = np.arange(_SUN_RAYS) + 0.5
    radius, angle = _SUN_RAD * np.sqrt(index / _SUN_RAYS), np.pi * (1 + 5**0.5) * index
    ways = sun + radius[:, None] * (np.cos(angle)[:, None] * aside + np.sin(angle)[:, None] * above)
    return np.asarray(ways / np.linalg.norm(ways, axis=1, keepdims=True), np.float32)


@compiled_fast
@no_type_check
def _find(points, normals, boxes, nodes, corners, ways, reach, toward, sky, sun):
    """Send rays from each point."""
    stack = np.zeros(64, np.int64)
    far = np.float32(200)
    for i in range(points.shape[0]):
        nx, ny, nz = normals[i, 0], normals[i, 1], normals[i, 2]
        off = np.float32(_OFF_M)
        x, y, z = points[i, 0] + nx * off, points[i, 1] + ny * off, points[i, 2] + nz * off
        total, seen = np.float32(1e-6), np.float32(0)
        for k in range(ways.shape[0]):
            weight = nx * ways[k, 0] + ny * ways[k, 1] + nz * ways[k, 2]
            if weight > np.float32(0.03):
                total += weight
                if not is_hidden(
                    boxes, nodes, corners, stack, x, y, z,
                    ways[k, 0], ways[k, 1], ways[k, 2], reach[k],
                ):  # fmt: skip
                    seen += weight
        sky[i] = seen / total
        free = 0
        first_hidden = 0
        for k in range(toward.shape[0]):
            if k == 5 and (free == 5 or first_hidden == 5):  # not near a shadow's edge
                free = toward.shape[0] if free == 5 else 0
                break
            if is_hidden(
                boxes, nodes, corners, stack, x, y, z,
                toward[k, 0], toward[k, 1], toward[k, 2], far,
            ):  # fmt: skip
                first_hidden += 1
            else:
                free += 1
        sun[i] = np.float32(free) / np.float32(toward.shape[0])


def write_baked(path: Path, meshes: Sequence[Mesh]) -> None:
    """Keep the light of baked meshes.

    Raises:
        VivantError: As for ``write_document``.
    """
    arrays = {
        "open_sky": np.concatenate([mesh.open_sky for mesh in meshes]),
        "sunlit": np.concatenate([mesh.sunlit for mesh in meshes]),
    }
    packed = {name: np.rint(array * 255).astype(np.uint8) for name, array in arrays.items()}
    facts = {"points": [len(mesh.points_m) for mesh in meshes], "baking": VERSION}
    write_document(path, kind=_KIND, version=_FORM, facts=facts, arrays=packed)


def read_baked(path: Path, meshes: Sequence[Mesh]) -> tuple[Mesh, ...]:
    """Give meshes the light that was baked for them.

    Args:
        path: What ``write_baked`` wrote.
        meshes: The same ones, built anew.

    Raises:
        InputError: The document is damaged, or was baked for other meshes.
    """
    document = read_document(path, kind=_KIND, version=_FORM)
    counts = [len(mesh.points_m) for mesh in meshes]
    arrays = [document.arrays.get(name) for name in ("open_sky", "sunlit")]
    fits = document.facts.get("points") == counts and document.facts.get("baking") == VERSION
    if not fits or any(
        array is None or array.dtype != np.uint8 or array.shape != (sum(counts),)
        for array in arrays
    ):
        message = (
            "The light was baked for other surfaces than these. Remove the file and bake again."
        )
        raise InputError(message)
    sky, sun = (np.asarray(array, np.float32) / 255 for array in arrays)
    starts = np.cumsum([0, *counts])
    return tuple(
        replace(mesh, open_sky=sky[first:last], sunlit=sun[first:last])
        for mesh, first, last in zip(meshes, starts[:-1], starts[1:], strict=True)
    )
