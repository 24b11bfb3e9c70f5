"""The networks that come inside the rapidocr package, opened from its folder and never fetched from anywhere."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import onnxruntime as ort

from parsers.errors import OcrCrashedError

RECOGNISER = "PP-OCRv6_rec_small.onnx"
DETECTOR = "PP-OCRv6_det_small.onnx"


def model_file(name: str) -> Path:
    """The path of a model of the installed package.

    Raises:
        OcrCrashedError: the package or the file is not there.
    """
    found = importlib.util.find_spec("rapidocr")
    if found is None or found.origin is None:
        raise OcrCrashedError(pointer=name, reason="rapidocr is not installed")
    path = Path(found.origin).parent / "models" / name
    if not path.is_file():
        raise OcrCrashedError(pointer=name, reason="model file is missing")
    return path


def open_session(name: str, threads: int) -> ort.InferenceSession:
    """A session of one model on the processor.

    Raises:
        OcrCrashedError: the file is missing or is no model.
    """
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 4
    try:
        return ort.InferenceSession(str(model_file(name)), options, providers=["CPUExecutionProvider"])
    except (RuntimeError, ValueError) as fault:
        raise OcrCrashedError(pointer=name, reason=str(fault)) from fault
