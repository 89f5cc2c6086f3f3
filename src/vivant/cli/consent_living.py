"""The work behind ``vivant consent live``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from vivant.cli.consent_finding import find_record
from vivant.cli.screen import note, progress, result, results_as_json
from vivant.errors import InputError
from vivant.places import Places
from vivant.provenance.consent_history import new_person
from vivant.provenance.passcodes import new_challenge
from vivant.provenance.safekeeping import utc_now
from vivant.studio.live_consent import check_live, insist_on_askable
from vivant.voice.recognising import how_to_recognise


def ask_for_passcode(
    called: str, *, language: str, digits: bool, places: Places, as_json: bool
) -> None:
    """Make a passcode, and show what to do with it."""
    consent = find_record(called, places=places).consent()
    insist_on_askable(consent, places=places, now=utc_now())
    made = new_challenge(consent.record_id, places=places, language=language, digits=digits)
    if as_json:
        results_as_json(
            {
                "record_id": consent.record_id,
                "passcode_id": made.challenge_id,
                "passcode": made.passcode,
                "language": made.language,
                "expires_at": made.expires_at,
            }
        )
        return
    result(f"Passcode  {' · '.join(made.passcode)}")
    result(f"Id        {made.challenge_id}, good once, until {made.expires_at:%H:%M:%S} UTC")
    note(
        "Film the person from the front, alone, reading this aloud with a short pause after each word. Then: vivant "
        f"consent live {called} --clip CLIP --passcode {made.challenge_id} --photo PHOTO"
    )
    missing = how_to_recognise(places=places)
    if missing:
        note(f"{missing} Until then a person listens, and says so with --confirmed-by NAME.")


def check_clip(
    called: str,
    clip: Path,
    *,
    passcode: str | None,
    photos: Sequence[Path],
    confirmed_by: str | None,
    places: Places,
    as_json: bool,
) -> None:
    """Check a clip, and tell what was found.

    Raises:
        InputError: No passcode was named.
    """
    if passcode is None:
        message = f"Say which passcode is read: --passcode ID. One is made with: vivant consent live {called}"
        raise InputError(message)
    found = find_record(called, places=places)
    with progress(quiet=as_json) as watch:
        done = check_live(
            clip,
            consent=found.consent(),
            challenge_id=passcode,
            photos=photos,
            places=places,
            confirmed_by=new_person(name=confirmed_by) if confirmed_by else None,
            also=found.named,
            watch=watch,
        )
    check = done.check
    if as_json:
        results_as_json({"record_id": found.record_id, "check": check, "in_time": done.in_time})
        return
    words = "a recogniser" if check.method == "recognised" else "a person"
    result(f"Consent   {found.record_id} was confirmed before a camera.")
    result(f"Face      {check.similarity:.3f} like the photos, over {check.frames} frames")
    result(f"Words     heard by {words}; the mouth goes with the sound by {done.in_time:.2f}")
    result(f"Clip      SHA-256 {check.clip_sha256}; keep the file with the other evidence")
    note("A good forgery would pass too. Keep it beside a signed form, not instead of one.")
