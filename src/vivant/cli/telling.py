"""The work behind ``vivant film --storyboard``."""

from __future__ import annotations

import shlex
import time
from collections.abc import Sequence
from pathlib import Path

from vivant.cli.bringing import bring_models, models_for
from vivant.cli.granting import take_consent
from vivant.cli.labels import label_wish, showing_of
from vivant.cli.memory import peak_mb
from vivant.cli.screen import note, progress, result, results_as_json
from vivant.cli.storyboarding import known_terms, with_demo_faces
from vivant.cli.wishes import Attestation, Shown, rate_text
from vivant.film.decoding import probe, read_sound
from vivant.places import Places
from vivant.provenance.consent import Consent, Use, read_consent
from vivant.scene.storyboard import SILENT, CastMember, Storyboard, pixels_of
from vivant.scene.storyboard_reading import read_storyboard
from vivant.settings import Settings
from vivant.studio.casting_checks import is_nobody, people_seen
from vivant.studio.previewing import Preview
from vivant.studio.previewing import preview as draw_stills
from vivant.studio.telling import Told, tell


def film_story(
    storyboard: Path,
    to: Path,
    *,
    preview: bool,
    only: str | None,
    consent: Path | None,
    attest: Attestation | None,
    words: str | None,
    settings: Settings,
    size: tuple[int, int] | None = None,
    offline: bool = False,
    as_json: bool = False,
    shown: Shown | None = None,
) -> None:
    """Film a storyboard in each of its sizes, or draw a still of each shot, and say how it went.

    Args:
        storyboard: The document.
        to: The film, or the folder of the stills.
        preview: Draw stills instead of a film.
        only: A shot that is to be drawn anew, or alone in a preview.
        consent: A consent record for everybody who has none in the storyboard.
        attest: Who agrees for them, when there is no record.
        words: What is to be written into an attested record.
        settings: Where things are kept, and how many threads draw.
        size: Width and height in pixels, instead of the storyboard's sizes.
        offline: Whether the network must not be used.
        as_json: Whether the result is told as JSON.
        shown: Where it will be shown, and how it is to be labelled.
    """
    began_s = time.monotonic()
    places = settings.places
    shown = shown or Shown()
    label, showing = label_wish(shown, places=places), showing_of(shown)
    use: Use = shown.use.value
    story = with_demo_faces(read_storyboard(storyboard, terms=known_terms()), places=places)
    consents = _consents(story, consent, attest, words=words, places=places)
    sizes = [size] if size is not None else [pixels_of(one) for one in story.sizes]
    threads = (
        settings.threads + 1
    )  # nothing is encoded beside the drawing of a shot but the shot itself
    with progress() as watch:
        bring_models(settings, offline=offline, watch=watch, also=_voices(story, settings))
        stills: Preview | None = None
        told: list[Told] = []
        if preview:
            stills = draw_stills(
                story, to, consents=consents, size=sizes[0], only=only, threads=threads,
                use=use, showing=showing, bake="beside", places=places, watch=watch,
            )  # fmt: skip
        else:
            told = [
                tell(
                    story, _named(to, one, sizes), consents=consents, size=one, only=only, label=label,
                    use=use, showing=showing, threads=threads, bake="beside", places=places, watch=watch,
                )
                for one in sizes
            ]  # fmt: skip
    took_s = time.monotonic() - began_s
    if stills is not None:
        _close_preview(stills, took_s=took_s, as_json=as_json)
    else:
        _close(told, took_s=took_s, as_json=as_json)


def _consents(
    story: Storyboard,
    file: Path | None,
    attest: Attestation | None,
    *,
    words: str | None,
    places: Places,
) -> dict[str, Consent]:
    """Read each person's own record, or write down what was attested: a record for each.

    Next of kin answer for the dead, and a single living person may be attested for; of several, each living one is
    asked (``agreed: yes``). Guardians' consent is never attested. Who is left out here is named by the studio.
    """
    found: dict[str, Consent] = {}
    seen = people_seen(story)
    rest = [name for name in seen if story.cast[name].consent is None]
    for name, member in seen.items():
        if member.consent is not None:
            found[name] = read_consent(member.consent)
    if rest and file is not None:
        shared = take_consent(file, attest, photos=(), words=words, places=places)
        return found | dict.fromkeys(rest, shared)
    for name in rest:
        member = story.cast[name]
        kind = _attested_for(member, attest, alone=len(seen) == 1)
        if kind is not None:
            photos = [one.path for one in member.photos if one.path is not None]
            found[name] = take_consent(
                None, kind, photos=photos, words=words, whose=name, places=places
            )
    if not seen:  # an animal's film: whoever makes it answers for it
        found[""] = take_consent(file, attest, photos=(), words=words, places=places)
    return found


def _attested_for(
    member: CastMember, attest: Attestation | None, *, alone: bool
) -> Attestation | None:
    """Tell as what a mere statement counts for somebody; None where it does not."""
    if is_nobody(member) or attest is Attestation.PUBLIC_DOMAIN:
        return attest
    if member.child:
        return None
    if alone or (member.in_memory and attest is Attestation.KIN):
        return attest
    return Attestation.SELF if member.agreed and not member.in_memory else None


def _voices(story: Storyboard, settings: Settings) -> tuple[str, ...]:
    """Tell which models the voices of a storyboard need."""
    wanted: list[str] = []
    for line in (line for plan in story.shots for line in plan.lines):
        if line.audio is not None or not line.say:
            continue
        member = story.cast.get(line.by or "")
        voice = "hibari" if member is None else member.voice
        if voice != SILENT:
            wanted += models_for(voice, settings)
    return tuple(dict.fromkeys(wanted))


def _named(to: Path, size: tuple[int, int], sizes: Sequence[tuple[int, int]]) -> Path:
    """Name the film of a size; of several, each tells its size."""
    return to if len(sizes) == 1 else to.with_name(f"{to.stem}-{size[0]}x{size[1]}{to.suffix}")


def _close(told: Sequence[Told], *, took_s: float, as_json: bool) -> None:
    """Say what was made, how it measures, and how to verify it."""
    facts = [_facts(one) for one in told]
    if as_json:
        results_as_json({"films": facts, "took_s": round(took_s, 3), "peak_mb": peak_mb()})
        return
    for one, fact in zip(told, facts, strict=True):
        film = one.film
        result(
            f"Made      {film.path}: {film.seconds:.2f} s, {film.width_px}x{film.height_px}, "
            f"film {film.record.film_id}"
        )
        kept = [shot.name for shot in one.shots if shot.kept]
        drawn = [shot.name for shot in one.shots if not shot.kept]
        result(
            f"Shots     {len(one.shots)}: {len(kept)} out of the store, "
            f"{len(drawn)} drawn{': ' + ', '.join(drawn) if drawn and kept else ''}"
        )
        claims = film.verification.claims
        result(
            f"Measures  {fact['frames']} frames at {rate_text(film.rate)}, {fact['sound']}, "
            f"{fact['megabytes']:.1f} MB, {sum(claim.ok for claim in claims)} of {len(claims)} papers hold"
        )
        for path in one.captions:
            result(f"Captions  {path}")
        result(f"Verify    vivant verify {shlex.quote(str(film.path))}")
    result(f"Took      {took_s:.1f} s, {peak_mb():.0f} MB of memory at most")
    for why in told[0].needs_eyes if told else ():
        note(f"Read      {why}")
    note("Look at the whole film before anybody else does.")


def _facts(told: Told) -> dict[str, object]:
    from vivant.media.loudness import measure

    film = told.film
    facts = probe(film.path)
    loudness = None if facts.sound_s is None else measure(read_sound(film.path))
    sound = (
        "no sound"
        if loudness is None
        else f"sound {loudness.lufs:.1f} LUFS, {loudness.true_peak_dbtp:.1f} dBTP"
    )
    return {
        "path": film.path,
        "film_id": film.record.film_id,
        "seconds": film.seconds,
        "frames": facts.frames,
        "megabytes": facts.size_bytes / 1e6,
        "sound": sound,
        "loudness": loudness,
        "shots": [{"name": one.name, "frames": one.frames, "kept": one.kept} for one in told.shots],
        "captions": told.captions,
        "needs_eyes": told.needs_eyes,
        "verification": film.verification.to_json(),
    }


def _close_preview(shown: Preview, *, took_s: float, as_json: bool) -> None:
    if as_json:
        results_as_json({"preview": shown, "took_s": round(took_s, 3), "peak_mb": peak_mb()})
        return
    result(
        f"Sheet     {shown.sheet}: {len(shown.stills) - len(shown.failed)} of {len(shown.stills)} shots"
    )
    for still in shown.failed:
        result(f"Missing   shot {still.shot}: {still.why}")
    result(f"Took      {took_s:.1f} s, {peak_mb():.0f} MB of memory at most")
