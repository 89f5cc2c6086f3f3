"""The figures of a shot, and the darkness that their feet lay on the ground."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from jaxtyping import Float32

from vivant.scene.figure.figure import Figure
from vivant.scene.mesh import Mesh
from vivant.scene.shot import Shot, Walker, set_props

CONTACT_M = 0.09
"""How far a foot darkens the ground around it: a Gaussian's sigma."""


class Crowd:
    """The figures of a shot."""

    def __init__(self, shot: Shot, figures: Mapping[str, Figure], solids: Sequence[Mesh]) -> None:
        self._walkers = [one for one in shot.presences if isinstance(one, Walker)]
        self._props = set_props(shot)
        self._figures, self._solids = figures, tuple(solids)

    def figures(
        self, index: int, *, shutter: float
    ) -> Iterator[tuple[Mesh, Float32[np.ndarray, "points 3"]]]:
        """Give each figure and each thing as the shutter opens, and where its points are when it closes."""
        for walker in self._walkers:
            figure = self._figures[walker.person]
            opened = figure.mesh(walker.motion, index - shutter)
            if not walker.shows_face:
                opened = replace(opened, texture_weight=None, texture=None, uv=None)
            yield opened, figure.mesh(walker.motion, index + shutter).points_m
        for prop in self._props:
            closing = prop.meshes(index + shutter)
            for mesh, later in zip(prop.meshes(index - shutter), closing, strict=True):
                yield mesh, later.points_m

    def ground(self, index: int) -> list[Mesh]:
        """Give what stands still, darker where feet stand on it."""
        marks = [
            mark
            for walker in self._walkers
            for mark in self._figures[walker.person].contacts(walker.motion, index)
        ]
        return [_darkened(mesh, marks) for mesh in self._solids] if marks else list(self._solids)


def _darkened(mesh: Mesh, marks: Sequence[np.ndarray]) -> Mesh:
    """Let marks (x, y, z and strength 0..1) keep sky and sun from what is around them."""
    kept = None
    for mark in marks:
        apart = mesh.points_m - np.asarray(mark[:3], np.float32)
        near = np.flatnonzero(
            (np.abs(apart[:, 0]) < 3 * CONTACT_M) & (np.abs(apart[:, 2]) < 3 * CONTACT_M)
        )
        if not len(near):
            continue
        kept = np.ones(len(mesh.points_m), np.float32) if kept is None else kept
        square = np.square(apart[near]).sum(axis=1)
        kept[near] *= 1 - float(mark[3]) * np.exp(-square / (2 * CONTACT_M**2))
    if kept is None:
        return mesh
    return replace(mesh, open_sky=mesh.open_sky * kept, sunlit=mesh.sunlit * kept)
