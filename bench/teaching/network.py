"""A recogniser as torch runs it: the graph of the runtime's own file, whose numbers can be taught.

Only what such networks are made of is known here; what else a graph holds is refused. Numbers of the last layer and
other large ones stay as they are, and so do the statistics of normalisations: what is taught are some 3 million others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import numpy_helper
from torch.nn import functional

LARGEST = 2_000_000
"""An array of more numbers than this is not taught."""
CONTINUED = 128
"""The bit of a byte that more of a number follows."""
AXES = (3, 2)
"""Width and height, in the order in which torch pads them."""


class Network(torch.nn.Module):
    """The network of a file; called with values of ``(count, 3, 48, width)`` it gives ``(count, columns, characters)``.

    Raises:
        ValueError: the graph holds an operation that is not known here.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._file = path.read_bytes()
        self._model = onnx.load_from_string(self._file)
        graph = self._model.graph
        self._output = graph.output[0].name
        self._alias = {node.output[0]: node.input[0] for node in graph.node if node.op_type == "Identity"}
        self._names: dict[str, str] = {}
        self._constants: dict[str, torch.Tensor] = {}
        for node in graph.node:
            if node.op_type == "Constant":
                self._constants[node.output[0]] = _tensor(node.attribute[0].t)
        self._take_numbers()
        self._plan = [
            (
                node.op_type,
                [self._root(name) for name in node.input],
                node.output[0],
                {one.name: onnx.helper.get_attribute_value(one) for one in node.attribute},
            )
            for node in graph.node
            if node.op_type not in ("Identity", "Constant")
        ]

    def _take_numbers(self) -> None:
        uses: dict[str, list[tuple[str, int]]] = {}
        for node in self._model.graph.node:
            for place, name in enumerate(node.input):
                uses.setdefault(self._root(name), []).append((node.op_type, place))
        widest = max(one.dims[-1] for one in self._model.graph.initializer if one.dims)
        for one in self._model.graph.initializer:
            tensor, used = _tensor(one), uses.get(one.name, [])
            if not tensor.is_floating_point() or not (
                tensor.numel() > 1 or {"Mul", "Add"} & {what for what, _ in used}
            ):
                self._constants[one.name] = tensor
                continue
            key = f"p{len(self._names)}"
            self._names[one.name] = key
            is_measured = any(what == "BatchNormalization" and place in (3, 4) for what, place in used)
            is_last = bool(tensor.dim()) and tensor.shape[-1] == widest
            if is_measured or is_last or tensor.numel() > LARGEST:
                self.register_buffer(key, tensor)
            else:
                self.register_parameter(key, torch.nn.Parameter(tensor))

    def _root(self, name: str) -> str:
        while name in self._alias:
            name = self._alias[name]
        return name

    def forward(self, values: torch.Tensor, *, log: bool = False) -> torch.Tensor:
        """Probabilities of characters for every column; their logarithms with ``log``."""
        found: dict[str, Any] = {"x": values, **self._constants}
        found |= {name: getattr(self, key) for name, key in self._names.items()}
        for what, inputs, output, options in self._plan:
            given = [found[name] if name else None for name in inputs]
            if what == "Softmax" and log and output == self._output:
                return functional.log_softmax(given[0], options.get("axis", -1))
            if what not in _OPERATIONS:
                raise ValueError(f"{what}: not known here")
            found[output] = _OPERATIONS[what](given, options)
            if output == self._output:
                break
        return found[self._output]

    def learn(self, learnt: Mapping[str, npt.NDArray[Any]]) -> None:
        """Takes what was taught before, as :meth:`learnt` gives it."""
        taught, at = dict(self.named_parameters()), 0
        for one in self._model.graph.initializer:
            key = self._names.get(one.name)
            if key is None or key not in taught:
                continue
            size = taught[key].numel()
            numbers = torch.from_numpy(learnt["numbers"][at : at + size].astype(np.float32))
            taught[key].data.copy_(numbers.reshape(taught[key].shape))
            at += size

    def metadata(self, name: str) -> str:
        """What the file says of itself under a name."""
        return str(next(one.value for one in self._model.metadata_props if one.key == name))

    def learnt(self) -> dict[str, npt.NDArray[Any]]:
        """What was taught: ``places`` in the file in bytes, ``counts`` of numbers there, all ``numbers`` in a row."""
        taught = dict(self.named_parameters())
        places, counts, numbers = [], [], []
        for one in self._model.graph.initializer:
            key = self._names.get(one.name)
            if key is None or key not in taught:
                continue
            places.append(_place(self._file, one.name.encode(), one.raw_data))
            counts.append(len(one.raw_data) // 4)
            numbers.append(taught[key].detach().numpy().reshape(-1).astype(np.float16))
        return {
            "places": np.asarray(places, np.int64),
            "counts": np.asarray(counts, np.int64),
            "numbers": np.concatenate(numbers),
        }


def _tensor(proto: onnx.TensorProto) -> torch.Tensor:
    return torch.from_numpy(np.array(numpy_helper.to_array(proto)))


def _place(file: bytes, name: bytes, raw: bytes) -> int:
    """Where a tensor's bytes begin: behind its name, as the format lays a tensor out (fields 8 and 9)."""
    before = b"\x42" + _varint(len(name)) + name + b"\x4a" + _varint(len(raw))
    if file.count(before + raw) != 1:
        raise ValueError(f"{name.decode()}: not found once in the file")
    return file.index(before + raw) + len(before)


def _varint(number: int) -> bytes:
    parts = b""
    while number >= CONTINUED:
        parts += bytes([number % CONTINUED | CONTINUED])
        number >>= 7
    return parts + bytes([number])


def _padded(x: torch.Tensor, options: dict[str, Any], kernel: tuple[int, ...], value: float = 0.0) -> torch.Tensor:
    """With the edges that a sliding window asks for."""
    strides, steps = options.get("strides", [1, 1]), options.get("dilations", [1, 1])
    if options.get("auto_pad", b"NOTSET") == b"SAME_UPPER":
        pads: list[int] = []
        for axis in AXES:
            reach = (kernel[axis - 2] - 1) * steps[axis - 2] + 1
            missing = max(0, (-(-x.shape[axis] // strides[axis - 2]) - 1) * strides[axis - 2] + reach - x.shape[axis])
            pads += [missing // 2, missing - missing // 2]
    else:
        top, left, bottom, right = options.get("pads", [0, 0, 0, 0])
        pads = [left, right, top, bottom]
    return functional.pad(x, pads, value=value) if any(pads) else x


def _convolved(given: list[Any], options: dict[str, Any]) -> torch.Tensor:
    x, weights, bias = (*given, None)[:3]
    x = _padded(x, options, weights.shape[2:])
    strides, steps = options.get("strides", [1, 1]), options.get("dilations", [1, 1])
    return functional.conv2d(x, weights, bias, strides, 0, steps, options.get("group", 1))


def _largest(given: list[Any], options: dict[str, Any]) -> torch.Tensor:
    kernel = options["kernel_shape"]
    x = _padded(given[0], options, kernel, -1e9)
    return functional.max_pool2d(x, kernel, options["strides"], ceil_mode=bool(options.get("ceil_mode", 0)))


def _averaged(given: list[Any], options: dict[str, Any]) -> torch.Tensor:
    return functional.avg_pool2d(
        given[0],
        options["kernel_shape"],
        options["strides"],
        tuple(options.get("pads", [0, 0, 0, 0])[:2]),
        ceil_mode=bool(options.get("ceil_mode", 0)),
        count_include_pad=bool(options.get("count_include_pad", 0)),
    )


def _squeezed(given: list[Any], options: dict[str, Any]) -> torch.Tensor:
    x: torch.Tensor = given[0]
    for axis in sorted((one % x.dim() for one in options["axes"]), reverse=True):
        x = x.squeeze(axis)
    return x


def _unsqueezed(given: list[Any], options: dict[str, Any]) -> torch.Tensor:
    x: torch.Tensor = given[0]
    for axis in options["axes"]:
        x = x.unsqueeze(axis)
    return x


def _sliced(given: list[Any], _: dict[str, Any]) -> torch.Tensor:
    x, starts, ends = given[0], given[1].tolist(), given[2].tolist()
    axes = [list(range(len(starts))), *(one.tolist() for one in given[3:4])][-1]
    for start, end, axis in zip(starts, ends, axes, strict=True):
        first, last, _step = slice(start, end).indices(x.shape[axis])
        x = x.narrow(axis, first, max(0, last - first))
    return x


def _reshaped(given: list[Any], _: dict[str, Any]) -> torch.Tensor:
    x: torch.Tensor = given[0]
    return x.reshape([x.shape[place] if size == 0 else size for place, size in enumerate(given[1].tolist())])


def _normalised(given: list[Any], options: dict[str, Any]) -> torch.Tensor:
    x, scale, shift, mean, spread = given
    return functional.batch_norm(x, mean, spread, scale, shift, eps=options.get("epsilon", 1e-5))


_OPERATIONS: dict[str, Callable[[list[Any], dict[str, Any]], torch.Tensor]] = {
    "Conv": _convolved,
    "MaxPool": _largest,
    "AveragePool": _averaged,
    "BatchNormalization": _normalised,
    "Squeeze": _squeezed,
    "Unsqueeze": _unsqueezed,
    "Slice": _sliced,
    "Reshape": _reshaped,
    "Add": lambda given, _: given[0] + given[1],
    "Sub": lambda given, _: given[0] - given[1],
    "Mul": lambda given, _: given[0] * given[1],
    "Div": lambda given, _: given[0] / given[1],
    "Pow": lambda given, _: given[0] ** given[1],
    "Sqrt": lambda given, _: torch.sqrt(given[0]),
    "Erf": lambda given, _: torch.erf(given[0]),
    "Relu": lambda given, _: torch.relu(given[0]),
    "Sigmoid": lambda given, _: torch.sigmoid(given[0]),
    "HardSigmoid": lambda given, how: torch.clamp(given[0] * how.get("alpha", 0.2) + how.get("beta", 0.5), 0, 1),
    "MatMul": lambda given, _: given[0] @ given[1],
    "Transpose": lambda given, how: given[0].permute(how["perm"]),
    "ReduceMean": lambda given, how: given[0].mean(dim=how["axes"], keepdim=bool(how.get("keepdims", 1))),
    "Shape": lambda given, _: torch.tensor(list(given[0].shape)),
    "Concat": lambda given, how: torch.cat([one.reshape(-1) if not one.dim() else one for one in given], how["axis"]),
    "Softmax": lambda given, how: functional.softmax(given[0], how.get("axis", -1)),
}
