"""Volumes travel in chunks with a running checksum."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import google_crc32c
import numpy as np
import numpy.typing as npt

from dh_advisor_client.enums import TensorKind
from dh_advisor_client.wire.encode import encode_chunk
from dh_advisor_client.wire.generated import plan_advisor_pb2 as pb
from dh_advisor_client.wire.input_checks import positive, require

# Below the smallest message limit.
_CHUNK_BYTES = 32 << 10
# Offsets on the wire have 32 bits.
_MOST_BYTES = 2**32 - 1


def chunks_of(
    kind: TensorKind, volume: npt.NDArray[Any], spacing_mm: tuple[float, float, float]
) -> Iterator[pb.OptimizerEvent]:
    """The events that carry a volume of shape (z, y, x); `spacing_mm` is x, y, z. Raises `InvalidInput`."""
    require(kind in (TensorKind.CT, TensorKind.STRUCTURE_MASK), "volume.kind", "is neither CT nor STRUCTURE_MASK")
    wanted = np.dtype("<i2") if kind is TensorKind.CT else np.dtype("<u2")
    require(volume.ndim == 3 and volume.size > 0, "volume", "must have three dimensions (z, y, x), none empty")
    require(volume.dtype == wanted, "volume", f"has data type {volume.dtype} and must have {wanted}")
    require(volume.nbytes <= _MOST_BYTES, "volume", "is larger than 4 GiB")
    for axis, spacing in enumerate(spacing_mm):
        positive(spacing, f"spacing_mm[{axis}]")
    return _chunks(kind, volume, spacing_mm)


def _chunks(
    kind: TensorKind, volume: npt.NDArray[Any], spacing_mm: tuple[float, float, float]
) -> Iterator[pb.OptimizerEvent]:
    data = np.ascontiguousarray(volume).tobytes()
    crc = 0
    for offset in range(0, len(data), _CHUNK_BYTES):
        piece = data[offset : offset + _CHUNK_BYTES]
        crc = google_crc32c.extend(crc, piece)
        yield encode_chunk(kind, volume, spacing_mm, offset, piece, crc)
