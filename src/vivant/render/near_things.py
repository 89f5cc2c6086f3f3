"""Things of our own that lie near the camera, among living photos: a sleeve, a hand, a blanket.

They are drawn as living photos are: their own colours first, over nothing and as soft as a photo, then put into the
light of the set by the same loops. So they have the same fill, rim, haze and black level as those whom they touch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float32, Float64

from vivant.render.bust.contact import Beside, Contact
from vivant.render.bust.lighting import Style
from vivant.render.bust.staging import BustLayer, place_bust
from vivant.render.bust.tone import Tone
from vivant.render.near_packing import directions, packed, softened
from vivant.render.near_shadow import Shaded, press
from vivant.render.raster.canvas import Canvas
from vivant.scene.direction.stages import FACE_M
from vivant.scene.mesh import Mesh
from vivant.scene.near.sleeve import Sleeve
from vivant.scene.props import Prop
from vivant.scene.shot import Bust, Shot
from vivant.scene.view import View

SHUTTER = 0.25
STILL_PX = 0.4
"""What moves less than this while the shutter is open is drawn as if it stood still."""
ROOM_PX = 12
"""Free space round a thing, for what is soft; even."""
LOOKS = 7
"""Moments at which it is asked where in the picture a thing is."""
SOFT = 0.0011
"""How soft a photo that is shown this large is: a Gaussian's sigma, in heights of the picture."""
OUT_OF_FOCUS = 0.35
"""Share of the lens's blur that a thing gets: more would part it from those whom it touches."""
TOUCHES = 0.85
"""How far those behind keep the sun from its edge: see ``contact``."""
QUIET = Style(rim=0.45, wrap=0.18)
"""Our things have less of the sun's edge than people: an even line round them would cut them out."""
ABOVE = np.array([0.0, 0.91, 0.415])
"""Light that photos of people have, and our things would lack: from above and before, in the camera's directions."""
TOP, BOTTOM, ASIDE = 1.08, 0.34, 0.16
"""How light a surface is that faces it, and one that faces away; and what turning to the sun's side adds."""
IN_SHADE = 0.86
"""Our things are kept a little darker than the people: hands in shade."""
BACK_AND_FORTH = 0.65
"""Light that goes back and forth in a fold takes this share of the surface's colour: dark folds of skin are red."""
AXES = np.eye(3)
Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What a thing has to agree with."""

    tones: Mapping[str, Tone]
    """How each photo's colours come into the film, by its key."""
    contact: Contact | None = None
    """Who is in the picture already."""


class NearThing:
    """One thing, drawn over what is behind it. One thread at a time."""

    def __init__(
        self, shot: Shot, prop: Prop, *, around: Around | None = None, threads: int
    ) -> None:
        """Find how much of the picture it needs.

        Args:
            shot: That it is in.
            prop: It.
            around: Whose colours it has, and who is there.
            threads: That share the drawing; what is drawn does not depend on them.
        """
        self._shot, self._prop, self._threads = shot, prop, threads
        self._contact = None if around is None else around.contact
        person = prop.person if isinstance(prop, Sleeve) else ""
        tones = {} if around is None else around.tones
        self._tone = replace(tones.get(person, Tone()), size=1.0, grain=0.0)
        self._size = (0, 0)
        self._canvases: tuple[Canvas, ...] = ()
        boxes = [
            self._box(prop.meshes(frame), self._view(frame))
            for frame in np.linspace(0, shot.frames - 1, LOOKS)
        ]
        self._open([box for box in boxes if box is not None])

    def close(self) -> None:
        """Let threads go."""
        for canvas in self._canvases:
            canvas.close()

    def over(
        self, hdr: Float32[np.ndarray, "height width 3"], index: int, *, view: View
    ) -> Float32[np.ndarray, "height width 3"]:
        """Lay the thing over ``hdr``, which is written over.

        Args:
            hdr: What is behind; linear light.
            index: Frame of the shot.
            view: The camera.
        """
        meshes = self._prop.meshes(index - SHUTTER)
        box = self._box(meshes, view)
        if box is None:
            return hdr
        if box[2] - box[0] > self._size[0] or box[3] - box[1] > self._size[1]:
            self._open([box])
        left, top = self._corner(box)
        ends = [mesh.points_m for mesh in self._prop.meshes(index + SHUTTER)]
        depth = float(np.median((meshes[0].points_m - view.position_m) @ view.forward))
        if not self._moves(meshes, ends, view, depth):
            ends = [mesh.points_m for mesh in meshes]
        whole, half = self._canvases
        sun = np.asarray(self._shot.light.sun)
        colours = [_own(mesh, view, sun) for mesh in meshes]
        _draw(whole, view, (left, top), meshes, colours, ends)
        sigma = self._sigma_px(depth)
        alpha = softened(whole.alpha, sigma)
        texels = packed(softened(whole.rgb, sigma), alpha)
        if not texels.any():
            return hdr
        ways = [_seen_facing(mesh, view) + np.float32(1) for mesh in meshes]
        _draw(half, view, (left, top), meshes, ways)
        face_px = FACE_M * view.px_per_m / depth
        place = Beside(left=left, top=top, face_px=face_px, amount=TOUCHES)
        blocked = None
        if self._contact is not None:
            shaded = Shaded(face_px=face_px, away=-float(np.sign(sun @ view.right)))
            press(hdr, alpha, (left, top), there=self._contact.there, shaded=shaded)
            blocked = self._contact.blocked(place, size=half.alpha.shape)
            self._contact.add(texels, left=left, top=top, thing=True)
        layer = BustLayer(
            texels=texels,
            round=directions(half.rgb - half.alpha[..., None]),
            left=left,
            top=top,
            face_px=face_px,
            body=AXES,
            head=AXES,
            tone=self._tone,
        )
        return place_bust(
            hdr,
            layer,
            light=self._shot.light,
            view=view,
            style=QUIET,
            blocked=blocked,
            threads=self._threads,
        )

    def _open(self, boxes: Sequence[Box]) -> None:
        """Open a canvas that holds each of these boxes, no larger than the picture, and one of half its size."""
        self.close()
        if not boxes:
            return
        shot = self._shot
        wide = max(right - left for left, _, right, _ in boxes) + 2 * ROOM_PX
        tall = max(bottom - top for _, top, _, bottom in boxes) + 2 * ROOM_PX
        self._size = (min(_even(wide), shot.width_px), min(_even(tall), shot.height_px))
        halved = (self._size[0] // 2, self._size[1] // 2)
        self._canvases = tuple(
            Canvas(*size, threads=self._threads) for size in (self._size, halved)
        )

    def _corner(self, box: Box) -> tuple[int, int]:
        """Lay the canvas about the middle of a box, inside the picture."""
        wide, tall = self._size
        left = np.clip((box[0] + box[2] - wide) // 2, 0, self._shot.width_px - wide)
        top = np.clip((box[1] + box[3] - tall) // 2, 0, self._shot.height_px - tall)
        return int(left) // 2 * 2, int(top) // 2 * 2

    def _view(self, frame: float) -> View:
        shot = self._shot
        return shot.camera.view(frame, width_px=shot.width_px, height_px=shot.height_px)

    def _box(self, meshes: Sequence[Mesh], view: View) -> Box | None:
        """Bound the thing in the picture: left, top, right, bottom, even; nothing where it is outside."""
        shot = self._shot
        seen = np.vstack([np.zeros((0, 3)), *(view.project(mesh.points_m[::7]) for mesh in meshes)])
        seen = seen[seen[:, 2] > 0.05]
        if not len(seen):
            return None
        low, high = seen[:, :2].min(axis=0) - ROOM_PX, seen[:, :2].max(axis=0) + ROOM_PX
        left, top = max(0, int(low[0])) // 2 * 2, max(0, int(low[1])) // 2 * 2
        right = min(shot.width_px, _even(int(high[0])))
        bottom = min(shot.height_px, _even(int(high[1])))
        return (left, top, right, bottom) if right - left > 8 and bottom - top > 8 else None

    @staticmethod
    def _moves(
        meshes: Sequence[Mesh], ends: Sequence[np.ndarray], view: View, depth: float
    ) -> bool:
        most = max(
            float(np.abs(end[::11] - mesh.points_m[::11]).max())
            for mesh, end in zip(meshes, ends, strict=True)
        )
        return most * view.px_per_m / max(depth, 0.1) > STILL_PX

    def _sigma_px(self, depth: float) -> float:
        """Tell how soft it is: as the photos are, and a little more where it is out of focus."""
        shot = self._shot
        soft = SOFT * shot.height_px
        people = [one.depth_m for one in shot.presences if isinstance(one, Bust)]
        if not (shot.camera.aperture and people):
            return soft
        focus = min(people, key=lambda one: abs(one - depth))
        apart = abs(1 / focus - 1 / max(depth, 0.2))
        blur = shot.camera.aperture * 1e-3 * shot.height_px * focus * apart
        return float(np.hypot(soft, OUT_OF_FOCUS * blur))


def _draw(
    canvas: Canvas,
    view: View,
    corner: tuple[int, int],
    meshes: Sequence[Mesh],
    colours: Sequence[Float32[np.ndarray, "_ 3"]],
    ends: Sequence[np.ndarray] | None = None,
) -> None:
    """Draw a part of the picture, which begins at a corner, at the canvas's size: at half of it, if that is half.

    A canvas looks straight ahead: what is seen aside is brought before it by moving every point aside by as much as
    its depth says.
    """
    wide, tall = canvas.width_px, canvas.height_px
    step = 1.0 if ends is not None else 2.0
    part = replace(view.sized(wide, tall), tan_up=view.tan_up * step * tall / view.height_px)
    # the part's own middle, in pixels of the whole picture
    middle = (corner[0] + (step * wide - 1) / 2, corner[1] + (step * tall - 1) / 2)
    aside = (view.width_px - 1) / 2 - middle[0]
    down = (view.height_px - 1) / 2 - middle[1]
    shear = ((aside * view.right - down * view.up) / view.px_per_m).astype(np.float32)

    def moved(points: np.ndarray) -> Float32[np.ndarray, "points 3"]:
        depth = (points - view.position_m.astype(np.float32)) @ view.forward.astype(np.float32)
        return np.asarray(points + depth[:, None] * shear, np.float32)

    still = ends is None or all(
        end is mesh.points_m for mesh, end in zip(meshes, ends, strict=True)
    )
    canvas.draw(
        part,
        [replace(mesh, points_m=moved(mesh.points_m)) for mesh in meshes],
        colours,
        close_points_m=None if still or ends is None else [moved(end) for end in ends],
    )


def _seen_facing(mesh: Mesh, view: View) -> Float32[np.ndarray, "points 3"]:
    """Give which way points face: right, up, toward the camera."""
    to_view = np.stack([view.right, view.up, -view.forward]).astype(np.float32)
    return np.asarray(mesh.normals @ to_view.T)


def _own(mesh: Mesh, view: View, sun: Float64[np.ndarray, " 3"]) -> Float32[np.ndarray, "points 3"]:
    """Give the colours of a surface as a photo would show them: lit from above, dark where folds keep light away."""
    seen = mesh.open_sky[:, None]
    own = mesh.albedo * seen / (1 - BACK_AND_FORTH * mesh.albedo * (1 - seen))
    aside = float(np.clip(sun @ view.right * 1.5, -1, 1))
    facing = _seen_facing(mesh, view)
    rise = np.clip(0.5 + 0.5 * facing @ ABOVE.astype(np.float32), 0, 1)
    light = BOTTOM + (TOP - BOTTOM) * rise**1.3 + ASIDE * aside * facing[:, 0]
    return np.asarray(own * (IN_SHADE * np.clip(light, 0.2, 1.25))[:, None], np.float32)


def _even(number: int) -> int:
    return (number + 1) // 2 * 2
