"""The work behind ``vivant film``, ``drive`` and ``track``."""

from __future__ import annotations

import shlex
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

from vivant.cli.bringing import bring_models, models_for
from vivant.cli.granting import take_consent
from vivant.cli.labels import label_wish, showing_of
from vivant.cli.screen import note, progress, result, results_as_json
from vivant.cli.wishes import Driven, Spoken, Wish, rate_text
from vivant.errors import InputError
from vivant.film.decoding import frames_as_rgb, probe, read_sound
from vivant.film.making import Film
from vivant.intake.engines.mediapipe import MediapipeFaces
from vivant.media import hearing
from vivant.media.files import read_limited
from vivant.media.loudness import measure
from vivant.media.watch import Watch
from vivant.performance.curves import Performance
from vivant.performance.livelink import read_livelink, write_livelink
from vivant.performance.tracking import from_curves, track_video
from vivant.places import Places
from vivant.provenance import policy
from vivant.settings import Settings
from vivant.studio.pacing import at_rate
from vivant.studio.pipeline import film_from_photos
from vivant.voice.dictionary import read_dictionary
from vivant.voice.listening import listen
from vivant.voice.recognising import how_to_recognise, recognise
from vivant.voice.speaking import speak
from vivant.voice.speech import Speech

LARGEST_SCRIPT_BYTES = 1_000_000
USUAL_RATE = Fraction(25)
MOST_RATE = Fraction(60)
"""A driver with more frames a second, or uneven ones, is read at the usual rate."""


def film_spoken(wish: Wish, spoken: Spoken, settings: Settings) -> Film:
    """Make a film in which the person speaks, and say how it went."""
    also = () if spoken.audio is not None else models_for(spoken.voice, settings)

    def played(watch: Watch) -> _Played:
        return (
            lambda: speech_from(spoken, places=settings.places, watch=watch),
            None,
            wish.format.rate or USUAL_RATE,
        )

    return _film(wish, played, settings, also=also, words=_words_of(spoken))


def film_driven(wish: Wish, driven: Driven, settings: Settings) -> Film:
    """Make a film in which a recorded face moves the photo, and say how it went."""

    def played(watch: Watch) -> _Played:
        performance = performance_from(
            driven, rate=wish.format.rate, places=settings.places, watch=watch
        )
        return lambda: _sound_of(driven, settings.places, watch), performance, performance.rate

    return _film(wish, played, settings)


_Played = tuple[Callable[[], Speech | None], Performance | None, Fraction]
"""How to get the speech, the curves if they do not follow from it, and the rate."""


def _film(
    wish: Wish,
    played: Callable[[Watch], _Played],
    settings: Settings,
    *,
    also: tuple[str, ...] = (),
    words: tuple[policy.Said, ...] = (),
) -> Film:
    began_s = time.monotonic()
    label = label_wish(wish.shown, places=settings.places)
    consent = take_consent(
        wish.consent,
        wish.attest,
        photos=wish.photos,
        words=wish.words,
        places=settings.places,
    )
    with progress() as watch:
        bring_models(settings, offline=wish.offline, watch=watch, also=also)
        speech, performance, rate = played(watch)
        film = film_from_photos(
            wish.photos,
            speech,
            wish.to,
            consent=consent,
            width_px=wish.format.width_px,
            height_px=wish.format.height_px,
            rate=rate,
            seed=wish.seed,
            face=wish.face,
            performance=performance,
            use=wish.shown.use.value,
            showing=showing_of(wish.shown),
            words=words,
            label=label,
            threads=settings.threads,
            bake="beside",
            places=settings.places,
            watch=watch,
        )
    close(film, took_s=time.monotonic() - began_s, as_json=wish.as_json)
    return film


def _words_of(spoken: Spoken) -> tuple[policy.Said, ...]:
    """Tell what will be said, as far as it is written down."""
    path = spoken.script or spoken.transcript
    text = spoken.say if path is None else text_of(path)
    recorded = spoken.audio is not None
    if not text:
        return ()
    return (policy.Said(text=text, language=spoken.language or "", recorded=recorded),)


def _sound_of(driven: Driven, places: Places, watch: Watch) -> Speech | None:
    return None if driven.audio is None else listen(driven.audio, places=places, watch=watch)


def speech_from(spoken: Spoken, *, places: Places, watch: Watch) -> Speech:
    """Speak the words, or listen to the recording."""
    if spoken.audio is not None:
        return _recorded(spoken.audio, spoken, places=places, watch=watch)
    text = spoken.say if spoken.script is None else text_of(spoken.script)
    dictionary = None if spoken.pronounce is None else read_dictionary(spoken.pronounce)
    return speak(
        text or "",
        voice=spoken.voice,
        language=spoken.language,
        rate=spoken.pace,
        dictionary=dictionary,
        places=places,
        watch=watch,
    )


def _recorded(audio: Path, spoken: Spoken, *, places: Places, watch: Watch) -> Speech:
    """Listen to a recording: cleaned unless it shall not be, with its words where they can be had."""
    text, language = "", spoken.language
    if spoken.transcript is not None:
        text = text_of(spoken.transcript)
    elif found := recognise(
        hearing.read_sound(audio), language=language, places=places, watch=watch
    ):
        text, language = found.text, found.language
        note(
            f"Captions  {len(text.split())} words were recognised ({found.certainty:.0%} certain); read them over, "
            "or give the words yourself: --transcript FILE"
        )
    else:
        note(
            f"Captions  none: give the words with --transcript FILE. {how_to_recognise(places=places)}"
        )
    return listen(
        audio, text=text, language=language, clean=not spoken.raw, places=places, watch=watch
    )


def text_of(path: Path) -> str:
    """Read a script.

    Raises:
        InputError: It is missing, too large, or not text in UTF-8.
    """
    data = read_limited(path, at_most_bytes=LARGEST_SCRIPT_BYTES, what="script")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"The script is not text in UTF-8 (byte {error.start}). Save it as UTF-8."
        raise InputError(message) from error


def close(film: Film, *, took_s: float, as_json: bool) -> None:
    """Say what was made, how it measures, and how to verify it."""
    facts = probe(film.path)
    loudness = None if facts.sound_s is None else measure(read_sound(film.path))
    papers = sum(claim.ok for claim in film.verification.claims)
    if as_json:
        results_as_json(
            {
                "path": film.path,
                "film_id": film.record.film_id,
                "seconds": film.seconds,
                "took_s": round(took_s, 3),
                "facts": facts,
                "loudness": loudness,
                "verification": film.verification.to_json(),
            }
        )
        return
    result(
        f"Made      {film.path}: {film.seconds:.2f} s in {took_s:.1f} s, "
        f"{film.width_px}x{film.height_px}, film {film.record.film_id}"
    )
    apart_ms = 0.0 if facts.sound_s is None else float(facts.sound_s - facts.picture_s) * 1000
    sound = (
        "no sound"
        if loudness is None
        else f"sound {apart_ms:+.0f} ms longer, {loudness.lufs:.1f} LUFS, {loudness.true_peak_dbtp:.1f} dBTP"
    )
    result(
        f"Measures  {facts.frames} frames at {rate_text(facts.rate)}, {sound}, "
        f"{facts.size_bytes / 1e6:.1f} MB, {papers} of {len(film.verification.claims)} papers hold"
    )
    result(f"Verify    vivant verify {shlex.quote(str(film.path))}")
    for why in film.notes:
        note(f"Mind      {why}")


def performance_from(
    driven: Driven, *, rate: Fraction | None, places: Places, watch: Watch
) -> Performance:
    """Take the movement of whoever drives the photo, at the rate wanted or at its own."""
    if driven.video is not None:
        return tracked(driven.video, rate=rate, places=places, watch=watch)
    performance = from_curves(read_livelink(driven.curves or Path()))
    return at_rate(performance, rate or performance.rate)


def tracked(video: Path, *, rate: Fraction | None, places: Places, watch: Watch) -> Performance:
    """Follow the face in a video, frame for frame when its frames are evenly spaced."""
    facts = probe(video)
    own = facts.rate if facts.is_constant_rate and facts.rate <= MOST_RATE else USUAL_RATE
    chosen = rate or own
    resampled = None if facts.is_constant_rate and chosen == facts.rate else chosen
    return track_video(
        frames_as_rgb(video, rate=resampled),
        rate=chosen,
        engine=MediapipeFaces(places=places),
        frames=int(facts.picture_s * chosen),
        watch=watch,
    )


def track_to_file(
    video: Path,
    to: Path,
    *,
    rate: Fraction | None,
    offline: bool,
    as_json: bool,
    settings: Settings,
) -> None:
    """Write the curves of the face in a video."""
    with progress() as watch:
        bring_models(settings, offline=offline, watch=watch)
        performance = tracked(video, rate=rate, places=settings.places, watch=watch)
    write_livelink(to, performance)
    if as_json:
        results_as_json({"path": to, "frames": performance.frames, "rate": performance.rate})
    else:
        result(f"{to}: {performance.frames} frames of 52 shapes and the head")
    note("Use it with: vivant drive PHOTO --curves FILE.csv -o OUT.mp4")
