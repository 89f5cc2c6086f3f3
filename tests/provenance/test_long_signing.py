"""A long WAV is signed in little memory, and holds as any other."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from paper_trail import NOON
from vivant.places import Places
from vivant.provenance.long_signing import LARGE_BYTES
from vivant.provenance.manifest import read_credentials, sign_sound
from vivant.provenance.record import SoundRecipe, record_sound

RECORD = record_sound(
    SoundRecipe(
        speech_sha256="0" * 64,
        voice="hibari",
        language="en-US",
        label="tones",
        versions={"vivant": "1"},
    ),
    made_at=NOON,
    generator="vivant/1",
)


@pytest.mark.parametrize("more", [0, 1])
def test_a_long_wav_is_signed_and_any_change_is_found(tmp_path: Path, more: int) -> None:
    places = Places(data=tmp_path / "data", cache=tmp_path / "cache")
    unsigned, signed = tmp_path / "long.wav", tmp_path / "signed.wav"
    samples = np.random.default_rng(0).integers(-99, 99, LARGE_BYTES + more, dtype=np.int16)
    soundfile.write(unsigned, samples.view(np.uint8)[: LARGE_BYTES + more].astype(np.int16), 48_000)

    credentials = sign_sound(unsigned, signed, record=RECORD, places=places)

    assert credentials.state == "trusted"
    assert credentials.sound_id == RECORD.sound_id
    assert soundfile.info(signed).frames == soundfile.info(unsigned).frames

    with signed.open("r+b") as file:
        file.seek(LARGE_BYTES // 2)
        byte = file.read(1)
        file.seek(LARGE_BYTES // 2)
        file.write(bytes([byte[0] ^ 1]))
    assert read_credentials(signed, places=places).state == "invalid"
