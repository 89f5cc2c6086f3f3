"""Voices are learned under consent, measured against speech that nobody learned from, kept, used and forgotten."""

from __future__ import annotations

import stat
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile

from vivant.errors import ConsentError, InputError, MissingError
from vivant.media.hearing import resampled
from vivant.media.loudness import measure
from vivant.media.sound import Sound
from vivant.places import Places
from vivant.provenance.consent import Consent, attest, write_consent
from vivant.provenance.consent_keeping import kept_path
from vivant.provenance.ledger import Ledger
from vivant.provenance.safekeeping import utc_now
from vivant.voice.engines.hibari import HibariVoice
from vivant.voice.learning import hear_person, learn, refresh
from vivant.voice.phones import PAUSE
from vivant.voice.profiles import (
    VoiceProfile,
    check_name,
    forget_profile,
    list_profiles,
    load_profile,
    permit_profile,
    profile_path,
    save_profile,
)
from voice_people import RATE_HZ, a_person, chords, sound_of, telephone, voice_consent, withdrawn

pytestmark = pytest.mark.models
CONSENT = voice_consent()
ENGINES = ("hibari",)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(data=tmp_path / "data")


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> tuple[VoiceProfile, Places, Path]:
    folder = tmp_path_factory.mktemp("learned")
    places = Places(data=folder / "data")
    path = written(folder / "a.wav", a_person(lower=1.2, sentences=6))
    Ledger.in_places(places).note_consent(CONSENT)
    profile = learn([path], name="anna", consent=CONSENT, places=places, engines=ENGINES)
    return profile, places, path


def written(path: Path, sound: Sound, *, subtype: str = "PCM_16", channels: int = 1) -> Path:
    samples = np.repeat(sound.samples[:, None], channels, axis=1)
    soundfile.write(path, samples, sound.sample_rate_hz, subtype=subtype)
    return path


def nothing_in(places: Places) -> bool:
    return not list_profiles(places=places) and not list((places.data / "voices").glob("*"))


def test_what_is_learned_from_and_what_is_measured_with_are_apart(
    learned: tuple[VoiceProfile, Places, Path],
) -> None:
    profile, _, _ = learned
    whole_s = profile.reference.seconds + profile.held_out.seconds

    assert profile.held_out.seconds >= 4.0
    assert profile.held_out.seconds >= 0.22 * whole_s
    assert whole_s <= profile.own_s + 3.0
    for side in (profile.reference, profile.held_out):
        assert side.sound.sample_rate_hz == RATE_HZ
        assert measure(side.sound).lufs == pytest.approx(-23.0, abs=1.0)
        assert side.phones[-1].last == len(side.sound.samples)
        assert sum(phone.symbol != PAUSE for phone in side.phones) > 20


def test_the_promise_is_words_and_numbers(learned: tuple[VoiceProfile, Places, Path]) -> None:
    profile, _, _ = learned
    found = profile.resemblances["hibari"]

    assert found.held_out_s == pytest.approx(profile.held_out.seconds)
    assert f"{found.word} ({found.share:.2f} of the way" in profile.promise("hibari")
    assert f"{profile.band} band" in profile.promise("hibari")


def test_a_profile_reads_back_as_it_was_and_only_for_its_owner(
    learned: tuple[VoiceProfile, Places, Path],
) -> None:
    profile, places, _ = learned
    path = profile_path("anna", places=places)
    again = load_profile("anna", places=places)

    np.testing.assert_allclose(
        again.reference.sound.samples, profile.reference.sound.samples, atol=1e-4
    )
    assert again.reference.phones == profile.reference.phones
    assert again.resemblances == profile.resemblances
    assert again.sha256 == profile.sha256
    assert (again.before, again.after, again.notes) == (
        profile.before,
        profile.after,
        profile.notes,
    )
    for name, array in profile.characters["hibari"].arrays.items():
        np.testing.assert_array_equal(again.characters["hibari"].arrays[name], array)
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_ledger_and_the_file_hold_no_name(learned: tuple[VoiceProfile, Places, Path]) -> None:
    profile, places, recording = learned
    entry = list(Ledger.in_places(places).entries())[-1]

    assert entry.event == "voice.learned"
    assert entry.facts["profile_sha256"] == profile.sha256
    assert b"anna" not in profile_path("anna", places=places).read_bytes()
    assert recording.name.encode() not in profile_path("anna", places=places).read_bytes()


def test_an_old_telephone_recording_is_heard(tmp_path: Path) -> None:
    path = written(tmp_path / "a.wav", telephone(a_person(sentences=5)))
    heard = hear_person([path])

    assert 3_000 < heard.reference.bandwidth_hz < 4_000
    assert heard.reference.snr_db == pytest.approx(10.0, abs=3.0)
    assert heard.after.snr_db > heard.before.snr_db + 15
    assert heard.reference.seconds > heard.held_out.seconds


def test_a_kept_voice_is_learned_anew_without_its_recording(
    learned: tuple[VoiceProfile, Places, Path], tmp_path: Path
) -> None:
    profile, _, _ = learned
    places = Places(data=tmp_path)
    stale = {"hibari": replace(profile.characters["hibari"], version="hibari/0")}
    save_profile(replace(profile, characters=stale), name="anna", consent=CONSENT, places=places)

    again = refresh("anna", places=places, engines=ENGINES)

    assert again.characters["hibari"].version == HibariVoice.traits.version
    assert again.recordings == profile.recordings
    assert again.resemblances["hibari"].encoder == pytest.approx(
        profile.resemblances["hibari"].encoder, abs=0.02
    )
    assert load_profile("anna", places=places).sha256 == again.sha256 != profile.sha256


def test_consent_is_looked_at_each_time(
    learned: tuple[VoiceProfile, Places, Path], tmp_path: Path
) -> None:
    profile, _, _ = learned
    places = Places(data=tmp_path)
    kept = kept_path(CONSENT.record_id, places=places)
    kept.parent.mkdir()
    write_consent(CONSENT, kept)
    Ledger.in_places(places).note_consent(CONSENT)

    assert permit_profile(profile, places=places).record_id == CONSENT.record_id
    with pytest.raises(ConsentError, match="expired"):
        permit_profile(profile, places=places, now=utc_now() + timedelta(days=800))
    with pytest.raises(ConsentError, match="allows portrait-film, voice-likeness"):
        permit_profile(profile, places=places, use="family-link")
    write_consent(withdrawn(CONSENT), kept)
    with pytest.raises(ConsentError, match="withdrawn"):
        permit_profile(profile, places=places)
    write_consent(CONSENT, kept)
    Ledger.in_places(places).append("consent.withdrawn", {"record_id": CONSENT.record_id})
    with pytest.raises(ConsentError, match="withdrawn"):
        permit_profile(profile, places=places)
    kept.unlink()
    with pytest.raises(ConsentError, match="not kept here"):
        permit_profile(profile, places=places)


@pytest.mark.parametrize(
    "consent",
    [attest("self"), attest("kin"), withdrawn(CONSENT)],
    ids=["a statement", "a statement of kin", "withdrawn"],
)
def test_without_a_record_that_grants_a_voice_nothing_is_learned(
    tmp_path: Path, places: Places, consent: Consent
) -> None:
    path = written(tmp_path / "a.wav", a_person())

    with pytest.raises(ConsentError):
        learn([path], name="anna", consent=consent, places=places)
    assert nothing_in(places)


def test_forgetting_erases_and_says_so_in_the_ledger(
    learned: tuple[VoiceProfile, Places, Path], places: Places
) -> None:
    profile, _, _ = learned
    save_profile(profile, name="Müller-2", consent=CONSENT, places=places)
    with pytest.raises(InputError, match="stands on another consent"):
        save_profile(profile, name="Müller-2", consent=voice_consent(), places=places)
    assert list_profiles(places=places) == ("Müller-2",)
    forget_profile("Müller-2", places=places)
    entry = list(Ledger.in_places(places).entries())[-1]

    assert nothing_in(places)
    assert (entry.event, entry.facts["profile_sha256"]) == ("voice.forgotten", profile.sha256)
    assert Ledger.in_places(places).verify().ok
    with pytest.raises(InputError, match="no learned voice of that name"):
        forget_profile("Müller-2", places=places)


@pytest.mark.parametrize(
    "name", ["", "a b", "../x", "a/b", "a:b", "a@b", ".a", "hibari", "Hibari", "x" * 41, "a.voice"]
)
def test_a_name_that_leads_elsewhere_is_refused(name: str) -> None:
    with pytest.raises(InputError, match=r"cannot be called so|name of a voice engine"):
        check_name(name)


def test_a_damaged_profile_is_told_and_can_be_forgotten(
    learned: tuple[VoiceProfile, Places, Path], tmp_path: Path
) -> None:
    _, whole, _ = learned
    places = Places(data=tmp_path)
    path = profile_path("anna", places=places)
    path.parent.mkdir()
    path.write_bytes(profile_path("anna", places=whole).read_bytes()[:-300])

    with pytest.raises(InputError, match="damaged"):
        load_profile("anna", places=places)
    forget_profile("anna", places=places)
    assert list_profiles(places=places) == ()


def empty(path: Path) -> Path:
    path.write_bytes(b"")
    return path


def corrupt(path: Path) -> Path:
    path.write_bytes(np.random.default_rng(0).bytes(20_000))
    return path


def music(path: Path) -> Path:
    return written(path, chords(12.0))


def over_each_other(path: Path) -> Path:
    one, other = a_person(sentences=5).samples, a_person(lower=1.3, sentences=5).samples
    count = min(len(one), len(other))
    return written(path, sound_of(0.5 * (one[:count] + other[:count])))


def half_a_second(path: Path) -> Path:
    return written(path, sound_of(a_person().samples[RATE_HZ : RATE_HZ * 3 // 2]))


def five_seconds(path: Path) -> Path:
    return written(path, sound_of(a_person().samples[: 5 * RATE_HZ]))


def silent_film(path: Path) -> Path:
    path = path.with_suffix(".mp4")
    with av.open(str(path), "w") as file:
        shown = file.add_stream("mpeg4", rate=25)
        shown.width = shown.height = 64
        shown.pix_fmt = "yuv420p"
        frame = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")
        file.mux(shown.encode(frame))
        file.mux(shown.encode())
    return path


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (empty, "0 bytes"),
        (corrupt, "no sound that can be read"),
        (music, r"music, and nobody who speaks: in \d+%"),
        (over_each_other, "talk over each other"),
        (half_a_second, r"Too little speech was found: 0\.\d s in 0\.5 s"),
        (five_seconds, r"alone for \d\.\d s, and a voice needs 8 s"),
        (silent_film, "has no sound"),
    ],
)
def test_what_cannot_be_learned_from_is_refused_with_what_was_measured(
    tmp_path: Path, places: Places, make: object, message: str
) -> None:
    assert callable(make)
    path = make(tmp_path / "a.wav")

    Ledger.in_places(places).note_consent(CONSENT)
    with pytest.raises(InputError, match=message) as caught:
        learn([path], name="anna", consent=CONSENT, places=places, engines=ENGINES)
    assert nothing_in(places)
    assert str(tmp_path) not in str(caught.value)


def test_clipped_recordings_are_mended(tmp_path: Path) -> None:
    loud = np.clip(a_person(sentences=5).samples * 6, -1, 1)
    heard = hear_person([written(tmp_path / "a.wav", sound_of(loud))])

    assert heard.before.clipped_share > 0.005
    assert any("clipped peaks: mended" in note for note in heard.notes)


@pytest.mark.parametrize(
    ("subtype", "channels", "rate_hz"),
    [("PCM_U8", 1, 24_000), ("PCM_16", 8, 24_000), ("PCM_24", 1, 96_000), ("ULAW", 2, 8_000)],
)
def test_strange_forms_are_heard_like_others(
    tmp_path: Path, subtype: str, channels: int, rate_hz: int
) -> None:
    sound = resampled(a_person(sentences=5), sample_rate_hz=rate_hz)
    path = written(tmp_path / "a.wav", sound, subtype=subtype, channels=channels)

    assert hear_person([path]).own_s > 9


def test_no_recording_and_the_same_twice_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "a.wav", a_person())

    with pytest.raises(InputError, match="given twice"):
        hear_person([path, path])
    with pytest.raises(InputError, match="no recording"):
        hear_person([])
    with pytest.raises(InputError, match="not found"):
        hear_person([tmp_path / "b.wav"])


def test_without_the_models_the_way_to_them_is_named(tmp_path: Path) -> None:
    path = written(tmp_path / "a.wav", a_person())
    places = Places(data=tmp_path / "data", cache=tmp_path / "cache")

    Ledger.in_places(places).note_consent(CONSENT)
    with pytest.raises(MissingError, match="vivant models fetch"):
        learn([path], name="anna", consent=CONSENT, places=places, engines=ENGINES)
    assert nothing_in(places)
