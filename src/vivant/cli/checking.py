"""The work behind ``vivant inspect`` and ``vivant verify``."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Final

from vivant.cli.bringing import bring_models
from vivant.cli.filming import text_of
from vivant.cli.screen import harmless, progress, result, results_as_json
from vivant.errors import MissingError, PapersError
from vivant.film.claim import ClaimState
from vivant.film.inspecting import inspect_film
from vivant.film.sheet import contact_sheet
from vivant.film.sound_verifying import SoundVerification
from vivant.film.verifying import Verification
from vivant.film.verifying_any import verify_file
from vivant.media.watch import Watch
from vivant.models.fetching import fetch
from vivant.provenance.credentials import Credentials, read_credentials
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


def check(file: Path, *, as_json: bool, settings: Settings) -> int:
    """Check the papers of any file and tell.

    Returns:
        0 when all hold, else the exit code of ``PapersError``.
    """
    with progress() as watch:
        credentials = read_credentials(file, places=settings.places, watch=watch)
        bring_mark_for(credentials, settings, watch=watch)
        verification = verify_file(
            file, places=settings.places, credentials=credentials, watch=watch
        )
    if as_json:
        results_as_json(verification.to_json())
    else:
        for line in lines_of(verification):
            result(harmless(line, lines=False))
    return 0 if verification.ok else PapersError.exit_code


_SIGNS: Final[dict[ClaimState, str]] = {
    "holds": "ok      ",
    "fails": "FAIL    ",
    "stripped": "missing ",
    "not-looked-for": "not seen",
}


def lines_of(verification: Verification | SoundVerification) -> list[str]:
    """Tell what was found to people: a withdrawal first."""
    is_sound = isinstance(verification, SoundVerification)
    made_id = (
        verification.sound_id
        if isinstance(verification, SoundVerification)
        else verification.film_id
    )
    kind = "sound" if is_sound else "film"
    lines = []
    if verification.withdrawn is not None:
        maybe = ", IF IT IS THAT FILM" if verification.finding == "likely-ours" else ""
        state = "WITHDRAWN" if verification.origin is None else verification.origin.state.upper()
        lines.append(f"{state}{maybe}: do not show it. {verification.withdrawn}")
    named = f"{kind} {made_id}" if made_id else f"a {kind} without an id of ours"
    lines += [f"{verification.finding}: {named}", verification.meaning]
    lines += [f"{_SIGNS[claim.state]} {claim.name}: {claim.why}" for claim in verification.claims]
    origin = verification.origin
    if origin is not None:
        under = f" Consents: {', '.join(origin.consent_ids)}." if origin.consent_ids else ""
        lines.append(f"origin: {origin.why}{under}")
    if isinstance(verification, Verification):
        lines += _papers_say(verification)
    return lines


def _papers_say(verification: Verification) -> list[str]:
    lines = []
    if verification.also:
        lines.append(f"also in it: film {', '.join(verification.also)}")
    if verification.signer is not None:
        when = verification.signed_at or "an unknown time"
        stamped = ", as a time stamp shows" if verification.is_stamp_trusted else ""
        lines.append(f"signed by: {verification.signer}, at {when}{stamped}")
    if verification.within:
        lines.append(f"made from: {', '.join(verification.within)}")
    if verification.photos_by_ai:
        told = ", ".join(verification.photos_by_ai)
        lines.append(f"made by AI, say the credentials of its photos: {told}")
    return lines


def bring_mark_for(credentials: Credentials, settings: Settings, *, watch: Watch) -> None:
    """Fetch the model that reads the watermark of voices, where papers promise one and a network is there."""
    if settings.offline or credentials.voice_watermark is None:
        return
    with suppress(MissingError):  # without it, the check says so
        fetch([MARK_MODEL], places=settings.places, watch=watch)
