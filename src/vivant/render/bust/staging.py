"""The door: a living photo, drawn over nothing at its place in the film, and put into the light of a set."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Float32, Float64, UInt32

from vivant.media.compilation import owned
from vivant.render.bust.layers import bust_layers
from vivant.render.bust.lighting import RIM, USUAL_STYLE, Style, falling, numbers
from vivant.render.bust.modelling import shape_of
from vivant.render.bust.openings import ground_cells, with_shut_corners
from vivant.render.bust.relight import MAPS, halve_alpha, light_maps, put_over
from vivant.render.bust.seeing import softened
from vivant.render.bust.sheets import RoundSheets
from vivant.render.bust.tone import Tone, matched
from vivant.render.bust.veil import Veil, veil_over
from vivant.render.engines.puppet import PuppetStage
from vivant.render.finishing.sharing import in_bands
from vivant.render.framing import Framing
from vivant.rig.body import BodyMove
from vivant.rig.completion import completed
from vivant.rig.rig import Rig, without_pictures
from vivant.scene.light import Light
from vivant.scene.view import View

IRISES = (468, 473)
ROOM = 0.14
"""The person may move this far beyond the photo's outline, in face heights."""
AROUND = 8
"""Pixels of the film, each way, in one pixel of the blurred set."""
AROUND_MOST = 5.0
NEAR_BLUR, FAR_BLUR = 0.065, 0.22
"""How blurred the set is that spills over edges, and that hazes; in heights of the picture."""
RIM_NARROW, RIM_WIDE = (0.0155, 0.0068), (0.043, 0.0216)
"""How far toward the sun the matte is moved, and how far blurred, in face heights."""
EDGE_SHADE = 0.30
"""Light that an edge loses to somebody close behind it."""
SPILL = 0.028
"""Blur of the matte over which the set's light spills, in face heights."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BustLayer:
    """A person at one moment, at a place in the film, in the photo's own light."""

    texels: UInt32[np.ndarray, "rows columns"]
    """Y'CbCr with alpha, 8 bits each, premultiplied; even size."""
    round: UInt32[np.ndarray, "half_rows half_columns"]
    """Directions of the surface; see ``relight.light_maps``."""
    left: int
    """Column of the film where they begin; even."""
    top: int
    face_px: float
    """Height of the face in the film."""
    body: Float64[np.ndarray, "3 3"]
    """How the body's directions have turned, and the head's."""
    head: Float64[np.ndarray, "3 3"]
    tone: Tone
    veil: Float32[np.ndarray, "quarter_rows quarter_columns"] | None = None
    """Mist where the photo ends, over the whole film; see ``veil``."""

    @property
    def alpha(self) -> Float32[np.ndarray, "rows columns"]:
        """The matte, 0..1."""
        share: Float32[np.ndarray, "rows columns"] = (self.texels >> np.uint32(24)).astype(
            np.float32
        ) / np.float32(255)
        return share


class BustStage:
    """A rig at the size at which a shot shows it. One thread at a time."""

    def __init__(
        self,
        rig: Rig,
        *,
        width_px: int,
        height_px: int,
        largest_face_share: float,
        tone: Tone | None = None,
        threads: int = 2,
    ) -> None:
        """Make the textures.

        Args:
            rig: The person; what the photo's edge cut off is completed.
            width_px: Of the film; even.
            height_px: Of the film; even.
            largest_face_share: Height of the face in the picture's where it is largest in the shot.
            tone: How the photo's colours come into the film: see ``matched``; its own when left out.
            threads: That share the drawing.
        """
        rig = completed(rig)
        self._threads = max(1, threads)
        self.tone = matched((rig,))[0] if tone is None else tone
        scale = largest_face_share * self.tone.size * height_px / rig.face_height_px
        self._framing = Framing(scale=scale, left=0, top=0, width_px=width_px, height_px=height_px)
        rig = softened(rig, self.tone.soften)
        layers = bust_layers(rig, scale, grain=self.tone.grain)
        self._puppet = PuppetStage(rig, self._framing, threads=1, layers=layers)
        alpha = rig.alpha.astype(np.float32) / 255
        self._round = RoundSheets(rig, shape_of(rig, alpha))
        self._ground = ground_cells()
        self._veil = Veil(rig, alpha)
        half_px = (scale - 1) / 2
        self._to_stage = np.array([[scale, 0, half_px], [0, scale, half_px], [0, 0, 1]])
        self._canvas = np.zeros((height_px, width_px), np.uint32)
        half = ((height_px + 1) // 2, (width_px + 1) // 2)
        self._half = np.zeros(half, np.uint32)
        rows, columns = np.nonzero(layers.alpha)
        low = np.array([columns.min(), rows.min()]) - layers.margin
        high = np.array([columns.max(), rows.max()]) - layers.margin
        self._outline = np.array([[x, y] for x in (low[0], high[0]) for y in (low[1], high[1])])
        self.rig = self._puppet.rig = without_pictures(rig)

    def close(self) -> None:
        """Let the threads go."""
        self._puppet.close()

    def draw(  # noqa: PLR0913 - the dials of a person
        self,
        *,
        shapes: Float32[np.ndarray, " 52"],
        head: Float32[np.ndarray, " 6"],
        breath: float,
        eyes_x: float,
        eyes_y: float,
        face_height: float,
        roll_deg: float = 0.0,
        seconds: float = 0.0,
        body: BodyMove | None = None,
    ) -> BustLayer | None:
        """Draw the person over nothing; each pixel is sampled once, so slow moves stay sharp.

        Args:
            shapes: ARKit shapes.
            head: Yaw, pitch, roll in degrees; right, down, away in face heights.
            breath: 0 empty .. 1 full.
            eyes_x: Middle between the eyes at rest, in heights of the picture, right of its middle.
            eyes_y: The same, down from its top.
            face_height: Height of the face, in heights of the picture.
            roll_deg: Clockwise.
            seconds: Moment of the film, by which mist drifts.
            body: How the trunk leans and sways: from ``rig.body``; not at all when left out.

        Returns:
            The layer; its arrays are the stage's own until the next call. None when nothing of it is in the film.
        """
        framing = self._framing
        place = self._place(eyes_x, eyes_y, face_height, roll_deg)
        if body is not None:
            carried = np.vstack([body.place, [0, 0, 1]])
            way = self._to_stage @ carried @ np.linalg.inv(self._to_stage)
            place = place @ way
        box = self._box(place)
        if box is None:
            return None
        left, top, right, bottom = box
        moved = with_shut_corners(
            self._puppet.move(
                shapes=shapes,
                head=head,
                breath=breath,
                place=place,
                body=None if body is None else body.offsets,
            )
        )
        canvas, half = self._canvas, self._half

        def band(first: int, end: int) -> None:
            rows = (top + first, top + end)
            canvas[rows[0] : rows[1]] = 0
            self._puppet.paint(canvas, moved, rows, ground=self._ground)
            self._round.paint(half, moved, (rows[0] // 2, (rows[1] + 1) // 2))

        in_bands(band, rows=bottom - top, threads=self._threads, step=2)
        turn = _turned(roll_deg)
        return BustLayer(
            texels=canvas[top:bottom, left:right],
            round=half[top // 2 : bottom // 2, left // 2 : right // 2],
            left=left,
            top=top,
            face_px=face_height * self.tone.size * framing.height_px,
            body=turn,
            head=turn @ _as_normals(moved.pose.rotation),
            tone=self.tone,
            veil=self._veil.over(
                place @ self._to_stage,
                size=(framing.width_px, framing.height_px),
                seconds=seconds,
            ),
        )

    def _place(
        self, eyes_x: float, eyes_y: float, face_height: float, roll_deg: float
    ) -> Float64[np.ndarray, "2 3"]:
        """Give the way from the stage's pixels to the film's."""
        framing, rig = self._framing, self.rig
        eyes = framing.to_film(rig.landmarks[list(IRISES), :2].copy()).mean(0).astype(np.float64)
        wanted = face_height * self.tone.size * framing.height_px
        size = wanted / (rig.face_height_px * framing.scale)
        angle = np.radians(roll_deg)
        turn = size * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        target = np.array(
            [
                (framing.width_px - 1) / 2 + eyes_x * framing.height_px,
                eyes_y * framing.height_px - 0.5,
            ]
        )
        return np.column_stack([turn, target - turn @ eyes])

    def _box(self, place: Float64[np.ndarray, "2 3"]) -> tuple[int, int, int, int] | None:
        """Bound what may be drawn: left, top, right, bottom; even."""
        framing = self._framing
        corners = self._outline @ place[:, :2].T + place[:, 2]
        room = ROOM * self.rig.face_height_px * framing.scale
        low, high = corners.min(0) - room, corners.max(0) + room
        left, top = (max(0, int(v) // 2 * 2) for v in low)
        right = min(framing.width_px, int(high[0]) // 2 * 2 + 2)
        bottom = min(framing.height_px, int(high[1]) // 2 * 2 + 2)
        return (left, top, right, bottom) if right - left > 8 and bottom - top > 8 else None


def place_bust(
    hdr: Float32[np.ndarray, "height width 3"],
    layer: BustLayer,
    *,
    light: Light,
    view: View,
    presence: float = 1.0,
    style: Style = USUAL_STYLE,
    blocked: Float32[np.ndarray, "half_rows half_columns"] | None = None,
    threads: int = 2,
) -> Float32[np.ndarray, "height width 3"]:
    """Put a living photo into the light of a set.

    The photo's cast and lamp are taken off; the sky fills it, cool to warm toward the sun; the sun draws
    its edge on its own side; the set's light spills over the edge, and its air lies before all.

    Args:
        hdr: What is behind; linear light, written over.
        layer: From ``BustStage.draw``.
        light: Of the shot.
        view: The camera.
        presence: How much of the person is there, 0..1.
        style: How much of what.
        blocked: How far others behind keep the sun from each place, 0..1; see ``contact``.
        threads: That share the work; the result does not depend on them.

    Returns:
        The same array where it is contiguous, else a new one.
    """
    hdr = owned(hdr)
    if presence <= 0:
        return hdr
    around = _around(hdr)
    mean = around[..., 3:].mean(axis=(0, 1)).astype(np.float64)
    falls = falling(light, view, around_rgb=mean)
    texels, directions = owned(layer.texels), owned(layer.round)
    rows, columns = texels.shape[0] // 2, texels.shape[1] // 2
    matte = np.empty((rows, columns), np.float32)
    in_bands(lambda first, end: halve_alpha(texels, matte, first, end), rows=rows, threads=threads)
    edges = _edges(matte, falls.aside, layer.face_px / 2)
    middle = (AROUND - 1) / 2
    corner = np.array(
        [
            (layer.left + 0.5 - middle) / AROUND,
            (layer.top + 0.5 - middle) / AROUND,
            2 / AROUND,
        ],
        np.float32,
    )
    maps = np.zeros((MAPS, rows, columns), np.float32)
    k = numbers(falls, style, body=layer.body, head=layer.head)
    in_bands(
        lambda first, end: light_maps(
            directions, matte, edges, around, corner, k, maps, first, end
        ),
        rows=rows,
        threads=threads,
    )
    if blocked is not None:
        _keep_sun_off(maps, blocked, edges[2])
    rim = falls.sun_rgb * RIM * style.rim * falls.behind
    pixel = np.array(
        [
            *layer.tone.gain,
            layer.tone.saturation * style.saturation,
            style.flat,
            *rim,
            min(presence, 1.0),
            *layer.tone.black,
            *layer.tone.shade,
        ],
        np.float32,
    )
    in_bands(
        lambda first, end: put_over(hdr, texels, maps, layer.left, layer.top, pixel, first, end),
        rows=texels.shape[0],
        threads=threads,
    )
    veil = layer.veil
    if veil is not None:
        in_bands(
            lambda first, end: veil_over(hdr, veil, around, AROUND, presence, first, end),
            rows=hdr.shape[0],
            threads=threads,
        )
    return hdr


def _keep_sun_off(
    maps: Float32[np.ndarray, "maps rows columns"],
    blocked: Float32[np.ndarray, "rows columns"],
    inner: Float32[np.ndarray, "rows columns"],
) -> None:
    """Take sun and spilling light from edges with somebody behind, and a little of all light beside them."""
    clear = 1 - blocked
    maps[11] *= clear
    maps[12] *= clear
    edge = np.clip((1 - inner) * 2, 0, 1) * blocked
    maps[6:9] *= 1 - 0.7 * blocked
    maps[0:3] *= 1 - EDGE_SHADE * edge


def _edges(
    matte: Float32[np.ndarray, "rows columns"], aside: Float64[np.ndarray, " 2"], face_px: float
) -> Float32[np.ndarray, "3 rows columns"]:
    """Blur the matte, twice moved away from the sun: the difference to the matte is its edge on that side."""
    out = np.empty((3, *matte.shape), np.float32)
    length = max(float(np.linalg.norm(aside)), 1e-3)
    right, up = aside / max(length, 0.6)  # a sun straight behind draws all edges
    for k, (away, blur) in enumerate((RIM_NARROW, RIM_WIDE)):
        move = np.array([[1, 0, -right * away * face_px], [0, 1, up * away * face_px]], np.float32)
        shifted = cv2.warpAffine(
            matte, move, matte.shape[::-1], flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
        out[k] = _blurred(shifted, blur * face_px)
    out[2] = _blurred(matte, SPILL * face_px)
    return out


def _blurred(picture: np.ndarray, sigma: float) -> np.ndarray:
    return np.asarray(
        cv2.GaussianBlur(picture, (0, 0), max(sigma, 0.4), borderType=cv2.BORDER_REPLICATE)
    )


def _around(hdr: Float32[np.ndarray, "height width 3"]) -> Float32[np.ndarray, "rows columns 6"]:
    """Blur the set, once and much more."""
    height, width, _ = hdr.shape
    size = (max(4, width // AROUND), max(4, height // AROUND))
    small = np.minimum(cv2.resize(hdr, size, interpolation=cv2.INTER_AREA), AROUND_MOST)
    near = _blurred(small, NEAR_BLUR * size[1])
    far = _blurred(near, FAR_BLUR * size[1])
    return np.ascontiguousarray(np.dstack([near, far]), np.float32)


def _turned(roll_deg: float) -> Float64[np.ndarray, "3 3"]:
    """How a clockwise roll turns directions (right, up, toward)."""
    c, s = np.cos(np.radians(roll_deg)), np.sin(np.radians(roll_deg))
    return np.array([[c, s, 0], [-s, c, 0], [0, 0, 1.0]])


def _as_normals(rotation: Float64[np.ndarray, "3 3"]) -> Float64[np.ndarray, "3 3"]:
    """Turn a rotation of (right, down, away) into one of (right, up, toward)."""
    flip = np.diag([1.0, -1.0, -1.0])
    return np.asarray(flip @ rotation @ flip)
