"""Twenty films of different content, for what must survive in all of them: drawn, living, dark, bright, flat.

Each is drawn once into a folder, unmarked and with next to no loss, and read from there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from pathlib import Path

import cv2
import imageio.v3 as iio
import numpy as np
from jaxtyping import Float32, UInt8
from PIL import Image, ImageDraw, ImageFont

import vivant
from benchmarks import people
from benchmarks.story_frames import staged
from vivant import Rig, build_rig, take_photos
from vivant.cli.storyboarding import known_terms
from vivant.film.decoding import read_frames
from vivant.film.shots_kept import is_whole, write_shot
from vivant.media.picture import Frame
from vivant.media.planes import rgb_to_planes
from vivant.painting.cast import portrait
from vivant.performance.performing import perform_idle
from vivant.render.rendering import render
from vivant.render.shooting import Players
from vivant.scene.shot import Bust
from vivant.scene.storyboard_reading import read_storyboard
from vivant.studio.scenery import shoot_in_set

RATE = Fraction(25)
FRAMES = 150
"""Six seconds: two pieces of three."""
TEMPLATES = Path(vivant.__file__).parent / "scene" / "templates"
COARSE = 4
"""Film pixels for each pixel of air; as films are previewed."""

Luma = UInt8[np.ndarray, "height width"]
Draw = Callable[["FilmOfTrust", Path], Iterator[Frame]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmOfTrust:
    """One of the films."""

    name: str
    draw: Draw
    width_px: int = 1280
    height_px: int = 720
    frames: int = FRAMES

    def path(self, folder: Path) -> Path:
        """Draw the film if it is not there yet, and tell where it is."""
        path = folder / f"{self.name}.shot.mp4"
        size = {"width_px": self.width_px, "height_px": self.height_px}
        if not (path.exists() and is_whole(path, count=self.frames, **size)):
            folder.mkdir(parents=True, exist_ok=True)
            write_shot(path, self.draw(self, folder), count=self.frames, rate=RATE, **size)
        return path

    def read(self, folder: Path) -> Iterator[Frame]:
        """Give its unmarked frames."""
        return read_frames(self.path(folder))


@cache
def _rig(name: str, folder: Path) -> Rig:
    if name == "hopper":
        return people.rig(name, folder)
    path = folder / f"{name}.png"
    iio.imwrite(path, portrait(name).pixels)
    return build_rig(take_photos([path], consent=people.consent()))


def _shot(template: str, name: str, *faces: str) -> Draw:
    """Shoot one of the templates' own shots, with painted people or with nobody in it."""

    def draw(film: FilmOfTrust, folder: Path) -> Iterator[Frame]:
        board = read_storyboard(TEMPLATES / f"{template}.yaml", terms=known_terms())
        shots = staged(board, width_px=film.width_px, height_px=film.height_px)
        shot = next(one for one in shots if one.name == name)
        busts = [one for one in shot.presences if isinstance(one, Bust)][: len(faces)]
        shot = replace(shot, presences=tuple(busts))
        rigs = {bust.person: _rig(face, folder) for bust, face in zip(busts, faces, strict=True)}
        drawn = shoot_in_set(shot, players=Players(rigs=rigs), coarse=COARSE)
        yield from _and_back(drawn, film.frames)

    return draw


def _and_back(frames: Iterator[Frame], count: int) -> Iterator[Frame]:
    """Lengthen a shot by running it to and fro."""
    kept: list[Frame] = []
    for frame in frames:
        if len(kept) == count:
            return
        kept.append(frame)
        yield replace(frame, index=len(kept) - 1)
    there_and_back = [*range(len(kept)), *range(len(kept) - 2, 0, -1)]
    for index in range(len(kept), count):
        yield replace(kept[there_and_back[index % len(there_and_back)]], index=index)


def _living(who: str) -> Draw:
    """Film a living portrait."""

    def draw(film: FilmOfTrust, folder: Path) -> Iterator[Frame]:
        idle = perform_idle(film.frames / float(RATE), rate=RATE, seed=5)
        size = {"width_px": film.width_px, "height_px": film.height_px}
        for frame in render(_rig(who, folder), idle, **size):
            if frame.index < film.frames:
                yield frame

    return draw


def grey(index: int, luma: Float32[np.ndarray, "height width"] | Luma) -> Frame:
    """Make a frame of luma alone."""
    y = np.clip(np.rint(luma), 16, 235).astype(np.uint8)
    none = np.full((y.shape[0] // 2, y.shape[1] // 2), 128, dtype=np.uint8)
    return Frame(index=index, y=y, u=none, v=none.copy())


def _card(text: str, *, ink: int, paper: int, grain: float = 0.0) -> Draw:
    """Show words on an even field; they come and go."""

    def draw(film: FilmOfTrust, _folder: Path) -> Iterator[Frame]:
        size = (film.width_px, film.height_px)
        letters = Image.new("L", size, 0)
        pen, font = ImageDraw.Draw(letters), ImageFont.load_default(min(size) / 11)
        middle = (size[0] / 2, size[1] / 2)
        pen.multiline_text(middle, text, fill=255, font=font, anchor="mm", align="center")
        cover = np.asarray(letters, dtype=np.float32) / 255
        random = np.random.default_rng(3)
        for index in range(film.frames):
            seen = np.clip(min(index, film.frames - 1 - index) / 15, 0, 1)
            luma = paper + cover * np.float32((ink - paper) * seen)
            if grain:
                luma = luma + random.normal(0, grain, luma.shape).astype(np.float32)
            yield grey(index, luma)

    return draw


def _noise(
    random: np.random.Generator, width: int, height: int, scales: Mapping[float, float]
) -> Float32[np.ndarray, "height width"]:
    """Cloudy noise: its deviation by its size in pixels."""
    total = np.zeros((height, width), dtype=np.float32)
    for size, deviation in scales.items():
        layer = cv2.GaussianBlur(
            random.normal(0, 1, (height, width)).astype(np.float32), (0, 0), size
        )
        total += layer * np.float32(deviation / layer.std())
    return total


def _moved(
    mean: float,
    scales: Mapping[float, float],
    *,
    speed_px: float,
    grain: float = 0.0,
    sky: float = 0.0,
) -> Draw:
    """Move the camera sideways over a texture: foliage, cloth, a dark room; ``sky`` of it is above."""

    def draw(film: FilmOfTrust, _folder: Path) -> Iterator[Frame]:
        random = np.random.default_rng(7)
        width = film.width_px + int(speed_px * film.frames) + 4
        texture = mean + _noise(random, width, film.height_px + 40, scales)
        ragged = _noise(random, width, film.height_px + 40, {12.0: 40.0})
        rows = np.arange(film.height_px + 40, dtype=np.float32)[:, None]
        texture[rows + ragged < sky * film.height_px] = 186
        for index in range(film.frames):
            place = np.array([[1, 0, speed_px * index], [0, 1, 20 + 10 * np.sin(index / 40)]])
            flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
            luma = cv2.warpAffine(texture, place, (film.width_px, film.height_px), flags=flags)
            if grain:
                luma = luma + random.normal(0, grain, luma.shape).astype(np.float32)
            yield grey(index, np.asarray(luma, dtype=np.float32))

    return draw


def _forest(film: FilmOfTrust, _folder: Path) -> Iterator[Frame]:
    """Three rows of leaves that sway, the nearer the faster, as the camera passes by."""
    random = np.random.default_rng(9)
    height, width = film.height_px, film.width_px
    down, across = np.mgrid[:height, :width].astype(np.float32)
    layers = []
    for speed_px in (2.0, 5.0, 9.0):
        wide = width + int(speed_px * film.frames) + 40
        leaves = 60 + 5 * speed_px + _noise(random, wide, height + 40, _FOLIAGE)
        layers.append((speed_px, leaves, _noise(random, wide, height + 40, {9.0: 1.0, 40.0: 1.0})))
    for index in range(film.frames):
        luma = np.zeros((height, width), dtype=np.float32)
        for speed_px, leaves, ragged in layers:
            sway = np.float32(2 + speed_px / 3)
            x = 20 + across + np.float32(speed_px * index) + sway * np.sin(down / 70 + 0.23 * index)
            y = 20 + down + sway / 2 * np.sin((across + speed_px * index) / 50 + 0.17 * index)
            is_far = speed_px == layers[0][0]
            seen = cv2.remap(leaves, x, y, cv2.INTER_LINEAR)
            cover = np.clip(cv2.remap(ragged, x, y, cv2.INTER_LINEAR) * 6, np.float32(is_far), 1)
            luma += cover * (seen - luma)
        yield grey(index, luma)


def _sky(film: FilmOfTrust, _folder: Path) -> Iterator[Frame]:
    """A clear sky that slowly grows lighter, dithered against bands."""
    random = np.random.default_rng(4)
    down, across = np.mgrid[: film.height_px, : film.width_px].astype(np.float32)
    clear = 118 + 70 * down / film.height_px + 12 * np.sin(across / 500)
    for index in range(film.frames):
        dither = random.random(clear.shape, dtype=np.float32) - 0.5
        yield grey(index, clear + np.float32(0.03 * index) + dither)


def _bands(film: FilmOfTrust, _folder: Path) -> Iterator[Frame]:
    """A smooth gradient that stands still, in whole steps and without any grain."""
    down, across = np.mgrid[: film.height_px, : film.width_px].astype(np.float32)
    smooth = 60 + 110 * down / film.height_px + 8 * np.sin(across / 400)
    for index in range(film.frames):
        yield grey(index, smooth)


def _snow(film: FilmOfTrust, _folder: Path) -> Iterator[Frame]:
    """Flakes before a bright sky and a white ground."""
    random = np.random.default_rng(5)
    size = np.array([film.width_px, film.height_px])
    start = random.random((1500, 2)) * size
    speed = np.array([1, 4]) + 0.5 * random.normal(0, 1, (1500, 2))
    radius = random.uniform(8, 32, 1500).astype(int)
    for index in range(film.frames):
        luma = np.full((film.height_px, film.width_px), 188, dtype=np.uint8)
        luma[film.height_px // 2 :] = 214
        for (x, y), r in zip((start + speed * index) % size, radius, strict=True):
            cv2.circle(luma, (int(8 * x), int(8 * y)), int(r), 232, -1, cv2.LINE_AA, 3)
        yield grey(index, luma)


def _confetti(film: FilmOfTrust, _folder: Path) -> Iterator[Frame]:
    """Nine hundred pieces of paper that fall."""
    random = np.random.default_rng(6)
    size = np.array([film.width_px, film.height_px])
    start = random.random((900, 2)) * size
    speed = np.array([0, 5]) + 2 * random.normal(0, 1, (900, 2))
    shape, light = random.integers(4, 12, (900, 2)), random.integers(30, 230, 900)
    for index in range(film.frames):
        luma = np.full((film.height_px, film.width_px), 92, dtype=np.uint8)
        for (x, y), (w, h), shade in zip((start + speed * index) % size, shape, light, strict=True):
            cv2.rectangle(luma, (int(x), int(y)), (int(x + w), int(y + h)), int(shade), -1)
        yield grey(index, luma)


def _fading(*names: str) -> Draw:
    """Let painted portraits fade into each other, slowly enlarged."""

    def draw(film: FilmOfTrust, _folder: Path) -> Iterator[Frame]:
        stills = []
        for name in names:
            luma, _, _ = rgb_to_planes(portrait(name, width_px=1280, height_px=960).pixels)
            stills.append(luma.astype(np.float32))
        length = film.frames / len(stills)
        for index in range(film.frames):
            at = min(int(index / length), len(stills) - 1)
            follows = min(at + 1, len(stills) - 1)
            share = np.float32(np.clip((index / length - at - 0.6) / 0.4, 0, 1))
            zoom = 1.0 - 0.0006 * index
            place = np.array([[zoom, 0, 640 - 640 * zoom], [0, zoom, 480 - 360 * zoom]])
            mixed = (1 - share) * stills[at] + share * stills[follows]
            flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
            luma = cv2.warpAffine(mixed, place, (film.width_px, film.height_px), flags=flags)
            yield grey(index, np.asarray(luma, dtype=np.float32))

    return draw


_FOLIAGE = {1.2: 16.0, 3.0: 22.0, 8.0: 25.0}
_DARK = {4.0: 2.0, 20.0: 6.0, 60.0: 6.0}

FILMS: tuple[FilmOfTrust, ...] = (
    FilmOfTrust(name="stairs", draw=_shot("stairway", "first-steps")),
    FilmOfTrust(name="gates", draw=_shot("stairway", "gates-close")),
    FilmOfTrust(name="meadow", draw=_shot("embrace", "from-afar")),
    FilmOfTrust(name="lake", draw=_shot("comfort", "comfort")),
    FilmOfTrust(name="clouds-bust", draw=_shot("stairway", "with-us", "elder-woman-glasses")),
    FilmOfTrust(name="couple", draw=_shot("welcome", "couple", "elder-man-beard", "woman-smile")),
    FilmOfTrust(name="room", draw=_shot("newborn", "wish", "young-man-curls")),
    FilmOfTrust(name="hopper", draw=_living("hopper")),
    FilmOfTrust(name="hijab", draw=_living("woman-hijab")),
    FilmOfTrust(name="bald-upright", draw=_living("man-bald"), width_px=720, height_px=1280),
    FilmOfTrust(name="girl-square", draw=_living("girl"), width_px=720, height_px=720),
    FilmOfTrust(name="fading", draw=_fading("woman-three-quarter", "man-glasses-moustache", "elder-man-beard")),
    FilmOfTrust(name="black-title", draw=_card("In loving memory", ink=220, paper=16)),
    FilmOfTrust(name="white-card", draw=_card("Thank you\nfor coming.\n1931 - 2024", ink=40, paper=232)),
    FilmOfTrust(name="grey-card", draw=_card("A word from me", ink=229, paper=78, grain=1.3)),
    FilmOfTrust(name="dark-room", draw=_moved(34, _DARK, speed_px=0.6, grain=1.5)),
    FilmOfTrust(name="sky", draw=_sky),
    FilmOfTrust(name="bands", draw=_bands),
    FilmOfTrust(name="trees", draw=_moved(104, _FOLIAGE, speed_px=0.5, sky=0.45)),
    FilmOfTrust(name="snow", draw=_snow),
)  # fmt: skip
"""Twenty; three quarters in 1280 x 720, one upright, one square."""
MORE: tuple[FilmOfTrust, ...] = (
    FilmOfTrust(name="hopper-480", draw=_living("hopper"), width_px=854, height_px=480),
    FilmOfTrust(
        name="stairs-480", draw=_shot("stairway", "first-steps"), width_px=854, height_px=480
    ),
    FilmOfTrust(name="hopper-1080", draw=_living("hopper"), width_px=1920, height_px=1080),
    FilmOfTrust(name="confetti", draw=_confetti),
    FilmOfTrust(name="foliage", draw=_moved(104, _FOLIAGE, speed_px=1.3)),
    FilmOfTrust(name="foliage-fast", draw=_moved(104, _FOLIAGE, speed_px=7.7)),
    FilmOfTrust(name="forest", draw=_forest),
)
"""Harder ones, told beside the twenty."""
