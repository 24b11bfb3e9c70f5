"""Teaches the recogniser coarse lines: ``python -m bench.teaching.teach --minutes 70 --words ... --network ...``.

Needs torch and onnx, in an environment of their own (``docs/decisions``). It writes the numbers that were taught, of 16
bits each, which the program puts into the package's own file (:mod:`parsers.ocr.models`).
"""

from __future__ import annotations

import argparse
import math
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from torch.utils.data import DataLoader, IterableDataset

from bench.teaching.lines import drawn
from bench.teaching.network import Network
from bench.teaching.texts import Texts
from parsers.ocr.base import Gray
from parsers.ocr.rapid import as_batch

BATCH_COLUMNS = 9600
POOL = 240
"""Lines drawn at once, so that those of like width can share a batch."""
LEARNING, LAST_LEARNING = 2e-4, 5e-6
WARM_UP = 60
"""Steps."""
KEPT = 0.995
"""How slowly the mean of the numbers, which is what is kept, follows them."""
BLANKS = 0.03
"""The part of lines that hold nothing but specks."""
TESTED = 600
TOLD_EVERY = 240
"""Seconds."""

Labels = list[list[int]]
"""The numbers of the characters of each line of a batch."""


class Lines(IterableDataset[tuple[torch.Tensor, Labels]]):
    """Batches of values and the numbers of their characters, for ever."""

    def __init__(self, texts: Texts, numbers: dict[str, int], seed: int) -> None:
        self._texts, self._numbers, self._seed = texts, numbers, seed

    def __iter__(self) -> Iterator[tuple[torch.Tensor, Labels]]:
        chance = random.Random(self._seed)
        while True:
            pool = sorted((self._line(chance) for _ in range(POOL)), key=lambda one: one[0].shape[1])
            groups: list[list[tuple[Gray, str]]] = [[]]
            for line in pool:
                if (len(groups[-1]) + 1) * line[0].shape[1] > BATCH_COLUMNS:
                    groups.append([])
                groups[-1].append(line)
            chance.shuffle(groups)
            for group in groups:
                labels = [[self._numbers[one] for one in text] for _, text in group]
                yield torch.from_numpy(as_batch([picture for picture, _ in group])), labels

    def _line(self, chance: random.Random) -> tuple[Gray, str]:
        text = self._texts.draw(chance)
        if chance.random() < BLANKS:
            return drawn("\u3000" * min(6, len(text)), chance), ""
        return drawn(text, chance), text.replace("\u3000", " ")


def characters_of(network: Network) -> tuple[str, ...]:
    """What the columns stand for: first "no character", last a space."""
    return ("", *network.metadata("character").splitlines(), " ")


def texts_read(network: Network, values: torch.Tensor, characters: tuple[str, ...]) -> list[str]:
    """The best path of each line."""
    with torch.no_grad():
        best = network(values).argmax(-1)
    texts = []
    for row in best.tolist():
        kept = [one for index, one in enumerate(row) if one and (not index or row[index - 1] != one)]
        texts.append("".join(characters[one] for one in kept))
    return texts


def held_back(lines: Lines) -> list[tuple[torch.Tensor, Labels]]:
    """Batches of at least :data:`TESTED` lines."""
    held: list[tuple[torch.Tensor, Labels]] = []
    for batch in lines:
        held.append(batch)
        if sum(len(labels) for _, labels in held) >= TESTED:
            break
    return held


def right(network: Network, tests: list[tuple[torch.Tensor, Labels]]) -> str:
    """How many lines are read without a fault; spaces do not count."""
    characters = characters_of(network)
    good = total = 0
    for values, labels in tests:
        for text, label in zip(texts_read(network, values, characters), labels, strict=True):
            good += text.replace(" ", "") == "".join(characters[one] for one in label).replace(" ", "")
            total += 1
    return f"{good} of {total} lines"


class Mean:
    """The mean of what the numbers were lately, which reads better than the last of them: what is kept."""

    def __init__(self, taught: Sequence[torch.nn.Parameter]) -> None:
        self._taught = taught
        self._means = [one.detach().clone() for one in taught]
        self._steps = 0

    def follow(self) -> None:
        """Takes a step towards what the numbers are now."""
        self._steps += 1
        weight = min(KEPT, self._steps / (9 + self._steps))
        for kept, now in zip(self._means, self._taught, strict=True):
            kept.lerp_(now.detach(), 1 - weight)

    def swap(self) -> None:
        """Changes places with the numbers; a second time all is as before."""
        for place, one in enumerate(self._taught):
            last = one.detach().clone()
            one.data.copy_(self._means[place])
            self._means[place] = last


def teach(network: Network, lines: Lines, minutes: float, out: Path) -> None:
    """Teaches for so long, and writes what was learnt every few minutes; the network ends as what was written last."""
    taught = [one for one in network.parameters() if one.requires_grad]
    mean, optimiser = Mean(taught), torch.optim.AdamW(taught, lr=LEARNING, weight_decay=0.0)
    began = told = time.monotonic()
    losses: list[float] = []
    count = 0
    for step, (values, labels) in enumerate(DataLoader(lines, batch_size=None, num_workers=1, prefetch_factor=8)):
        passed = (time.monotonic() - began) / (minutes * 60)
        if passed >= 1:
            break
        for group in optimiser.param_groups:
            group["lr"] = _learning(passed) * min(1.0, (step + 1) / WARM_UP)
        loss = _loss(network(values, log=True), labels)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(taught, 1.0)
        optimiser.step()
        mean.follow()
        losses.append(loss.item())
        count += len(labels)
        if time.monotonic() - told > TOLD_EVERY:
            told = time.monotonic()
            mean.swap()
            np.savez_compressed(out, **network.learnt())
            mean.swap()
            print(f"{passed:.0%} {count} lines, loss {sum(losses) / len(losses):.4f}", flush=True)
            losses = []
    mean.swap()
    np.savez_compressed(out, **network.learnt())


def _learning(passed: float) -> float:
    return LAST_LEARNING + (LEARNING - LAST_LEARNING) * (1 + math.cos(math.pi * passed)) / 2


def _loss(chances: torch.Tensor, labels: Labels) -> torch.Tensor:
    """How unlikely the texts are, a character (connectionist temporal classification, Graves et al., 2006)."""
    sizes = [len(label) for label in labels]
    return torch.nn.functional.ctc_loss(
        chances.permute(1, 0, 2),
        torch.tensor([one for label in labels for one in label], dtype=torch.long),
        torch.full((len(labels),), chances.shape[1], dtype=torch.long),
        torch.tensor(sizes, dtype=torch.long),
        reduction="sum",
        zero_infinity=True,
    ) / sum(max(1, size) for size in sizes)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--network", type=Path, required=True, help="the recogniser's own file")
    parser.add_argument("--words", type=Path, required=True, help="a dictionary, a word and its count a line")
    parser.add_argument("--minutes", type=float, default=70)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--out", type=Path, default=Path("build/coarse.npz"))
    parser.add_argument("--after", type=Path, help="what was taught before")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    network = Network(options.network)
    if options.after is not None:
        with np.load(options.after, allow_pickle=False) as learnt:
            network.learn(dict(learnt))
    numbers = {one: index for index, one in enumerate(characters_of(network)) if one}
    texts = Texts(options.words, frozenset(numbers))
    tests = held_back(Lines(texts, numbers, options.seed + 1_000_000))
    print("before:", right(network, tests), flush=True)
    teach(network, Lines(texts, numbers, options.seed), options.minutes, options.out)
    print("after:", right(network, tests), flush=True)


if __name__ == "__main__":
    main()
