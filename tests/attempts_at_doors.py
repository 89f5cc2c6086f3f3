"""The doors of the library, and how somebody would try to go through each."""

from __future__ import annotations

import hashlib
import io
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np

from attempts import KINDS, Wrong, harmed, prepare
from speeches import sentence
from vivant.errors import VivantError
from vivant.film.making import make_film
from vivant.film.sound_streaming import stream_sound
from vivant.film.sounding import make_sound
from vivant.film.telling import lay_out, make_story_film
from vivant.intake.likeness import Likeness
from vivant.intake.portrait import Portrait, Quality
from vivant.intake.taking import take_photos
from vivant.media.document import write_document
from vivant.media.face import ARKIT_SHAPES
from vivant.media.picture import Picture
from vivant.media.sound import Sound
from vivant.places import Places
from vivant.provenance.consent import Consent, read_consent, write_consent
from vivant.provenance.consent_keeping import kept_path
from vivant.provenance.record import Recipe, Source
from vivant.rig.building import build_rig
from vivant.rig.rig import Rig
from vivant.scene.storyboard import CastMember, Line, PhotoSource, ShotPlan, Storyboard
from vivant.studio.baking import RigStage
from vivant.studio.casting import call_the_cast
from vivant.studio.pipeline import film_from_photos
from vivant.studio.previewing import preview
from vivant.studio.telling import tell
from vivant.testing.standins import PaintedFaces
from vivant.voice.engines.hibari import HibariVoice
from vivant.voice.learning import learn, refresh
from vivant.voice.person import Character, Reference, Resemblance
from vivant.voice.phones import PAUSE
from vivant.voice.profiles import (  # fmt: skip
    KIND,
    VERSION,
    VoiceProfile,
    _packed,
    load_profile,
    permit_profile,
    profile_path,
)
from vivant.voice.soundness import Soundness
from vivant.voice.speaking import speak
from vivant.voice.speech import Person, Phone, Speech


class ReachedError(Exception):
    """A door let somebody through to the work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """One attempt at one door."""

    wrong: Wrong
    consent: Consent
    folder: Path
    places: Places

    @property
    def photo(self) -> Path:
        """A file that nobody may open."""
        return self.folder / "photo.jpg"

    @property
    def out(self) -> Path:
        """Where something would go."""
        return self.folder / "out"

    def speech(self, person: Person | None = None) -> Speech:
        """What would be said."""
        return replace(
            sentence(), person=person, text=self.wrong.words, language=self.wrong.language
        )

    def person(self) -> Person:
        """Whose voice would be heard."""
        return Person(
            profile_sha256="a" * 64, consent_id=self.consent.record_id, consent_sha256=self.consent.sha256,
            likeness="matched", encoder=0.7, spectral=0.6, word="like",
        )  # fmt: skip

    def storyboard(self) -> Storyboard:
        """One shot of one person."""
        line = Line(by="anna", say=self.wrong.words)
        plan = ShotPlan(name="one", set="room", look="window", hour="golden", action="speak", who=("anna",), lines=(line,))  # fmt: skip
        member = CastMember(
            photos=(PhotoSource(asked="photo.jpg", path=self.photo),), in_memory=self.wrong.in_memory,
            child=self.wrong.child,
        )  # fmt: skip
        return Storyboard(title="A", cast={"anna": member}, shots=(plan,), language=self.wrong.language)  # fmt: skip

    def consents(self) -> dict[str, Consent]:
        """Who agreed, or nobody."""
        return {} if self.wrong.gone else {"anna": self.consent}


def _reached() -> Rig:
    raise ReachedError


def _take_photos(one: Try) -> None:
    take_photos([one.photo], consent=one.consent, engine=PaintedFaces([]), use=one.wrong.use, showing=one.wrong.showing, places=one.places)  # fmt: skip


def _bake(one: Try) -> None:
    stage = RigStage(consent=one.consent, face=None, engine=PaintedFaces([]), places=one.places, use=one.wrong.use, showing=one.wrong.showing)  # fmt: skip
    stage((one.photo,))


def _build_rig(one: Try) -> None:
    build_rig(likeness_under(one.consent.record_id), places=one.places)


def _make_film(one: Try) -> None:
    under = one.wrong.taken_under
    source = likeness_under(under) if len(under) == 32 else _reached
    hashed = hashlib.sha256(one.photo.read_bytes()).hexdigest()
    make_film(
        source, one.speech(), one.out / "film.mp4", consent=one.consent, use=one.wrong.use, showing=one.wrong.showing,
        width_px=256, height_px=256, photos=(Source(sha256=hashed, mime="image/jpeg"),), places=one.places,
    )  # fmt: skip


def _film_from_photos(one: Try) -> None:
    film_from_photos(
        [one.photo], one.speech(), one.out / "film.mp4", consent=one.consent, use=one.wrong.use,
        showing=one.wrong.showing, places=one.places,
    )  # fmt: skip


def _tell(one: Try) -> None:
    tell(one.storyboard(), one.out / "film.mp4", consents=one.consents(), use=one.wrong.use, showing=one.wrong.showing, faces=PaintedFaces([]), places=one.places)  # fmt: skip


def _preview(one: Try) -> None:
    preview(one.storyboard(), one.out / "stills", consents=one.consents(), use=one.wrong.use, showing=one.wrong.showing, faces=PaintedFaces([]), places=one.places)  # fmt: skip


def _call_the_cast(one: Try) -> None:
    call_the_cast(one.storyboard(), one.consents(), engine=PaintedFaces([]), bake="here", use=one.wrong.use, showing=one.wrong.showing, places=one.places)  # fmt: skip


def _make_story_film(one: Try) -> None:
    recipe = Recipe(
        photos=(), speech_sha256="0" * 64, voice="x", seed=0, width_px=256, height_px=256, rate=Fraction(25),
        consent_id=one.consent.record_id, consent_sha256=one.consent.sha256, versions={},
    )  # fmt: skip
    make_story_film(
        lay_out([], rate=Fraction(25)), one.out / "film.mp4", recipe=recipe, consents=list(one.consents().values()),
        use=one.wrong.use, showing=one.wrong.showing, sound=None, places=one.places,
    )  # fmt: skip


def _learn(one: Try) -> None:
    learn([one.photo], name="anna", consent=one.consent, places=one.places)


def _refresh(one: Try) -> None:
    refresh("anna", places=one.places)


def _permit_profile(one: Try) -> None:
    permit_profile(load_profile("anna", places=one.places), places=one.places)


def _speak(one: Try) -> None:
    try:
        speak(one.wrong.words, voice="anna", language=one.wrong.language, places=one.places)
    except KeyError as error:  # the voice knows nothing of its person: the engine was asked
        raise ReachedError from error


def _make_sound(one: Try) -> None:
    make_sound([one.speech(one.person())], one.out / "a.wav", places=one.places)


def _stream_sound(one: Try) -> None:
    stream_sound([one.speech(one.person())], io.BytesIO(), places=one.places)


def _from_file(one: Try) -> None:
    consent = read_consent(one.folder / "consent.json")
    film_from_photos([one.photo], one.speech(), one.out / "film.mp4", consent=consent, places=one.places)  # fmt: skip


DOORS: dict[str, Callable[[Try], None]] = {
    "take_photos": _take_photos, "bake": _bake, "build_rig": _build_rig, "make_film": _make_film,
    "film_from_photos": _film_from_photos, "tell": _tell, "preview": _preview, "call_the_cast": _call_the_cast,
    "make_story_film": _make_story_film, "learn": _learn, "refresh": _refresh, "permit_profile": _permit_profile,
    "from_file": _from_file, "speak": _speak, "make_sound": _make_sound, "stream_sound": _stream_sound,
}  # fmt: skip
VOICED = ("refresh", "permit_profile", "speak", "make_sound", "stream_sound")
"""Doors that find the record of a voice themselves."""


def likeness_under(consent_id: str) -> Likeness:
    """A likeness of nobody that was taken in under a record."""
    portrait = Portrait(
        photo_id="nobody", picture=Picture(pixels=np.zeros((8, 8, 3), np.uint8), sha256="0" * 64),
        landmarks=np.zeros((478, 3), np.float32), shapes=np.zeros(len(ARKIT_SHAPES), np.float32),
        person=np.zeros((8, 8), np.float32), face_vector=np.zeros(128, np.float32),
        quality=Quality.__new__(Quality),
    )  # fmt: skip
    return Likeness(
        likeness_id="nobody", base=portrait, helpers=(), face_vector=portrait.face_vector, consent_id=consent_id
    )  # fmt: skip


def keep_voice(consent: Consent, places: Places) -> None:
    """Keep a voice that was learned under a record, which speaks through the embedded engine."""
    sound = Sound(samples=np.zeros(2400, np.float32), sample_rate_hz=24_000)
    heard = Reference(sound=sound, phones=(Phone(symbol=PAUSE, first=0, last=2400),), bandwidth_hz=8000.0, snr_db=30.0)  # fmt: skip
    sound_as = Soundness(
        speech_s=9.0, level_db=-20.0, snr_db=30.0, hum_hz=0.0, hum_db=0.0, clicks=0, clipped_share=0.0,
        bandwidth_hz=8000.0, echo_s=0.0,
    )  # fmt: skip
    traits = HibariVoice.traits
    profile = VoiceProfile(
        reference=heard, held_out=heard,
        characters={"hibari": Character(engine="hibari", version=traits.version, arrays={})},
        resemblances={"hibari": Resemblance(encoder=0.7, spectral=0.6, cosine=0.8, held_out_s=5.0)},
        before=sound_as, after=sound_as, own_s=9.0, consent_id=consent.record_id, consent_sha256=consent.sha256,
        recordings=("e" * 64,), learned_at="2026-01-01T00:00:00+00:00",
    )  # fmt: skip
    facts, arrays = _packed(profile)
    path = profile_path("anna", places=places)
    path.parent.mkdir(parents=True)
    write_document(path, kind=KIND, version=VERSION, facts=facts, arrays=arrays)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of an attempt."""

    what: str
    door: str
    rules: tuple[str, ...]
    error: str
    """Name of the error, or what went through."""
    code: str
    rule: str
    left: tuple[str, ...]
    """Files that are new, changed or gone."""

    @property
    def is_refused(self) -> bool:
        """Whether a rule that may refuse it did, and nothing was left."""
        return self.rule in self.rules and bool(self.code) and not self.left


def attempt(seed: int, folder: Path, *, keys: Path) -> Outcome:
    """Make one attempt, by chance.

    Args:
        seed: Which.
        folder: Empty; all that the attempt may touch.
        keys: A data folder with keys, so that not each attempt makes its own.
    """
    chance = random.Random(seed)  # noqa: S311 -- a test's chance
    make, doors = KINDS[seed % len(KINDS)]
    door = doors[(seed // len(KINDS)) % len(doors)]
    return attempted(make(chance), door, folder, keys=keys)


def attempted(wrong: Wrong, door: str, folder: Path, *, keys: Path) -> Outcome:
    """Try one door, and compare the folder before and after."""
    places = Places(data=folder / "data", cache=folder / "cache")
    (folder / "out").mkdir(parents=True)
    (folder / "photo.jpg").write_bytes(b"no picture " + wrong.what.encode())
    shutil.copytree(keys, places.data, dirs_exist_ok=True)
    if wrong.consent.post_mortem_photos:
        photo = hashlib.sha256((folder / "photo.jpg").read_bytes()).hexdigest()
        wrong.consent = wrong.consent.model_copy(update={"post_mortem_photos": (photo,)})
    consent = prepare(wrong, places)
    if door in VOICED:
        keep_voice(consent, places)
        if not wrong.gone:
            kept = kept_path(consent.record_id, places=places)
            kept.parent.mkdir(parents=True)
            write_consent(consent, kept)
    if wrong.harm:
        write_consent(consent, folder / "consent.json")
        whole = (folder / "consent.json").read_bytes()
        (folder / "consent.json").write_bytes(harmed(whole, wrong))
    one = Try(wrong=wrong, consent=consent, folder=folder, places=places)
    before = tree(folder)
    error, code, rule = "nothing", "", ""
    try:
        DOORS[door](one)
    except VivantError as refused:
        error, code, rule = type(refused).__name__, refused.code, getattr(refused, "rule", "")
        error += "" if rule in str(refused) else " (the message names no rule)"
    except ReachedError:
        error = "reached the work"
    after = tree(folder)
    left = {name for name in before | after if before.get(name) != after.get(name)}
    return Outcome(
        what=wrong.what, door=door, rules=wrong.rules, error=error, code=code, rule=rule, left=tuple(sorted(left))
    )  # fmt: skip


def tree(folder: Path) -> dict[str, str]:
    """Hash every file and name every folder."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        for path in sorted(folder.rglob("*"))
    }  # fmt: skip
