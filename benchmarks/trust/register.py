"""Whether the register finds what it should and nothing else, and how fast among 100,000 films.

Real here: small films, drawn cheaply, encoded, registered as films are while they are made, copied through the
encoder, and looked up from the copies' files. Not real: the other films of the 100,000. Their pictures are
random hashes that wander as those of a film do, one a second for 40 seconds; half of them share their
scenes with a thousand others as films of one template do, in other bits. Their sounds are random, of 10 seconds.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from jaxtyping import Float32, UInt8, UInt32
from PIL import Image, ImageDraw, ImageFont

from vivant.film.decoding import read_frames
from vivant.film.encoding import Encoder, Packing
from vivant.film.fingerprints import Wild, find_wild, fingerprints_of_file
from vivant.film.sampling import Look
from vivant.media.picture import Frame
from vivant.media.sound import Sound
from vivant.places import Places
from vivant.provenance.register.entry import Entry, Fingerprints, Query
from vivant.provenance.register.fingerprinting import Fingerprinter
from vivant.provenance.register.register import Register
from vivant.provenance.register.stacking import stack

MASS = 100_000
MASS_S = 40
MASS_HEARD_S = 10
SHARED = 50
"""Templates that half of the mass is made from."""
PRINTS_A_SECOND = 86
FILMS = 48
FILM_S = 8
RATE = Fraction(6)
SIZE = (320, 180)
STRANGERS = 1_000
CUTS = (0.1, 0.2)
"""Cut off one edge, as a share of the side."""
LOOKS = 200
_COLD = """
import sys, time
from pathlib import Path
import numpy as np
from vivant.provenance.register.entry import Query
from vivant.provenance.register.register import Register
asked = Query(**np.load(sys.argv[2]))
began = time.perf_counter()
found = Register(folder=Path(sys.argv[1])).find(asked)
print(len(found), time.perf_counter() - began)
"""


def run(folder: Path) -> list[dict[str, Any]]:
    """Measure everything: some eight minutes on two cores."""
    places = Places(data=folder / "data", cache=folder / "cache")
    register = Register.in_places(places)
    rows: list[dict[str, Any]] = []

    def row(what: str, value: float, unit: str, wanted: str = "") -> None:
        rows.append({"what": what, "value": round(value, 4), "unit": unit, "wanted": wanted})

    _fill(register, row)
    films = _registered_films(folder, register, row)
    _recall(folder, register, films, row)
    _strangers(register, row)
    _speed(folder, register, row)
    return rows


Row = Callable[..., None]


def mass(count: int, *, seed: int) -> Iterator[tuple[Entry, Fingerprints]]:
    """Make up films: half of them of their own, half of them of one of ``SHARED`` templates."""
    shared = np.random.default_rng(7).integers(0, 256, (SHARED, MASS_S, 32), dtype=np.uint8)
    random = np.random.default_rng(seed)
    for number in range(count):
        steps = np.packbits(random.random((MASS_S, 256)) < 0.03, axis=1)
        if number % 2:
            pictures = shared[number // 2 % SHARED] ^ steps  # 8 bits for each person
            pictures[: MASS_S // 3] = random.integers(0, 256, (MASS_S // 3, 32), dtype=np.uint8)
        else:
            steps[:: MASS_S // 4] = random.integers(0, 256, (4, 32), dtype=np.uint8)  # cuts
            pictures = np.bitwise_xor.accumulate(steps, axis=0)
        yield (
            _entry(f"{seed:04x}{number:012x}"),
            Fingerprints(
                pictures=pictures,
                seconds=np.arange(MASS_S, dtype=np.uint32),
                sound=random.integers(1, 1 << 32, MASS_HEARD_S * PRINTS_A_SECOND, dtype=np.uint32),
                inners=random.permuted(pictures, axis=1),
                inner_seconds=np.arange(MASS_S, dtype=np.uint32),
            ),
        )


def _entry(made_id: str) -> Entry:
    return Entry(
        made_id=made_id,
        kind="film",
        file_sha256=made_id * 4,
        record_sha256=made_id * 4,
        made_at=datetime(2026, 1, 1, tzinfo=UTC),
        seconds=float(MASS_S),
        consent_ids=(made_id * 2,),
    )


def _fill(register: Register, row: Row) -> None:
    began_s = time.perf_counter()
    for part in range(0, MASS, 10_000):
        register.facts.note_all(mass(min(10_000, MASS - part), seed=part // 10_000 + 1))
    row("facts of the mass written", time.perf_counter() - began_s, "s")
    began_s = time.perf_counter()
    stack(register.facts, register.folder / "shelves")
    row("mass put on shelves", time.perf_counter() - began_s, "s")
    for name, folder in (("facts", register.folder), ("shelves", register.folder / "shelves")):
        size = sum(path.stat().st_size for path in folder.iterdir() if path.is_file())
        row(f"disk: {name}", size / 1e6, "MB")


def drawn(number: int, *, person: int, moment_s: float) -> UInt8[np.ndarray, "h w"]:
    """Draw a frame: a scene of soft hills and bars, and somebody in it who sways."""
    width, height = SIZE
    random = np.random.default_rng(number)
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32) / height
    y: Float32[np.ndarray, "h w"] = np.full((height, width), 110.0, np.float32)
    for _ in range(6):
        f, g, p = random.uniform(0.5, 9, 3)
        y += random.uniform(4, 22) * np.sin(f * columns + g * rows + p + 0.15 * moment_s)
    for at in random.uniform(0, 1.7, 3):
        y += random.uniform(-45, 45) * (np.abs(columns - at) < 0.08)
    looks = np.random.default_rng(1_000 + person)
    x, top, wide = 0.5 + looks.uniform(0.1, 0.8), looks.uniform(0.15, 0.3), looks.uniform(0.1, 0.16)
    sway = x + 0.02 * np.sin(1.3 * moment_s + person)
    head = ((columns - sway) / wide) ** 2 + ((rows - top - wide) / (1.3 * wide)) ** 2 < 1
    body = ((columns - sway) / (2.2 * wide)) ** 2 + ((rows - 1.05) / 0.5) ** 2 < 1
    y[body] = looks.uniform(25, 200)
    y[head] = looks.uniform(90, 210)
    eyes = (np.abs(np.abs(columns - sway) - 0.45 * wide) < 0.015) & (
        np.abs(rows - top - 0.8 * wide) < 0.012
    )
    y[eyes] = 30
    shown: UInt8[np.ndarray, "h w"] = np.clip(y, 16, 235).astype(np.uint8)
    return shown


def spoken(person: int) -> Sound:
    """Something like speech: noise and tones that come and go."""
    random = np.random.default_rng(5_000 + person)
    rate_hz = 48_000
    moments = np.arange(FILM_S * rate_hz) / rate_hz
    samples = np.zeros(len(moments))
    for syllable in range(4 * FILM_S):
        at = syllable / 4 + random.uniform(0, 0.1)
        envelope = np.exp(-(((moments - at - 0.1) / 0.06) ** 2))
        for tone in random.uniform(200, 2_500, 5):
            samples += envelope * random.uniform(0.02, 0.1) * np.sin(2 * np.pi * tone * moments)
    samples += random.normal(0, 0.002, len(moments))
    return Sound(samples=np.clip(samples, -1, 1).astype(np.float32), sample_rate_hz=rate_hz)


def film(path: Path, *, scene: int, person: int, copy: bool = False) -> Fingerprints:
    """Encode a film, or a copy of it at half the size; tells its fingerprints as it was delivered."""
    width, height = (SIZE[0] // 2, SIZE[1] // 2 & ~1) if copy else SIZE
    looking = Fingerprinter(RATE, width, height)
    sound = spoken(person)
    looking.hear(sound)
    grey = np.full((height // 2, width // 2), 128, np.uint8)
    packing = Packing(preset="veryfast", crf=28 if copy else 20)
    with Encoder(
        path, width_px=width, height_px=height, rate=RATE, sound=sound, packing=packing
    ) as encoder:
        for index in range(int(FILM_S * RATE)):
            y = drawn(scene, person=person, moment_s=float(index / RATE))
            if copy:
                y = y[: 2 * height].reshape(height, 2, width, 2).mean(axis=(1, 3)).astype(np.uint8)
            looking.see(index, y)
            encoder.write(Frame(index=index, y=y, u=grey.copy(), v=grey.copy()))
    return looking.done()


def _registered_films(folder: Path, register: Register, row: Row) -> list[tuple[str, int, int]]:
    """Draw films: every scene with two people, one of whom is registered."""
    films = []
    spent_s = 0.0
    for number in range(FILMS):
        made_id = f"f{number:015x}"
        prints = film(folder / f"{made_id}.mp4", scene=number, person=number)
        began_s = time.perf_counter()
        register.note(_entry(made_id), prints)
        spent_s += time.perf_counter() - began_s
        films.append((made_id, number, number))
    row("noting a film", 1000 * spent_s / FILMS, "ms")
    return films


def _recall(folder: Path, register: Register, films: list[tuple[str, int, int]], row: Row) -> None:
    found = seen = confused = others = 0
    for made_id, scene, person in films:
        copy = folder / f"{made_id}-copy.mp4"
        film(copy, scene=scene, person=person, copy=True)
        wild = fingerprints_of_file(copy)
        matches = find_wild(register, wild)
        found += bool(matches) and matches[0].entry.made_id == made_id
        mute = Wild(seen=wild.seen, sound=_nothing())
        matches = find_wild(register, mute)
        seen += bool(matches) and matches[0].entry.made_id == made_id
        confused += len(matches) > 1
    for _, scene, person in films[:: max(1, FILMS // 12)]:
        other = folder / "other.mp4"
        film(other, scene=scene, person=person + 500, copy=True)
        others += bool(find_wild(register, fingerprints_of_file(other)))
    row("copies at half size, CRF 28, found", 100 * found / len(films), "%", ">= 99")
    row("the same by pictures alone", 100 * seen / len(films), "%", ">= 99")
    row("copies for which another film was told too", confused, "films")
    row("films of the same scene with another person, told as ours", others, "of 12", "0")
    for share in CUTS:
        found = 0
        for number, (made_id, _, _) in enumerate(films):
            cut = _cut(folder, made_id, share=share, edge=number % 4)
            matches = find_wild(register, Wild(seen=cut.seen, sound=_nothing()))
            found += bool(matches) and matches[0].entry.made_id == made_id
        what = f"half-size copies, {100 * share:.0f} % of one edge cut off, by pictures alone"
        row(what, 100 * found / len(films), "%", ">= 90")


def _cut(folder: Path, made_id: str, *, share: float, edge: int) -> Wild:
    """Cut something off one edge, halve the size, and encode at CRF 28."""
    width, height = SIZE
    left, top, right, bottom = (round(share * SIZE[side % 2]) * (side == edge) for side in range(4))
    size = ((width - left - right) // 4 * 2, (height - top - bottom) // 4 * 2)
    path = folder / "cut.mp4"
    grey = np.full((size[1] // 2, size[0] // 2), 128, np.uint8)
    with Encoder(
        path, width_px=size[0], height_px=size[1], rate=RATE, packing=Packing(crf=28)
    ) as encoder:
        for frame in read_frames(folder / f"{made_id}.mp4"):
            kept = np.ascontiguousarray(frame.y[top : height - bottom, left : width - right])
            y = np.asarray(cv2.resize(kept, size, interpolation=cv2.INTER_AREA), np.uint8)
            encoder.write(Frame(index=frame.index, y=y, u=grey.copy(), v=grey.copy()))
    return fingerprints_of_file(path)


def _nothing() -> UInt32[np.ndarray, " none"]:
    return np.zeros(0, np.uint32)


def _strangers(register: Register, row: Row) -> None:
    """Look up films of no template that are not in the register, and drawn pictures."""
    false = sum(
        bool(register.find(worn(prints, seed=number)))
        for number, (_, prints) in enumerate(mass(2 * STRANGERS, seed=77))
        if not number % 2
    )
    row(f"made-up strangers told as ours, of {STRANGERS}", false, "films", "0")
    pictures = sum(
        bool(register.find_picture(drawn(10_000 + number, person=9_000 + number, moment_s=1.0)))
        for number in range(STRANGERS)
    )
    row(f"drawn pictures told as ours, of {STRANGERS}", pictures, "pictures", "0")
    films = sum(bool(find_wild(register, _plain(number))) for number in range(STRANGERS))
    row(f"films of plain pictures told as ours, of {STRANGERS}", films, "films", "0")


def _plain(number: int) -> Wild:
    """A film that shows little: a sky, a line of words, a dark room, a horizon, a light in the night."""
    random = np.random.default_rng(30_000 + number)
    width, height = SIZE
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32) / height
    y = np.full((height, width), random.uniform(16, 180), np.float32)
    if number % 5 == 0:
        y += random.uniform(-60, 60) * rows + 20 * np.sin(random.uniform(0.5, 4) * columns)
    elif number % 5 == 1:
        letters = Image.new("L", SIZE, 0)
        words = "".join(random.choice(list("abcdefghiklmnoprstuvw  "), random.integers(9, 24)))
        font = ImageFont.load_default(height / random.uniform(9, 14))
        ImageDraw.Draw(letters).text(
            (width / 2, height / 2), words, fill=70, font=font, anchor="mm"
        )
        y += np.asarray(letters, np.float32)
    elif number % 5 == 2:
        for size_px in (4, 16, 48):
            noise = cv2.GaussianBlur(random.normal(0, 1, (height, width)), (0, 0), size_px)
            y += random.uniform(1, 6) / noise.std() * noise
    elif number % 5 == 3:
        y[rows + 0.02 * np.sin(9 * columns) > random.uniform(0.4, 0.7)] += random.uniform(10, 50)
    else:
        x, top = random.uniform(0.3, 1.4), random.uniform(0.2, 0.8)
        far = (columns - x) ** 2 + (rows - top) ** 2
        y += random.uniform(20, 60) * np.exp(-far / random.uniform(0.005, 0.1))
    shown = np.clip(y + random.normal(0, 1, y.shape), 16, 235).astype(np.uint8)
    looks = [Look(moment_s=Fraction(second), y=shown) for second in range(6)]
    return Wild(seen=tuple(looks), sound=_nothing())


def worn(prints: Fingerprints, *, seed: int) -> Query:
    """What a copy's hashes look like: some 6 of 256 bits are other ones, those that are hardly firm; 1 of 16 of the sound's."""
    random = np.random.default_rng(seed)
    count = len(prints.pictures)
    firmness = np.sqrt(np.abs(random.normal(0, 1, (count, 256)))).astype(np.float32)
    firmness /= firmness.sum(axis=1, keepdims=True)
    hardly = firmness.argsort(axis=1).argsort(axis=1) < 24
    noise = np.packbits((random.random((count, 256)) < 1 / 4) & hardly, axis=1)
    bits = np.packbits(random.random((len(prints.sound), 32)) < 1 / 16, axis=1)
    return Query(
        pictures=prints.pictures ^ noise,
        firmness=firmness,
        is_plain=np.zeros(count, bool),
        seconds=prints.seconds,
        sound=prints.sound ^ bits.view("<u4")[:, 0].astype(np.uint32),
    )


def _speed(folder: Path, register: Register, row: Row) -> None:
    asked = [prints for _, prints in mass(LOOKS, seed=1)]
    register.find(worn(asked[0], seed=0))
    for name, first, wanted in (("own scenes", 0, "<= 50"), ("shared scenes", 1, "<= 50")):
        took_ms, worked_ms, right = [], [], 0
        for number in range(first, LOOKS, 2):
            copy = worn(asked[number], seed=number)
            began_s, worked_s = time.perf_counter(), time.process_time()
            matches = register.find(copy)
            took_ms.append(1000 * (time.perf_counter() - began_s))
            worked_ms.append(1000 * (time.process_time() - worked_s))
            right += bool(matches) and matches[0].entry.made_id == f"{1:04x}{number:012x}"
        row(f"look-up among {MASS:,}, {name}: median", float(np.median(took_ms)), "ms", wanted)
        row(f"look-up among {MASS:,}, {name}: p95", float(np.percentile(took_ms, 95)), "ms", wanted)
        row(f"look-up among {MASS:,}, {name}: CPU, median", float(np.median(worked_ms)), "ms")
        row(f"look-up among {MASS:,}, {name}: right", 200 * right / LOOKS, "%")
    took_ms = []
    for number in range(100):
        picture = drawn(20_000 + number, person=number, moment_s=0.0)
        began_s = time.perf_counter()
        register.find_picture(picture)
        took_ms.append(1000 * (time.perf_counter() - began_s))
    row("screenshot looked up in all ways, median", float(np.median(took_ms)), "ms")
    took_ms = []
    for number in range(40):
        shown = [drawn(40_000 + number, person=number, moment_s=float(at)) for at in range(6)]
        began_s = time.process_time()
        register.find_cut(shown)
        took_ms.append(1000 * (time.process_time() - began_s))
    row("stranger looked up for cut edges: CPU, median", float(np.median(took_ms)), "ms")
    copy = worn(asked[0], seed=1)
    np.savez(folder / "asked.npz", **asdict(copy))
    _forget(register.folder)
    words = [sys.executable, "-c", _COLD, str(register.folder), str(folder / "asked.npz")]
    told = subprocess.run(words, capture_output=True, text=True, check=True).stdout.split()
    row("first look-up of a new process, files not in memory", 1000 * float(told[1]), "ms")
    told = subprocess.run(words, capture_output=True, text=True, check=True).stdout.split()
    row("first look-up of a new process, files in memory", 1000 * float(told[1]), "ms")


def _forget(folder: Path) -> None:
    """Ask the system to drop the files from memory."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
