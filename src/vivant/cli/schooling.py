"""The work behind ``vivant voice``."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from vivant.cli.bringing import bring_models
from vivant.cli.screen import note, progress, result, results_as_json
from vivant.errors import ConsentError
from vivant.places import Places
from vivant.provenance.consent import read_consent
from vivant.provenance.ledger import Ledger
from vivant.provenance.policy import permit
from vivant.provenance.safekeeping import utc_now
from vivant.settings import Settings
from vivant.voice.learning import learn, personal_engines, refresh
from vivant.voice.profiles import VoiceProfile, check_name, load_profile, permit_profile
from vivant.voice.speaker import MODEL as SPEAKER_MODEL


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A learned voice in a line."""

    name: str
    engines: tuple[str, ...]
    ready: bool
    """Whether its consent holds."""
    state: str


def learn_voice(
    recordings: Sequence[Path],
    *,
    name: str,
    consent_file: Path,
    speaker: int | None,
    engines: Sequence[str] | None,
    offline: bool,
    as_json: bool,
    settings: Settings,
) -> VoiceProfile:
    """Learn a voice, and say what can be promised."""
    began_s = time.monotonic()
    check_name(name)
    consent = read_consent(consent_file)
    places = settings.places
    permit(consent, use="voice-likeness", now=utc_now(), ledger=Ledger.in_places(places))
    personal_engines(engines, places=places)
    with progress() as watch:
        bring_models(settings, offline=offline, also=(SPEAKER_MODEL,), watch=watch)
        profile = learn(
            recordings,
            name=name,
            consent=consent,
            places=places,
            engines=engines,
            speaker=speaker,
            watch=watch,
        )
    if as_json:
        facts = {"name": name, "took_s": round(time.monotonic() - began_s, 3)}
        results_as_json({**facts, **_facts(profile)})
        return profile
    _tell(profile, name=name, took_s=time.monotonic() - began_s)
    return profile


def refresh_voice(name: str, *, offline: bool, as_json: bool, settings: Settings) -> VoiceProfile:
    """Have the engines learn a kept voice anew, and say what can be promised."""
    began_s = time.monotonic()
    places = settings.places
    permit_profile(load_profile(name, places=places), places=places)
    with progress() as watch:
        bring_models(settings, offline=offline, also=(SPEAKER_MODEL,), watch=watch)
        profile = refresh(name, places=places, watch=watch)
    if as_json:
        facts = {"name": name, "took_s": round(time.monotonic() - began_s, 3)}
        results_as_json({**facts, **_facts(profile)})
        return profile
    _tell(profile, name=name, took_s=time.monotonic() - began_s)
    return profile


def _tell(profile: VoiceProfile, *, name: str, took_s: float) -> None:
    for one in profile.notes:
        note(f"Note: {one}", style="yellow")
    for line in _lines(profile):
        result(line)
    result(f"Took      {took_s:.0f} s. Use it with: --voice {name}")


def show_voice(name: str, *, places: Places, as_json: bool) -> None:
    """Show one learned voice."""
    profile = load_profile(name, places=places)
    holds, why = _consent_state(profile, places)
    if as_json:
        results_as_json(
            {"name": name, "consent_holds": holds, "consent_state": why, **_facts(profile)}
        )
        return
    for line in _lines(profile):
        result(line)
    for one in profile.notes:
        result(f"Note      {one}")
    result(f"Consent   {why}")


def summary_of(name: str, places: Places) -> Summary:
    """Tell in a line what a learned voice promises, and whether it may be used."""
    profile = load_profile(name, places=places)
    holds, why = _consent_state(profile, places)
    promises = "; ".join(f"{one} {profile.promise(one)}" for one in sorted(profile.resemblances))
    return Summary(
        name=name,
        engines=tuple(sorted(profile.characters)),
        ready=holds,
        state=promises if holds else f"not to be used: {why}",
    )


def _consent_state(profile: VoiceProfile, places: Places) -> tuple[bool, str]:
    try:
        permit_profile(profile, places=places)
    except ConsentError as error:
        return False, str(error)
    return True, f"{profile.consent_id[:12]} allows it"


def _facts(profile: VoiceProfile) -> dict[str, object]:
    return {
        "sha256": profile.sha256,
        "learned_at": profile.learned_at,
        "consent_id": profile.consent_id,
        "consent_sha256": profile.consent_sha256,
        "recordings": profile.recordings,
        "own_s": profile.own_s,
        "reference_s": round(profile.reference.seconds, 2),
        "held_out_s": round(profile.held_out.seconds, 2),
        "bandwidth_hz": profile.reference.bandwidth_hz,
        "before": profile.before,
        "after": profile.after,
        "promises": {
            name: {
                "word": found.word,
                "share": found.share,
                **dataclasses.asdict(found),
                "said": profile.promise(name),
            }
            for name, found in profile.resemblances.items()
        },
        "notes": profile.notes,
    }


def _lines(profile: VoiceProfile) -> list[str]:
    before, after = profile.before, profile.after
    lines = [
        f"Heard     {profile.own_s:.0f} s of the person alone in {len(profile.recordings)} recordings; "
        f"{profile.reference.seconds:.0f} s learned from, {profile.held_out.seconds:.0f} s kept to measure with",
        f"Cleaned   noise {before.snr_db:.0f} dB under the speech, now {after.snr_db:.0f}; "
        f"up to {profile.reference.bandwidth_hz:,.0f} Hz ({profile.band} band); "
        f"{before.clicks} clicks, {before.clipped_share:.1%} clipped, echo {before.echo_s:.1f} s",
    ]
    lines += [f"Promise   {name}: {profile.promise(name)}" for name in sorted(profile.resemblances)]
    return lines
