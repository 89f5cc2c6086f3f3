from dataclasses import replace

import numpy as np
import pytest

from vivant.errors import InputError
from vivant.testing.standins import ToneVoice
from vivant.voice.choosing import choose_language
from vivant.voice.engine import Line, Said, VoiceTraits
from vivant.voice.lines import Act, ScriptLine
from vivant.voice.phones import PAUSE
from vivant.voice.phrasing import LEAD_GOING_ON_S, LEAD_S, Setting, cut_early, phrase
from vivant.voice.speech import Phone, Speech

HZ = ToneVoice.traits.sample_rate_hz
SETTING = Setting(voice="tone", language="en-US", rate=1.0, sample_rate_hz=HZ)


def a_line(
    text: str = "Come a little nearer, all of you.", acts: tuple[Act, ...] = ()
) -> ScriptLine:
    return ScriptLine(text=text, pause_s=0.4, ends="sentence", acts=acts)


def phrased(line: ScriptLine, *, lead_s: float = LEAD_S) -> Speech:
    said = ToneVoice().say(Line(text=line.said, language="en-US"))
    return phrase(said, line, setting=SETTING, lead_s=lead_s)


def loudness_db(speech: Speech, first: int, last: int) -> float:
    return float(10 * np.log10(np.mean(np.square(speech.sound.samples[first:last]))))


def test_a_part_has_the_words_of_the_script_not_those_of_the_voice() -> None:
    going_on = ScriptLine(text="Come a little nearer", pause_s=0.0, ends="")

    speech = phrased(going_on)

    assert [word.text for word in speech.words] == ["Come", "a", "little", "nearer"]
    assert speech.words[-1].ends == ""
    assert speech.text == "Come a little nearer"


def test_a_part_that_goes_on_starts_at_once() -> None:
    silence = [phrased(a_line(), lead_s=lead_s).phones[0] for lead_s in (LEAD_S, LEAD_GOING_ON_S)]

    assert [phone.symbol for phone in silence] == [PAUSE, PAUSE]
    assert [phone.last / HZ for phone in silence] == pytest.approx([LEAD_S, LEAD_GOING_ON_S])


@pytest.mark.parametrize(("asked", "pause_s"), [(True, 0.4), (False, 0.2)])
def test_a_pause_that_is_asked_for_does_not_follow_the_pace(asked: bool, pause_s: float) -> None:
    line = replace(a_line(), rate=2.0, pause_asked=asked)

    pause = phrased(line).phones[-1]

    assert pause.symbol == PAUSE
    assert (pause.last - pause.first) / HZ == pytest.approx(pause_s, abs=1e-3)


def test_a_soft_line_is_six_decibels_softer_from_end_to_end() -> None:
    plain = phrased(a_line())
    soft = phrased(a_line(acts=(Act(kind="soft", first=0, last=7),)))

    ratio = (
        soft.sound.samples[plain.sound.samples != 0] / plain.sound.samples[plain.sound.samples != 0]
    )

    np.testing.assert_allclose(ratio, 10 ** (-6 / 20), rtol=1e-4)


def test_only_the_acted_words_change() -> None:
    acted = phrased(a_line(acts=(Act(kind="soft", first=2, last=4),)))
    plain = phrased(a_line())
    (direction,) = acted.directions

    assert direction.kind == "soft"
    assert (direction.first, direction.last) == (acted.words[2].first, acted.words[3].last)
    for word, changed in zip(acted.words, (0, 0, 1, 1, 0, 0, 0), strict=True):
        middle = (2 * word.first + word.last) // 3, (word.first + 2 * word.last) // 3
        step = loudness_db(acted, *middle) - loudness_db(plain, *middle)
        assert step == pytest.approx(-6 * changed, abs=0.5)


def test_no_acting_drives_a_sound_beyond_full_scale() -> None:
    said = ToneVoice().say(Line(text="Now!", language="en-US"))
    loud = Said(
        samples=said.samples / np.abs(said.samples).max(), phones=said.phones, words=said.words
    )
    line = a_line("Now!", acts=(Act(kind="emphasis", first=0, last=1),))

    speech = phrase(loud, line, setting=SETTING)

    assert float(np.abs(speech.sound.samples).max()) <= 1.0


def test_a_line_of_nothing_but_pauses_is_told() -> None:
    silence = Said(
        samples=np.zeros(1600, np.float32), phones=(Phone(symbol=PAUSE, first=0, last=1600),)
    )

    with pytest.raises(InputError, match="nothing to say in a line of 3 characters"):
        phrase(silence, a_line("..."), setting=SETTING)


def test_a_first_clause_is_cut_off_for_who_waits() -> None:
    line = ScriptLine(
        text="When the rain was over, we walked home together.",
        pause_s=0.42,
        ends="sentence",
        spoken_as=("", "", "ɹeɪn", "", "", "", "", "hoʊm", ""),
        acts=(Act(kind="smile", first=3, last=7),),
    )

    first, rest = cut_early(line)

    assert (first.text, rest.text) == ("When the rain was over,", "we walked home together.")
    assert (first.ends, rest.ends) == ("phrase", "sentence")
    assert first.spoken_as == ("", "", "ɹeɪn", "", "")
    assert rest.spoken_as == ("", "", "hoʊm", "")
    assert (first.acts[0].first, first.acts[0].last) == (3, 5)
    assert (rest.acts[0].first, rest.acts[0].last) == (0, 2)


@pytest.mark.parametrize(
    "text",
    [
        "Yes.",
        "Oh, we walked home together.",
        "We walked home together, both.",
        "No commas at all in this line.",
    ],
)
def test_a_line_without_a_first_clause_stays_whole(text: str) -> None:
    assert cut_early(a_line(text)) == (a_line(text),)


@pytest.mark.parametrize(
    ("wanted", "known", "language"),
    [
        (None, {"en-GB", "en-US"}, "en-US"),
        (None, {"de-DE", "en-GB"}, "en-GB"),
        (None, {"de-DE", "fr-FR"}, "de-DE"),
        ("de", {"de-AT", "en-US"}, "de-AT"),
        ("en", {"en-GB", "en-US"}, "en-US"),
        ("ja", {"en-US"}, "ja"),
        ("en-GB", {"en-US"}, "en-US"),
    ],
)
def test_a_language_is_chosen_among_the_voices_own(
    wanted: str | None, known: set[str], language: str
) -> None:
    traits = VoiceTraits(
        name="v", version="1", sample_rate_hz=16_000, languages=frozenset(known), licence="MIT"
    )

    assert choose_language(wanted, traits) == language


def test_the_engines_own_sound_is_not_changed() -> None:
    said = ToneVoice().say(Line(text="Hello.", language="en-US"))
    before = said.samples.copy()
    line = a_line("Hello.", acts=(Act(kind="soft", first=0, last=1),))

    phrase(said, line, setting=SETTING)

    np.testing.assert_array_equal(said.samples, before)


def test_a_sound_dies_away_before_its_sentence_goes_on() -> None:
    said = ToneVoice().say(Line(text="Come nearer,", language="en-US"))
    dying = 0.2 * np.exp(-np.arange(HZ // 4) / (0.012 * HZ)).astype(np.float32)
    longer = Said(
        samples=np.concatenate([said.samples, dying]),
        phones=(
            *said.phones,
            Phone(symbol=PAUSE, first=len(said.samples), last=len(said.samples) + len(dying)),
        ),
        words=said.words,
    )
    line = ScriptLine(text="Come nearer", pause_s=0.0, ends="")

    speech = phrase(longer, line, setting=SETTING)

    tail_s = (speech.phones[-1].last - speech.phones[-1].first) / HZ
    assert 0.03 < tail_s <= 0.12
    assert np.abs(speech.sound.samples[-HZ // 200 :]).max() < 0.01
