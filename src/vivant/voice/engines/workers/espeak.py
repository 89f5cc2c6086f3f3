"""espeak-ng, in its own process: the library that the package ``espeakng-loader`` carries.

It is under the GPL and is loaded here only, never in the process that asks.
"""

from __future__ import annotations

import ctypes
import importlib
from collections.abc import Mapping

from vivant.models.wire import Facts, RefusedError, Sounds, Task

loader = importlib.import_module("espeakng_loader")

_RETRIEVAL = 2
_UTF8 = 1
_IPA = 2
_OPTION_PHONEMES_ONLY = 0


class _Voice(ctypes.Structure):
    """The beginning of ``espeak_VOICE`` of speak_lib.h."""

    _fields_ = [  # type: ignore[mutable-override]
        ("name", ctypes.c_char_p),
        ("languages", ctypes.c_void_p),
        ("identifier", ctypes.c_char_p),
    ]


def _library() -> ctypes.CDLL:
    library: ctypes.CDLL | None = loader.load_library()
    if library is None:
        reason, what = "missing", "espeakng_loader"
        raise RefusedError(reason, what)
    library.espeak_TextToPhonemes.restype = ctypes.c_char_p
    library.espeak_ListVoices.restype = ctypes.POINTER(ctypes.POINTER(_Voice))
    data = str(loader.get_data_path()).encode()
    if library.espeak_Initialize(_RETRIEVAL, 0, data, _OPTION_PHONEMES_ONLY) < 0:
        reason, what = "missing", "espeakng_loader"
        raise RefusedError(reason, what)
    return library


_ESPEAK = _library()


def _phonemize(facts: Facts, sounds: Sounds) -> tuple[Facts, Sounds]:
    del sounds
    name = str(facts["voice"])
    if _ESPEAK.espeak_SetVoiceByName(_FILES.get(name, name).encode()) != 0:
        reason, what = "input", "voice"
        raise RefusedError(reason, what)
    return {"ipa": [_ipa(text) for text in facts["texts"]]}, []


def _ipa(text: str) -> str:
    """Turn a text into IPA: a space between words, ``_`` between phones, a line a clause."""
    held = ctypes.create_string_buffer(text.encode())
    rest = ctypes.c_void_p(ctypes.addressof(held))
    clauses = []
    while rest.value:
        clause = _ESPEAK.espeak_TextToPhonemes(ctypes.byref(rest), _UTF8, ord("_") << 8 | _IPA)
        clauses.append((clause or b"").decode(errors="replace"))
    return "\n".join(clauses)


def _voices(facts: Facts, sounds: Sounds) -> tuple[Facts, Sounds]:
    """List the voices, each with the languages that it names, the first its own."""
    del facts, sounds
    return {"voices": [names for names, _ in _LISTED]}, []


def _listed() -> list[tuple[list[str], str]]:
    """List the names of each voice's languages, and its file: the name of a language does not always find it."""
    listed = _ESPEAK.espeak_ListVoices(None)
    found: list[tuple[list[str], str]] = []
    while listed[len(found)]:
        voice = listed[len(found)].contents
        found.append((_names(voice.languages), (voice.identifier or b"").decode(errors="replace")))
    return [(names, file) for names, file in found if names]


def _names(at: int | None) -> list[str]:
    """Read the list behind ``languages``: a byte of priority, a name that ends in zero, and so on."""
    names: list[str] = []
    while at and ctypes.string_at(at, 1) != b"\0":
        name = ctypes.string_at(at + 1)
        names.append(name.decode(errors="replace"))
        at += len(name) + 2
    return names


_LISTED = _listed()
_FILES = {names[0]: file for names, file in reversed(_LISTED)}
TASKS: Mapping[str, Task] = {"phonemize": _phonemize, "voices": _voices}
