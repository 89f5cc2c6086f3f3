"""The work behind ``vivant inspect`` and ``vivant verify``."""

from __future__ import annotations

from pathlib import Path

from vivant.cli.filming import bring_models, text_of
from vivant.cli.screen import progress, result, results_as_json
from vivant.errors import PapersError
from vivant.film.inspecting import inspect_film
from vivant.film.sheet import contact_sheet
from vivant.film.verifying import verify_film
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
    """Check a film's papers and tell.

    Returns:
        0 when all hold, else the exit code of ``PapersError``.
    """
    with progress() as watch:
        verification = verify_film(film, places=settings.places, watch=watch)
    if as_json:
        results_as_json(verification.to_json())
    else:
        named = f"film {verification.film_id}" if verification.film_id else "a film without an id"
        result(f"{verification.verdict}: {named}")
        for claim in verification.claims:
            result(f"{'ok  ' if claim.ok else 'FAIL'} {claim.name}: {claim.why}")
    return 0 if verification.ok else PapersError.exit_code
