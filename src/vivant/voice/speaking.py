"""The door of the voice: a text in, speech out, checked on both sides."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from vivant.errors import EngineBrokeError, InputError
from vivant.media.sound import Sound
from vivant.media.watch import Watch, unwatched
from vivant.places import Places
from vivant.provenance import policy
from vivant.provenance.policy import PRIVATELY, Showing
from vivant.voice.choosing import Chosen, choose_language, choose_voice
from vivant.voice.dictionary import Dictionary
from vivant.voice.engine import Line, Said, VoiceEngine
from vivant.voice.permitting import permit_person
from vivant.voice.phones import PAUSE
from vivant.voice.phrasing import LEAD_GOING_ON_S, LEAD_S, Setting, cut_early, phrase
from vivant.voice.script import Script, read_script
from vivant.voice.speech import Direction, Phone, Speech, Word

logger = logging.getLogger(__name__)

SLOWEST, FASTEST = 0.5, 2.0


def speak(  # noqa: PLR0913 - the choices of a speech
    text: str,
    *,
    voice: str = "hibari",
    language: str | None = None,
    rate: float = 1.0,
    seed: int = 0,
    dictionary: Dictionary | None = None,
    engine: VoiceEngine | None = None,
    showing: Showing = PRIVATELY,
    places: Places | None = None,
    watch: Watch = unwatched,
) -> Speech:
    """Say a text.

    Args:
        text: What to say, at most ``LONGEST_CHARACTERS``. Numbers, dates, sums and abbreviations are read out;
            a line break is a pause; directions stand in brackets, see ``docs/reference/script.md``.
        voice: ``ENGINE``, ``ENGINE:VOICE``, or a learned person: ``PERSON`` or ``PERSON@ENGINE``.
        language: BCP 47 tag of the text's language; the voice's own when None, English where it has several.
        rate: Pace, 0.5 to 2.0; 1.0 is the voice's own.
        seed: The same call with the same seed gives the same samples.
        dictionary: How names and other words sound.
        engine: A voice engine to use instead of an installed one.
        showing: To whom and where a person's voice will be heard.
        places: Where models and learned voices are kept.
        watch: Told after each line.

    Returns:
        Sound at the voice's own rate, with words and phones in exact samples.

    Raises:
        InputError: The text, the language or the pace cannot be spoken; the message says why.
        MissingError: The voice, or a model that it needs, is not here.
        ConsentError: The voice is a person's, and the consent does not hold, or not for these words.
        EngineBrokeError: The engine returned what its contract forbids.
    """
    parts = speak_parts(
        text,
        voice=voice,
        language=language,
        rate=rate,
        seed=seed,
        dictionary=dictionary,
        engine=engine,
        showing=showing,
        places=places,
        watch=watch,
    )
    return join(parts)


def speak_parts(  # noqa: PLR0913 - the choices of a speech
    text: str,
    *,
    voice: str = "hibari",
    language: str | None = None,
    rate: float = 1.0,
    seed: int = 0,
    dictionary: Dictionary | None = None,
    hurry: bool = False,
    engine: VoiceEngine | None = None,
    showing: Showing = PRIVATELY,
    places: Places | None = None,
    watch: Watch = unwatched,
) -> Iterator[Speech]:
    """Say a text line by line, so that the first can be heard before the last is made.

    The text is checked at once; lines are made as they are asked for. Each part holds its own
    line in ``text``, with the pause behind it; ``join`` puts the parts together without a seam.

    Args:
        text: As for ``speak``.
        voice: As for ``speak``.
        language: As for ``speak``.
        rate: As for ``speak``.
        seed: As for ``speak``.
        dictionary: As for ``speak``.
        hurry: Somebody is waiting: the first part is a clause, so that a slow voice is heard sooner.
        engine: As for ``speak``.
        showing: As for ``speak``.
        places: As for ``speak``.
        watch: Told after each line.

    Returns:
        The parts, in order; at least one.

    Raises:
        InputError: As for ``speak``.
        MissingError: As for ``speak``.
        ConsentError: As for ``speak``.
        EngineBrokeError: As for ``speak``.
    """
    if not SLOWEST <= rate <= FASTEST:  # also refuses NaN
        message = f"The pace is {rate:g}; it must lie between {SLOWEST:g} and {FASTEST:g}, and 1 is the voice's own."
        raise InputError(message)
    chosen = (
        choose_voice(voice, places=places)
        if engine is None
        else Chosen(name=engine.traits.name, engine=engine)
    )
    traits = chosen.engine.traits
    language = choose_language(language, traits)
    if chosen.person is not None:
        permit_person(
            chosen.person,
            words=(policy.Said(text=text, language=language),),
            showing=showing,
            places=places or Places(),
        )
    script = read_script(text, language=language, traits=traits, dictionary=dictionary)
    if script.notes:
        logger.info("script cleaned", extra={"notes": script.notes})
    setting = Setting(
        voice=chosen.name,
        language=language,
        rate=rate,
        sample_rate_hz=traits.sample_rate_hz,
        person=chosen.person,
    )
    if hurry:
        script = replace(script, lines=(*cut_early(script.lines[0]), *script.lines[1:]))
    return _say_lines(script, chosen, setting=setting, seed=seed, places=places, watch=watch)


def _say_lines(
    script: Script,
    chosen: Chosen,
    *,
    setting: Setting,
    seed: int,
    places: Places | None,
    watch: Watch,
) -> Iterator[Speech]:
    engine = chosen.engine
    watch("voice", 0, len(script.lines))
    lead_s = LEAD_S + script.lead_s
    for i, line in enumerate(script.lines):
        wish = Line(
            text=line.said,
            language=setting.language,
            rate=min(FASTEST, max(SLOWEST, setting.rate * line.rate)),
            seed=seed + i,
            spoken_as=line.spoken_as,
            emphasis=line.emphasis,
            character=chosen.character,
        )
        said = engine.say(wish)
        _check(said, engine)
        if not said.phones:
            said = _found_by_ear(said, wish, engine=engine, places=places)
        speech = phrase(said, line, setting=setting, lead_s=lead_s)
        lead_s = LEAD_S if line.ends else LEAD_GOING_ON_S
        watch("voice", i + 1, len(script.lines))
        yield speech


def _check(said: Said, engine: VoiceEngine) -> None:
    """Hold an engine to its contract."""
    traits = engine.traits
    peak = float(np.abs(said.samples).max(initial=0.0))
    what = None
    if said.samples.dtype != np.float32 or said.samples.ndim != 1:
        what = f"{said.samples.ndim}-dimensional {said.samples.dtype} samples; one dimension of float32 is needed"
    elif not len(said.samples):
        what = "no sound"
    elif not peak <= 1.0:  # also true for NaN
        what = f"a peak of {peak}; full scale is 1.0"
    elif traits.gives_timings and not said.phones:
        what = "no phones, though it declares timings"
    elif said.phones and not _covers(said.phones, len(said.samples)):
        what = f"phones that do not cover its {len(said.samples)} samples exactly once"
    if what is not None:
        message = f"The voice engine {traits.name} returned {what}. Report this to its author."
        raise EngineBrokeError(message)


def _covers(phones: tuple[Phone, ...], samples: int) -> bool:
    edges = [0, *(phone.last for phone in phones)]
    touching = all(
        phone.first == edge < phone.last for phone, edge in zip(phones, edges, strict=False)
    )
    return touching and edges[-1] == samples


def _found_by_ear(said: Said, line: Line, *, engine: VoiceEngine, places: Places | None) -> Said:
    from vivant.voice.listening import hear  # noqa: PLC0415 - loads the ear; only engines without timings need it

    heard = hear(
        Sound(samples=said.samples, sample_rate_hz=engine.traits.sample_rate_hz),
        text=line.text,
        language=line.language,
        places=places,
    )
    return replace(said, phones=heard.phones, words=heard.words)


def join(parts: Iterable[Speech]) -> Speech:
    """Put parts of speech one behind the other.

    Args:
        parts: At least one; all of one voice, language and sample rate.

    Returns:
        One speech; neighbouring pauses become one, the texts are joined with spaces.

    Raises:
        InputError: There is no part, or they differ in voice, language or sample rate.
    """
    given = tuple(parts)
    if not given:
        message = "There is no speech to join. Give at least one part."
        raise InputError(message)
    kinds = {
        (part.voice, part.language, part.sound.sample_rate_hz, part.synthetic) for part in given
    }
    if len(kinds) > 1:
        message = f"The {len(given)} parts are of {len(kinds)} kinds of speech. Join parts of one voice, language and sample rate."
        raise InputError(message)
    phones: list[Phone] = []
    words: list[Word] = []
    directions: list[Direction] = []
    base = 0
    for part in given:
        moved = [replace(p, first=p.first + base, last=p.last + base) for p in part.phones]
        if phones and moved and phones[-1].symbol == moved[0].symbol == PAUSE:
            moved[0] = replace(moved[0], first=phones.pop().first)
        phones += moved
        words += [replace(w, first=w.first + base, last=w.last + base) for w in part.words]
        directions += [
            replace(d, first=d.first + base, last=d.last + base) for d in part.directions
        ]
        base += len(part.sound.samples)
    return replace(
        given[0],
        sound=Sound(
            samples=np.concatenate([part.sound.samples for part in given]),
            sample_rate_hz=given[0].sound.sample_rate_hz,
        ),
        words=tuple(words),
        phones=tuple(phones),
        text=" ".join(part.text for part in given),
        directions=tuple(directions),
    )
