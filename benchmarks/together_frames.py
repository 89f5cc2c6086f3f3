"""Frames of storyboards, drawn one by one, and what is seen of each person in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from jaxtyping import Float32, Float64, UInt8

from vivant.cli.storyboarding import known_terms, with_demo_faces
from vivant.intake.engine import FaceEngine, FoundFace
from vivant.intake.engines.mediapipe import MediapipeFaces
from vivant.intake.likeness import similarity
from vivant.media.face import CHIN
from vivant.media.planes import planes_to_rgb
from vivant.performance.performing import perform_idle
from vivant.places import Places
from vivant.provenance.consent import attest
from vivant.render.rendering import render
from vivant.render.shooting import ShotStage
from vivant.rig.rig import Rig
from vivant.scene.sets.registry import set_named
from vivant.scene.shot import Bust, Shot
from vivant.scene.staging import stage
from vivant.scene.storyboard_reading import read_storyboard
from vivant.studio.casting import call_the_cast
from vivant.studio.casting_lines import part_of
from vivant.studio.scenery import COARSE, scenery_of
from vivant.studio.telling import company_of

NEAR = 0.6
"""A face is somebody's when its eyes lie within this of where they are staged, in heights of the face."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Drawn:
    """One frame."""

    template: str
    shot: Shot
    index: int
    pixels: UInt8[np.ndarray, "height width 3"]
    covered: UInt8[np.ndarray, "height width"] | None
    """How far each pixel is covered by people, 0..255, where they touch."""
    photos: Mapping[str, Rig]
    engine: FaceEngine

    def busts(self) -> list[Bust]:
        """Who is near."""
        return [one for one in self.shot.presences if isinstance(one, Bust) and one.becomes is None]

    def eyes_px(self, bust: Bust) -> Float64[np.ndarray, " 2"]:
        """Where somebody's eyes are staged."""
        height, width = self.pixels.shape[:2]
        x, y = float(bust.eyes_x[self.index]), float(bust.eyes_y[self.index])
        return np.array([width / 2 + x * height, y * height])

    def faces(self) -> dict[str, FoundFace | None]:
        """Find each person's face; None where no detector sees it."""
        found = self.engine.find(self.pixels)
        faces: dict[str, FoundFace | None] = {}
        for bust in self.busts():
            reach = NEAR * float(bust.face_height[self.index]) * self.pixels.shape[0]
            eyes = self.eyes_px(bust)
            near = [
                (float(np.linalg.norm(face.landmarks[[468, 473], :2].mean(0) - eyes)), face)
                for face in found
            ]
            away, face = min(near, key=lambda one: one[0], default=(np.inf, None))
            faces[bust.person] = face if away < reach else None
        return faces

    def likeness(self) -> dict[str, float | None]:
        """Compare each face with its own photo."""
        alike: dict[str, float | None] = {}
        for person, face in self.faces().items():
            rig = self.photos[person]
            own = self.engine.vector(rig.photo, rig.landmarks)
            alike[person] = (
                None
                if face is None
                else similarity(own, self.engine.vector(self.pixels, face.landmarks))
            )
        return alike


def chins_px(frame: Drawn) -> Float64[np.ndarray, "2 2"]:
    """Tell where the chins of two people are staged."""
    chins = []
    for bust in frame.busts():
        rig = frame.photos[bust.person]
        eyes = rig.landmarks[[468, 473], :2].mean(0)
        down = (rig.landmarks[CHIN, :2] - eyes).astype(np.float64) / rig.face_height_px
        angle = np.radians(float(bust.roll_deg[frame.index]))
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        tall = float(bust.face_height[frame.index]) * frame.pixels.shape[0]
        chins.append(frame.eyes_px(bust) + tall * turn @ down)
    return np.array(chins)


def drawn_frames(
    board: Path,
    *,
    template: str,
    moments: tuple[float, ...],
    size: tuple[int, int],
    places: Places,
    only: str = "",
) -> Iterator[Drawn]:
    """Draw frames of every shot in which somebody is near.

    Args:
        board: A storyboard with demo faces.
        template: What to call it.
        moments: Where in each shot, 0..1.
        size: Width and height.
        places: Where rigs and sets are kept.
        only: An action; every one when empty.
    """
    story = with_demo_faces(read_storyboard(board, terms=known_terms()), places=places)
    engine = MediapipeFaces(places=places)
    consents = {name: attest("public-domain") for name in story.cast}
    cast = call_the_cast(story, consents, engine=engine, bake="here", places=places)
    parts = [
        part_of(story, plan, (), rate=story.rate, seed=31 * place)
        for place, plan in enumerate(story.shots)
    ]
    shots = stage(
        story,
        frames={part.plan.name: part.frames for part in parts},
        company=company_of(cast, parts),
        rate=story.rate,
        width_px=size[0],
        height_px=size[1],
    )
    for plan, shot in zip(story.shots, shots, strict=True):
        if (only and plan.action != only) or not any(
            isinstance(one, Bust) for one in shot.presences
        ):
            continue
        scene_set = set_named(shot.set_name)
        indices = [min(shot.frames - 1, round(at * shot.frames)) for at in moments]
        scenery = scenery_of(shot, scene_set, frames=indices[:1], coarse=COARSE, places=places)
        players = cast.players_for(shot)
        drawing = ShotStage(shot, players=players, scene_set=scene_set, scenery=scenery, threads=2)
        photos = {key: players.rigs[key] for key in players.rigs}
        try:
            for index in indices:
                frame = drawing.draw(index)
                yield Drawn(
                    template=template,
                    shot=shot,
                    index=index,
                    pixels=planes_to_rgb(frame.y, frame.u, frame.v),
                    covered=None if drawing.people is None else drawing.people.copy(),
                    photos=photos,
                    engine=engine,
                )
        finally:
            drawing.close()


def portrait_likeness(rig: Rig, engine: FaceEngine) -> float:
    """Tell how like its photo a face is in a portrait film: the mean over some frames."""
    own: Float32[np.ndarray, " 128"] = engine.vector(rig.photo, rig.landmarks)
    performance = perform_idle(4.0, rate=Fraction(5), seed=1)
    alike = []
    for frame in render(rig, performance, width_px=960, height_px=720):
        pixels = planes_to_rgb(frame.y, frame.u, frame.v)
        faces = engine.find(pixels)
        if faces:
            alike.append(similarity(own, engine.vector(pixels, faces[0].landmarks)))
    return float(np.mean(alike))
