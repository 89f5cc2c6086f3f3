"""The door of the voice: a text in, speech out, checked on both sides."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from vivant.engines import engine_named
from vivant.errors import EngineBrokeError, InputError
from vivant.media.sound import Sound
from vivant.media.watch import Watch, unwatched
from vivant.places import Places
from vivant.voice.engine import Line, Said, VoiceEngine
from vivant.voice.phones import PAUSE
from vivant.voice.script import Script, ScriptLine, read_script
from vivant.voice.speech import Phone, Speech, Word

logger = logging.getLogger(__name__)

LEAD_S = 0.06
"""Silence kept before the first sound of a line."""
FADE_S = 0.004
"""Fade where a line is cut out of its engine's silence."""
SLOWEST, FASTEST = 0.5, 2.0


def voice_engine(name: str, *, places: Places | None = None) -> VoiceEngine:
    """Make a voice engine.

    Args:
        name: ``ENGINE`` or ``ENGINE:VOICE``: an engine of the room ``voice``, see ``vivant.engines.declared``,
            and one of its voices.
        places: Where models are kept.

    Raises:
        InputError: There is no such voice.
        MissingError: A library that it needs is not installed.
        EngineBrokeError: What is registered under the name is no voice engine.
    """
    engine_name, _, voice = name.partition(":")
    engine = engine_named("voice", engine_name).load(voice=voice, places=places)
    if not isinstance(engine, VoiceEngine):
        message = f"What is registered as the voice {name!r} is no voice engine. Report this to its author."
        raise EngineBrokeError(message)
    return engine


def speak(
    text: str,
    *,
    voice: str = "hibari",
    language: str = "en-US",
    rate: float = 1.0,
    seed: int = 0,
    engine: VoiceEngine | None = None,
    places: Places | None = None,
    watch: Watch = unwatched,
) -> Speech:
    """Say a text.

    Args:
        text: What to say, at most ``LONGEST_CHARACTERS``. Numbers, dates, sums and abbreviations are read out;
            a line break is a pause.
        voice: Name of an installed voice.
        language: BCP 47 tag of the text's language.
        rate: Pace, 0.5 to 2.0; 1.0 is the voice's own.
        seed: The same call with the same seed gives the same samples.
        engine: A voice engine to use instead of an installed one.
        places: Where models are kept.
        watch: Told after each line.

    Returns:
        Sound at the voice's own rate, with words and phones in exact samples.

    Raises:
        InputError: The text, the language or the pace cannot be spoken; the message says why.
        MissingError: The voice, or a model that it needs, is not here.
        EngineBrokeError: The engine returned what its contract forbids.
    """
    parts = speak_parts(
        text,
        voice=voice,
        language=language,
        rate=rate,
        seed=seed,
        engine=engine,
        places=places,
        watch=watch,
    )
    return join(parts)


def speak_parts(
    text: str,
    *,
    voice: str = "hibari",
    language: str = "en-US",
    rate: float = 1.0,
    seed: int = 0,
    engine: VoiceEngine | None = None,
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
        engine: As for ``speak``.
        places: As for ``speak``.
        watch: Told after each line.

    Returns:
        The parts, in order; at least one.

    Raises:
        InputError: As for ``speak``.
        MissingError: As for ``speak``.
        EngineBrokeError: As for ``speak``.
    """
    engine = voice_engine(voice, places=places) if engine is None else engine
    if not SLOWEST <= rate <= FASTEST:  # also refuses NaN
        message = f"The pace is {rate:g}; it must lie between {SLOWEST:g} and {FASTEST:g}, and 1 is the voice's own."
        raise InputError(message)
    script = read_script(text, language=language, traits=engine.traits)
    if script.notes:
        logger.info("script cleaned", extra={"notes": script.notes})
    return _say_lines(
        script, language=language, rate=rate, seed=seed, engine=engine, places=places, watch=watch
    )


def _say_lines(
    script: Script,
    *,
    language: str,
    rate: float,
    seed: int,
    engine: VoiceEngine,
    places: Places | None,
    watch: Watch,
) -> Iterator[Speech]:
    watch("voice", 0, len(script.lines))
    for i, line in enumerate(script.lines):
        said = engine.say(Line(text=line.text, language=language, rate=rate, seed=seed + i))
        _check(said, engine)
        if not said.phones:
            said = _found_by_ear(said, line.text, engine=engine, places=places)
        speech = _part(said, line, engine=engine, language=language, rate=rate)
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


def _found_by_ear(said: Said, text: str, *, engine: VoiceEngine, places: Places | None) -> Said:
    from vivant.voice.listening import hear  # noqa: PLC0415 - loads the ear; only engines without timings need it

    heard = hear(
        Sound(samples=said.samples, sample_rate_hz=engine.traits.sample_rate_hz),
        text=text,
        places=places,
    )
    return replace(said, phones=heard.phones, words=heard.words)


def _part(
    said: Said, line: ScriptLine, *, engine: VoiceEngine, language: str, rate: float
) -> Speech:
    """Give a line the silence it should have instead of the silence its engine gave it."""
    traits = engine.traits
    sounding = [phone for phone in said.phones if phone.symbol != PAUSE]
    if not sounding:
        message = f"The voice {traits.name} found nothing to say in a line of {len(line.text)} characters. Write it in words."
        raise InputError(message)
    begin, end = sounding[0].first, sounding[-1].last
    lead = round(LEAD_S * traits.sample_rate_hz)
    pause = round(line.pause_s / rate * traits.sample_rate_hz)
    fade = round(FADE_S * traits.sample_rate_hz)
    tail = min(
        pause // 2, len(said.samples) - end
    )  # keep the room in which the last sound dies away
    kept = np.array(said.samples[max(0, begin - lead) : end + tail])
    kept[:fade] *= np.linspace(0, 1, fade, dtype=np.float32)[: len(kept)]
    kept[len(kept) - fade :] *= np.linspace(1, 0, fade, dtype=np.float32)[-len(kept) :]
    samples = np.concatenate(
        [np.zeros(max(0, lead - begin), np.float32), kept, np.zeros(pause - tail, np.float32)]
    )
    shift = lead - begin
    phones = [
        replace(p, first=p.first + shift, last=p.last + shift)
        for p in said.phones
        if begin <= p.first < end
    ]
    before = Phone(symbol=PAUSE, first=0, last=lead)
    after = Phone(symbol=PAUSE, first=end + shift, last=len(samples))
    words = [replace(w, first=w.first + shift, last=w.last + shift) for w in said.words]
    if words:
        words[-1] = replace(words[-1], ends="sentence" if line.ends == "sentence" else "phrase")
    return Speech(
        sound=Sound(samples=samples, sample_rate_hz=traits.sample_rate_hz),
        words=tuple(words),
        phones=tuple(p for p in (before, *phones, after) if p.last > p.first),
        text=line.text,
        language=language,
        voice=traits.name,
        synthetic=True,
    )


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
    base = 0
    for part in given:
        moved = [replace(p, first=p.first + base, last=p.last + base) for p in part.phones]
        if phones and moved and phones[-1].symbol == moved[0].symbol == PAUSE:
            moved[0] = replace(moved[0], first=phones.pop().first)
        phones += moved
        words += [replace(w, first=w.first + base, last=w.last + base) for w in part.words]
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
    )
