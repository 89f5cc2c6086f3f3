"""Where a body's joints lie in a photo: 33 points, by MediaPipe's pose landmarker.

The two networks come from the package that also brings the person mask. They lack the notes that the library
wants with them (how pixels become numbers), so these are written into them in memory.

Source:
    Bazarevsky et al. 2020, BlazePose: On-device Real-time Body Pose Tracking.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from jaxtyping import Float32, UInt8

from vivant.intake.engines.libraries import wanted
from vivant.intake.engines.quiet import muted_stderr
from vivant.models.fetching import model_file
from vivant.places import Places

SHOULDERS: Final = (12, 11)
"""The person's right one first, as everywhere; it is at the viewer's left."""
ELBOWS: Final = (14, 13)
WRISTS: Final = (16, 15)
KNUCKLES: Final = (20, 19)
"""Of the index fingers."""
HIPS: Final = (24, 23)
_DETECTOR_BYTES = 2_959_046
"""Where the second network begins in the model file."""
_PIXELS: Final = ((127.5, 127.5), (0.0, 255.0))
"""Mean and spread of what each network takes for one: -1..1 and 0..1."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BodyPose:
    """A body's joints."""

    points: Float32[np.ndarray, "33 2"]
    """x and y in pixels, centres at whole numbers; MediaPipe's order."""
    seen: Float32[np.ndarray, " 33"]
    """How surely each is seen, and neither hidden nor outside the photo, 0..1."""


def find_pose(
    pixels: UInt8[np.ndarray, "height width 3"], *, places: Places | None = None
) -> BodyPose | None:
    """Find the joints of the one person in a picture.

    Args:
        pixels: sRGB, upright.
        places: Where models are kept; the user's own folders when None.

    Returns:
        The joints, or None when no body is found.

    Raises:
        MissingError: The model or a library is not here.
    """
    height, width = pixels.shape[:2]
    with wanted("MediaPipe"):
        import mediapipe  # noqa: PLC0415 - slow to load, and only here
    image = mediapipe.Image(
        image_format=mediapipe.ImageFormat.SRGB, data=np.ascontiguousarray(pixels)
    )
    with _load(places) as landmarker:  # half a second; kept open, it could not be closed at the end
        answer = landmarker.detect(image)
    if not answer.pose_landmarks:
        return None
    found = answer.pose_landmarks[0]
    points = [(mark.x * width - 0.5, mark.y * height - 0.5) for mark in found]
    inside = [0 <= mark.x <= 1 and 0 <= mark.y <= 1 for mark in found]
    return BodyPose(
        points=np.array(points, np.float32),
        seen=np.array([mark.visibility for mark in found], np.float32)
        * np.array(inside, np.float32),
    )


def _load(places: Places | None) -> Any:  # noqa: ANN401 - the library has no types
    with wanted("MediaPipe"):
        from mediapipe.tasks.python import BaseOptions, vision  # noqa: PLC0415
    networks = model_file("pose", places=places).read_bytes()
    parts = (networks[:_DETECTOR_BYTES], networks[_DETECTOR_BYTES:])
    names = ("pose_detector.tflite", "pose_landmarks_detector.tflite")
    bundle = io.BytesIO()
    with zipfile.ZipFile(bundle, "w", zipfile.ZIP_STORED) as file:
        for name, part, (mean, spread) in zip(names, parts, _PIXELS, strict=True):
            file.writestr(name, _noted(part, mean=mean, spread=spread))
    with muted_stderr():
        return vision.PoseLandmarker.create_from_options(
            vision.PoseLandmarkerOptions(
                base_options=BaseOptions(model_asset_buffer=bundle.getvalue())
            )
        )


def _noted(network: bytes, *, mean: float, spread: float) -> bytes:
    """Write into a network how its input is made of pixels."""
    import flatbuffers  # type: ignore[import-untyped]  # noqa: PLC0415 - these three are only needed here, once
    from mediapipe.tasks.metadata import metadata_schema_py_generated as notes  # noqa: PLC0415
    from mediapipe.tasks.metadata import schema_py_generated as schema  # noqa: PLC0415

    way = notes.NormalizationOptionsT()
    way.mean, way.std = [mean], [spread]
    unit = notes.ProcessUnitT()
    unit.optionsType, unit.options = notes.ProcessUnitOptions.NormalizationOptions, way
    kind = notes.ImagePropertiesT()
    kind.colorSpace = notes.ColorSpaceType.RGB
    content = notes.ContentT()
    content.contentPropertiesType = notes.ContentProperties.ImageProperties
    content.contentProperties = kind
    taken = notes.TensorMetadataT()
    taken.name, taken.processUnits, taken.content = "image", [unit], content
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(network, 0))
    given = [notes.TensorMetadataT() for _ in model.subgraphs[0].outputs]
    graph = notes.SubGraphMetadataT()
    graph.inputTensorMetadata, graph.outputTensorMetadata = [taken], given
    whole = notes.ModelMetadataT()
    whole.subgraphMetadata = [graph]
    builder = flatbuffers.Builder(0)
    builder.Finish(whole.Pack(builder), b"M001")
    written, entry = schema.BufferT(), schema.MetadataT()
    written.data = list(builder.Output())
    model.buffers.append(written)
    entry.name, entry.buffer = "TFLITE_METADATA", len(model.buffers) - 1
    model.metadata = [*(model.metadata or []), entry]
    builder = flatbuffers.Builder(len(network) + 4096)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())
