"""Lines become speech, said by a voice or listened to in a recording, and are kept until words or voice change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from vivant.errors import InputError
from vivant.film.permitting import permit_voice
from vivant.media.files import sha256_of
from vivant.media.watch import Watch, unwatched
from vivant.places import Places
from vivant.provenance.policy import Asked
from vivant.scene.storyboard import SILENT, Line, Problem, ShotPlan, Storyboard, StoryboardError
from vivant.studio.run import run_stage
from vivant.studio.speeches import SPEECH_FORM, SPEECH_VERSION
from vivant.studio.store import Store, key_of
from vivant.voice.choosing import choose_voice
from vivant.voice.engine import VoiceEngine
from vivant.voice.listening import listen
from vivant.voice.speaking import speak
from vivant.voice.speech import Speech


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechStage:
    """A line becomes speech."""

    voice: str
    language: str
    seed: int
    engine: VoiceEngine | None
    places: Places
    name: str = "voice"

    def key(self, given: str, /) -> str:
        """Hash the words, the voice, and the version of what speaks."""
        if self.engine is None:
            chosen = choose_voice(self.voice, places=self.places)
            traits, person = chosen.engine.traits, chosen.person
        else:
            traits, person = self.engine.traits, None
        parts = (
            "speech", str(SPEECH_VERSION), self.voice, traits.name, traits.version, self.language, str(self.seed),
            "" if person is None else repr(person), given,
        )  # fmt: skip
        return key_of(parts)

    def __call__(self, given: str, /, *, watch: Watch = unwatched) -> Speech:
        """Say it."""
        return speak(
            given,
            voice=self.voice,
            language=self.language or None,
            seed=self.seed,
            engine=self.engine,
            places=self.places,
            watch=watch,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingStage:
    """A recording becomes speech."""

    text: str
    language: str
    places: Places
    name: str = "recording"

    def key(self, given: Path, /) -> str:
        """Hash the recording and its words."""
        parts = ("recording", str(SPEECH_VERSION), self.text, self.language, sha256_of(given))
        return key_of(parts)

    def __call__(self, given: Path, /, *, watch: Watch = unwatched) -> Speech:
        """Listen to it."""
        return listen(
            given, text=self.text, language=self.language or None, clean=True, places=self.places,
            watch=watch,
        )  # fmt: skip


def say_line(
    storyboard: Storyboard,
    plan: ShotPlan,
    line: Line,
    *,
    engine: VoiceEngine | None = None,
    owners: Sequence[str] = (),
    places: Places,
) -> tuple[str, Speech]:
    """Say a line of a shot in its speaker's own voice, or listen to its recording; taken out of the store where it lies there.

    Args:
        storyboard: Whose cast speaks.
        plan: The shot.
        line: What is said.
        engine: Says everything, instead of the cast's own voices.
        owners: Ids of the consents of the film.
        places: Where voices and speeches are kept.

    Returns:
        Its name in the store, and the speech.

    Raises:
        StoryboardError: It cannot be said; the message names the shot and the line of the document.
        ConsentError: The voice is a person's, and the consent does not hold.
    """

    def refused(what: str) -> StoryboardError:
        problem = Problem(line=line.at_line or plan.at_line, what=what, shot=plan.name)
        return StoryboardError(storyboard.name, (problem,))

    store = Store.in_places(places)
    try:
        if line.audio is not None:
            recording = RecordingStage(text=line.say, language=storyboard.language, places=places)
            heard = run_stage(recording, line.audio, form=SPEECH_FORM, store=store, owners=owners)
            return recording.key(line.audio), heard
        member = storyboard.cast.get(line.by or "")
        voice = "hibari" if member is None else member.voice
        if voice == SILENT:
            what = f"shot {plan.name} has a line, and who says it has voice: none. Give a voice, a recording (audio:), or no line."
            raise refused(what)
        stage = SpeechStage(
            voice=voice,
            language=storyboard.language,
            seed=storyboard.seed,
            engine=engine,
            places=places,
        )
        speech = run_stage(stage, line.say, form=SPEECH_FORM, store=store, owners=owners)
        if speech.person is not None:
            whose = (speech.person.consent_id,)
            store.own(stage.key(line.say), suffix=SPEECH_FORM.suffix, owners=whose)
            permit_voice(speech, Asked(use="voice-likeness"), places=places)
    except StoryboardError:
        raise
    except InputError as error:
        what = f"the words of shot {plan.name}: {error}"
        raise refused(what) from error
    return stage.key(line.say), speech
