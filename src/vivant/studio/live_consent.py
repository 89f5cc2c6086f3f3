"""Live consent: a living person reads a passcode to a camera, and the clip is held against the photos.

What it shows: in the clip is one face, like the one in the photos; its mouth moves while somebody is
heard; the words are those that were asked for a moment ago. What it does not show: that the clip was
not made by a machine. A good forgery passes; so the clip is evidence beside a signed form, not instead
of one. The way is known from services that ask for a passcode read aloud before they copy a face.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
from jaxtyping import Float32, Float64, UInt8

from vivant.errors import ConsentError, InputError
from vivant.film.comparing import face_in_photo
from vivant.film.decoding import frames_as_rgb, probe, read_sound
from vivant.film.motions import lip_sync, loudness_of_frames
from vivant.film.seeing import lip_gap
from vivant.film.verifying import verify_film
from vivant.intake.engine import FaceEngine
from vivant.intake.engines.mediapipe import MediapipeFaces
from vivant.intake.likeness import SURE_FROM, similarity
from vivant.intake.reading import read_photo
from vivant.media.files import sha256_of
from vivant.media.sound import Sound
from vivant.media.watch import Watch, unwatched
from vivant.places import Places
from vivant.provenance.aigc import KEY as AIGC_KEY
from vivant.provenance.aigc import read_aigc
from vivant.provenance.consent import Consent
from vivant.provenance.consent_authentic import insist_on_authentic
from vivant.provenance.consent_events import Happened, note_check
from vivant.provenance.consent_history import Person, standing_at
from vivant.provenance.consent_parts import LiveCheck
from vivant.provenance.credentials import read_credentials
from vivant.provenance.ledger import Ledger
from vivant.provenance.passcodes import Challenge, claim, words_match
from vivant.provenance.safekeeping import utc_now
from vivant.voice.recognising import recognise

LONGEST_S, SHORTEST_S = 30, 2
RATE = Fraction(25)
LONG_SIDE_PX = 640
"""Frames are made as small as this: enough for a face that fills a tenth of the picture."""
LOOKS = 8
"""In so many frames, evenly spread, faces are counted and compared."""
FACE_SHARE = 0.8
"""In so many of the frames the face must be seen."""
SILENT_DB = -50.0
LEAST_MOVING = 0.03
"""How far the lips must part at least, in distances between the eyes, from nearly shut to nearly open."""
LEAST_IN_TIME = 0.3
"""How well the lips must go with the loudness: correlation at the best shift of at most 0.4 s. That the opening of the
mouth follows the envelope of the voice: Chandrasekaran and others, The natural statistics of audiovisual speech, 2009.
Words read one by one give 0.8, noise 0.1, another's speech 0.1 to 0.3; the same words shifted may pass."""
MOST_FROZEN = 0.5
"""Share of frames that may be the same as the one before; films at half the rate have every other one."""
STILL_STEPS = 0.02
"""Frames whose luma differs by less than this on average, in steps of 255, are the same."""

Hearing = Callable[[Sound, str, Places], str | None]
"""What turns a sound in a language into words; ``None`` when nothing here can."""


class LiveCheckError(ConsentError):
    """The clip does not show that the person agreed."""

    code = "consent.live"


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveResult:
    """What a clip showed."""

    check: LiveCheck
    happened: Happened
    in_time: float
    """How well the lips go with the loudness, 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Watched:
    """What was seen in the clip."""

    faces: tuple[int, ...]
    """How many faces there are in each of the frames that were looked at closely."""
    vectors: tuple[Float32[np.ndarray, " 128"], ...]
    gaps: Float32[np.ndarray, " frames"]
    frozen: float
    """Share of frames like the one before."""


def words_heard(sound: Sound, language: str, places: Places) -> str | None:
    """Hear the words of a sound with the recogniser, where it is installed."""
    found = recognise(sound, language=language, places=places)
    return None if found is None else found.text


def check_live(  # noqa: PLR0913 - a clip, what it is held against, and the engines that look and listen
    clip: Path,
    *,
    consent: Consent,
    challenge_id: str,
    photos: Sequence[Path],
    places: Places,
    confirmed_by: Person | None = None,
    also: Path | None = None,
    engine: FaceEngine | None = None,
    hear: Hearing = words_heard,
    now: datetime | None = None,
    watch: Watch = unwatched,
) -> LiveResult:
    """Hold a clip against passcode and photos, and write what was found into record and ledger.

    The passcode is used up, whatever the clip shows.

    Args:
        clip: The person reading the passcode, 2 to 30 s, with sound.
        consent: The record that is confirmed; of a living adult.
        challenge_id: The passcode's id.
        photos: Photos that the record is for.
        places: Where records, passcodes and models are.
        confirmed_by: Who listened; needed where no recogniser is installed. The name stays in the record.
        also: The record's file outside the data folder, which is to tell of it too.
        engine: Who finds faces; the built-in one when left out.
        hear: What recognises the words.
        now: The moment.
        watch: Told as it goes.

    Raises:
        ChallengeError: The passcode cannot be used.
        LiveCheckError: The clip does not show it; the message says what was found and what is needed.
        ConsentError: The record is not genuine, or does not hold.
        InputError: A file will not do.
        MissingError: A model was not fetched.
    """
    moment = utc_now() if now is None else now
    hashes = _insist_on_living(consent, photos, places=places, now=moment)
    length_s = _insist_on_length(clip)
    _insist_on_a_camera(clip, places)
    challenge = claim(challenge_id, record_id=consent.record_id, places=places, now=moment)
    chosen = engine or MediapipeFaces(places=places)
    sound = read_sound(clip)
    _insist_on_sound(sound)
    method = _insist_on_words(challenge, sound, confirmed_by, places=places, hear=hear)
    listener = confirmed_by if method == "confirmed" else None
    known = [_vector_of(photo, chosen) for photo in photos]
    seen = _watch(clip, chosen, frames=max(1, int(length_s * RATE)), watch=watch)
    alike = _insist_on_face(seen, known)
    in_time = _insist_on_life(seen, sound)
    check = LiveCheck(
        clip_sha256=sha256_of(clip),
        similarity=round(alike, 4),
        frames=len(seen.vectors),
        method=method,
        challenge_sha256=challenge.sha256,
        photos=hashes,
        confirmed_by=listener.entity_id if listener else None,
    )
    happened = note_check(
        consent.record_id, check, places=places, by=listener, also=also, now=moment
    )
    return LiveResult(check=check, happened=happened, in_time=in_time)


def insist_on_askable(consent: Consent, *, places: Places, now: datetime) -> None:
    """Check that somebody can confirm a record before a camera; also before they are given a passcode for it.

    Raises:
        ConsentError: The record is not genuine here.
        InputError: It is not a living adult's.
        LiveCheckError: There is nothing to confirm any more.
    """
    ledger = Ledger.in_places(places)
    insist_on_authentic(consent, ledger, places=places)
    if consent.kind not in ("self", "presenter"):
        message = f"Live consent is for living adults (self, presenter), and this record is of the kind {consent.kind}."
        raise InputError(message)
    state = standing_at(consent, ledger, now).state
    if state != "given":
        message = f"Consent {consent.record_id} is {state}, so there is nothing to confirm."
        raise LiveCheckError(message)


def _insist_on_living(
    consent: Consent, photos: Sequence[Path], *, places: Places, now: datetime
) -> tuple[str, ...]:
    """Check the record and the photos; tells the photos' hashes."""
    insist_on_askable(consent, places=places, now=now)
    if not photos:
        message = "Give at least one photo that the consent is for: the face in the clip is held against it."
        raise InputError(message)
    hashes = tuple(sha256_of(photo) for photo in photos)
    if consent.photos and not set(hashes) <= set(consent.photos):
        message = "A photo is not among those that the consent was given for. Give the same files."
        raise InputError(message)
    return hashes


def _insist_on_length(clip: Path) -> float:
    facts = probe(clip)
    length_s = float(facts.picture_s)
    if not SHORTEST_S <= length_s <= LONGEST_S:
        message = f"The clip lasts {length_s:.1f} s; {SHORTEST_S} to {LONGEST_S} s are needed. Film the reading alone."
        raise InputError(message)
    if facts.sound_s is None:
        message = "The clip has no sound, so nobody can hear the passcode. Film it with sound."
        raise InputError(message)
    return length_s


def _insist_on_a_camera(clip: Path, places: Places) -> None:
    """Refuse what says itself that a machine made it: our own films above all."""
    credentials = read_credentials(clip, places=places)
    source = credentials.digital_source_type or ""
    finding = verify_film(clip, places=places, credentials=credentials).finding
    tag = read_aigc(probe(clip).tags.get(AIGC_KEY))
    if finding not in ("not-ours", "unreadable") or tag.ok or "lgorithmicMedia" in source:
        message = (
            "The clip says itself that a machine made it (label, mark, AIGC entry or credentials). Only a film from a "
            "camera shows that somebody agrees."
        )
        raise LiveCheckError(message)


def _vector_of(photo: Path, engine: FaceEngine) -> Float32[np.ndarray, " 128"]:
    pixels = read_photo(photo).picture.pixels
    return engine.vector(pixels, face_in_photo(pixels, engine=engine).landmarks)


def _watch(clip: Path, engine: FaceEngine, *, frames: int, watch: Watch) -> _Watched:
    """Walk through the clip once."""
    every = max(1, frames // LOOKS)
    faces: list[int] = []
    vectors: list[Float32[np.ndarray, " 128"]] = []
    gaps: list[float] = []
    same = 0
    before: np.ndarray | None = None
    follower = engine.follow()
    try:
        for index, large in enumerate(frames_as_rgb(clip, rate=RATE)):
            watch("looking", index, max(frames, index + 1))
            pixels = _small(large)
            luma = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.int16)
            if before is not None:
                same += bool(np.abs(luma - before).mean() < STILL_STEPS)
            before = luma
            face = follower.next(pixels, round(index * 1000 / RATE))
            gaps.append(np.nan if face is None else lip_gap(face.landmarks))
            if index % every == every // 2:
                found = engine.find(pixels)
                faces.append(len(found))
                if len(found) == 1:
                    vectors.append(engine.vector(pixels, found[0].landmarks))
    finally:
        follower.close()
    watch("looking", len(gaps), len(gaps))
    return _Watched(
        faces=tuple(faces),
        vectors=tuple(vectors),
        gaps=np.asarray(gaps, np.float32),
        frozen=same / max(1, len(gaps) - 1),
    )


def _small(pixels: UInt8[np.ndarray, "height width 3"]) -> UInt8[np.ndarray, "h w 3"]:
    scale = LONG_SIDE_PX / max(pixels.shape[:2])
    if scale >= 1:
        return pixels
    size = (max(2, round(pixels.shape[1] * scale)), max(2, round(pixels.shape[0] * scale)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def _insist_on_face(seen: _Watched, known: Sequence[Float32[np.ndarray, " 128"]]) -> float:
    """Check that one face is there, like the one in the photos; tells how like."""
    if max(seen.faces, default=0) > 1:
        message = f"The clip shows up to {max(seen.faces)} faces. Film the person alone, with no pictures of people behind."
        raise LiveCheckError(message)
    share = float(np.mean(~np.isnan(seen.gaps))) if len(seen.gaps) else 0.0
    if not seen.vectors or share < FACE_SHARE:
        message = (
            f"A face is seen in {share:.0%} of the clip, and {FACE_SHARE:.0%} are needed. Film the person from the front, "
            f"in good light, close enough."
        )
        raise LiveCheckError(message)
    alike = float(
        np.median([max(similarity(one, photo) for photo in known) for one in seen.vectors])
    )
    if alike < SURE_FROM:
        message = (
            f"The face in the clip is {alike:.3f} like the one in the photos, and {SURE_FROM} is needed. "
            f"It may be another person; or film again in better light, from the front."
        )
        raise LiveCheckError(message)
    return alike


def _insist_on_sound(sound: Sound) -> None:
    samples = sound.samples
    level = (
        20 * np.log10(max(float(np.sqrt(np.mean(np.square(samples)))), 1e-9))
        if len(samples)
        else -180.0
    )
    if level < SILENT_DB:
        message = f"The clip is silent ({level:.0f} dB FS). Film the reading aloud, with the microphone on."
        raise LiveCheckError(message)


def _insist_on_life(seen: _Watched, sound: Sound) -> float:
    """Check for hints of life: the picture moves, and the mouth with the voice; tells how well."""
    if seen.frozen > MOST_FROZEN:
        message = f"{seen.frozen:.0%} of the clip's frames stand still: this is a picture, not a film of a person."
        raise LiveCheckError(message)
    gaps = seen.gaps[~np.isnan(seen.gaps)]
    moving = float(np.percentile(gaps, 95) - np.percentile(gaps, 5))
    levels: Float64[np.ndarray, " frames"] = loudness_of_frames(
        sound, frames=len(seen.gaps), rate=RATE
    )
    found = lip_sync(seen.gaps, levels, rate=RATE)
    in_time = 0.0 if found is None else found.correlation
    if moving < LEAST_MOVING or in_time < LEAST_IN_TIME:
        message = (
            f"The mouth does not move as one that speaks: it opens by {moving:.3f} of the distance between the eyes "
            f"({LEAST_MOVING:.2f} needed), and goes with the sound by {in_time:.2f} ({LEAST_IN_TIME:.2f} needed). Film the "
            f"person reading aloud, with sound and picture in time."
        )
        raise LiveCheckError(message)
    return in_time


def _insist_on_words(
    challenge: Challenge,
    sound: Sound,
    confirmed_by: Person | None,
    *,
    places: Places,
    hear: Hearing,
) -> Literal["recognised", "confirmed"]:
    """Check the words; tells who heard them."""
    heard = hear(sound, challenge.language, places)
    if heard is None:
        if confirmed_by is None:
            message = (
                "No recogniser is installed, so a person must listen and confirm the words: --confirmed-by NAME. Or "
                'install one: `pip install "vivant[words]"` and `vivant models fetch words`.'
            )
            raise LiveCheckError(message)
        return "confirmed"
    if not words_match(challenge.passcode, heard, language=challenge.language):
        message = (
            "What was heard is not the passcode. Ask for a new one, and read it clearly, with a short pause after each "
            "word."
        )
        raise LiveCheckError(message)
    return "recognised"
