"""The demo animals that storyboards may name: painted when first asked for, with the points of their faces."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PIL import Image

from vivant.media.files import unfinished
from vivant.painting.pets import EDITION, PETS
from vivant.places import Places
from vivant.scene.storyboard import CastMember


def is_demo_pet(name: str) -> bool:
    """Tell whether a demo face is an animal's."""
    return name in PETS


def demo_pet(name: str, *, places: Places) -> Path:
    """Find the picture of a demo animal; ``demo_points`` lie beside it."""
    path = places.cache / "demo-faces" / f"{name}-{EDITION}.png"
    if not path.is_file() or not demo_points(path).is_file():
        from vivant.intake.pet_points import PetPoints, write_points
        from vivant.painting.pets import painted_pet

        painted = painted_pet(name)
        height, width = painted.pixels.shape[:2]
        path.parent.mkdir(parents=True, exist_ok=True)
        with unfinished(path) as hidden:
            Image.fromarray(painted.pixels).save(hidden)
        points = PetPoints(animal=painted.animal, photo_px=(width, height), places=painted.places)
        write_points(points, demo_points(path))
    return path


def with_demo_points(member: CastMember) -> CastMember:
    """Give a demo animal its points, unless others are asked for."""
    first = member.photos[0] if member.photos else None
    if first is None or first.path is None or member.points is not None:
        return member
    if not is_demo_pet(first.demo or ""):
        return member
    return replace(member, points=demo_points(first.path))


def demo_points(picture: Path) -> Path:
    """Tell where a demo animal's points lie."""
    return picture.with_suffix(".points.yaml")
