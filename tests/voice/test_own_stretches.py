"""One person's stretches are found among others', music, and people who talk over each other."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from vivant.errors import InputError
from vivant.media.sound import Sound
from vivant.voice.cleaning import clean
from vivant.voice.intruders import second_voice_share, steadiness
from vivant.voice.own_stretches import OwnStretches, find_own, together
from voice_people import RATE_HZ, a_person, chords, sound_of, telephone

pytestmark = pytest.mark.models


def found_in(*sounds: Sound, speaker: int | None = None) -> OwnStretches:
    done = [clean(sound) for sound in sounds]
    return find_own(
        [one.sound for one in done], [one.speaks for one in done], speaker_number=speaker
    )


def joined(*sounds: Sound) -> Sound:
    gap = np.zeros(RATE_HZ // 2, np.float32)
    return sound_of(np.concatenate([part for one in sounds for part in (one.samples, gap)]))


def test_one_person_is_one_person() -> None:
    person = a_person()
    own = found_in(person)
    edges = [(one.first, one.last) for one in own.stretches]

    assert len(own.seconds) == 1
    assert own.seconds[0] > 0.6 * person.seconds
    assert all(a < b <= len(person.samples) for a, b in edges)
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(edges))
    assert 0.5 < together(own.stretches, [person]).seconds / own.seconds[0] < 1.1


def test_a_telephone_recording_is_one_person_too() -> None:
    assert len(found_in(telephone(a_person())).seconds) == 1


def test_somebody_who_says_little_is_left_out() -> None:
    person, guest = a_person(), a_person(lower=1.3, sentences=1)
    own = found_in(joined(person, guest))
    last = max(one.last for one in own.stretches)

    assert own.chosen == 1
    assert last < len(person.samples) + RATE_HZ


def test_two_who_speak_as_long_must_be_told_apart_by_the_user() -> None:
    both = joined(a_person(), a_person(lower=1.3))

    with pytest.raises(InputError, match=r"speaker 1: .* first heard at 0:.*--speaker"):
        found_in(both)
    first, second = (found_in(both, speaker=n) for n in (1, 2))
    halves = [np.mean([one.first for one in own.stretches]) for own in (first, second)]
    assert min(halves) < len(both.samples) / 2 < max(halves)
    with pytest.raises(InputError, match="no speaker 3; 2 were found"):
        found_in(both, speaker=3)


def test_two_recordings_of_one_person_are_one_person() -> None:
    own = found_in(a_person(), telephone(a_person(sentences=2)))

    assert len(own.seconds) == 1
    assert {one.recording for one in own.stretches} == {0, 1}


def test_music_is_left_out_and_music_alone_is_refused() -> None:
    person = a_person(sentences=3)
    own = found_in(joined(person, chords(5.0), person))
    music = (len(person.samples) + RATE_HZ // 2, len(person.samples) + 5.4 * RATE_HZ)

    assert not any(one.first < music[1] and one.last > music[0] + RATE_HZ for one in own.stretches)
    with pytest.raises(InputError, match=r"music, and nobody who speaks: in \d+% of 8 s"):
        found_in(chords(8.0))


def test_people_who_talk_over_each_other_are_refused_with_what_was_measured() -> None:
    one, other = a_person(sentences=5).samples, a_person(lower=1.3, sentences=5).samples
    count = min(len(one), len(other))

    with pytest.raises(InputError, match=r"talk over each other: \d+% of the speech sounds"):
        found_in(sound_of(one[:count] + other[:count]))


@pytest.mark.parametrize("seconds", [0.0, 0.5])
def test_too_little_speech_is_refused_with_its_length(seconds: float) -> None:
    short = a_person().samples[RATE_HZ : RATE_HZ + round(RATE_HZ * seconds)]
    quiet = sound_of(np.concatenate([np.zeros(RATE_HZ), short, np.zeros(RATE_HZ)]))

    with pytest.raises(InputError, match=r"Too little speech was found: 0\.\d s in"):
        found_in(quiet)


def test_notes_are_held_and_speech_glides() -> None:
    assert np.median(steadiness(chords(4.0))) > 0.4
    assert np.median(steadiness(a_person())) < 0.2
    assert steadiness(sound_of(np.zeros(10))).size == 0
    assert second_voice_share(sound_of(np.zeros(10))) == 0.0
    assert second_voice_share(sound_of(np.zeros(RATE_HZ))) == 0.0
