"""The work behind ``vivant inspect`` and ``vivant verify``."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from vivant.cli.bringing import bring_models
from vivant.cli.filming import text_of
from vivant.cli.screen import progress, result, results_as_json
from vivant.errors import MissingError, PapersError
from vivant.film.inspecting import inspect_film
from vivant.film.sheet import contact_sheet
from vivant.film.sound_verifying import SOUND_SUFFIXES, SoundVerification, verify_sound
from vivant.film.verifying import Verification, verify_film
from vivant.models.fetching import fetch
from vivant.provenance.manifest import read_credentials
from vivant.provenance.sound_mark import MODEL as MARK_MODEL
from vivant.settings import Settings


def measure(
    film: Path,
    *,
    photo: Path | None,
    script: Path | None,
    sheet: Path | None,
    as_json: bool,
    settings: Settings,
) -> None:
    """Measure a film and tell."""
    transcript = text_of(script) if script is not None else None
    with progress() as watch:
        bring_models(settings, offline=False, watch=watch)
        inspection = inspect_film(
            film, photo=photo, transcript=transcript, places=settings.places, watch=watch
        )
        if sheet is not None:
            contact_sheet(film, sheet, places=settings.places, watch=watch)
    if as_json:
        results_as_json({**inspection.to_json(), "numbers": inspection})
    else:
        for line in inspection.lines():
            result(line)


def check(film: Path, *, as_json: bool, settings: Settings) -> int:
    """Check the papers of a film or a sound and tell.

    Returns:
        0 when all hold, else the exit code of ``PapersError``.
    """
    bring_mark_for(film, settings)
    verification: Verification | SoundVerification
    if film.suffix.lower() in SOUND_SUFFIXES:
        verification = verify_sound(film, places=settings.places)
        kind, made_id = "sound", verification.sound_id
    else:
        with progress() as watch:
            verification = verify_film(film, places=settings.places, watch=watch)
        kind, made_id = "film", verification.film_id
    if as_json:
        results_as_json(verification.to_json())
    else:
        named = f"{kind} {made_id}" if made_id else f"a {kind} without an id"
        result(f"{verification.verdict}: {named}")
        for claim in verification.claims:
            result(f"{'ok  ' if claim.ok else 'FAIL'} {claim.name}: {claim.why}")
    return 0 if verification.ok else PapersError.exit_code


def bring_mark_for(path: Path, settings: Settings) -> None:
    """Fetch the model that reads the watermark, where a file's papers promise one and a network is there."""
    if settings.offline or read_credentials(path, places=settings.places).voice_watermark is None:
        return
    with progress() as watch, suppress(MissingError):  # without it, the check says so
        fetch([MARK_MODEL], places=settings.places, watch=watch)
