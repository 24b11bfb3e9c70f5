"""The engines as they are installed, and the one that replays."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from bench.teaching.lines import drawn
from bench.teaching.texts import Texts
from parsers.errors import OcrCrashedError
from parsers.ocr.base import Gray
from parsers.ocr.models import COARSE, RECOGNISER, WITNESS, WORDS, model_file
from parsers.ocr.rapid import RapidEngine
from parsers.ocr.recorded import RecordedEngine
from parsers.ocr.tesseract import TesseractEngine
from samples.paper.fonts import font

DIGITS = frozenset("0123456789X")


def line(text: str) -> Gray:
    face = font("song", 33)
    picture = Image.new("L", (round(face.getlength(text)) + 16, 50), 255)
    ImageDraw.Draw(picture).text((8, 4), text, font=face, fill=0)
    return np.asarray(picture)


@pytest.mark.xdist_group("ocr")
class TestRapid:
    engine = RapidEngine()

    def test_it_reads_lines_of_unlike_length_in_their_order(self) -> None:
        texts = ["姓名", "海州区人力资源和社会保障局", "320799199001011234", "1", "共青团员"]
        assert [answer.text for answer in self.engine.read([line(text) for text in texts])] == texts

    def test_it_finds_lines(self) -> None:
        page = np.full((200, 400), 255, np.uint8)
        for top, text in ((20, "同意借用"), (120, "负责人")):
            crop = line(text)
            page[top : top + crop.shape[0], 30 : 30 + crop.shape[1]] = crop
        middles = [(box[1] + box[3]) / 2 for box in self.engine.find_lines(page)]
        assert middles == pytest.approx([45, 145], abs=10)

    def test_a_missing_model_is_said_at_the_start(self) -> None:
        with pytest.raises(OcrCrashedError) as caught:
            model_file(replace(RECOGNISER, path="models/no-such-model.onnx"))
        assert "missing" in caught.value.detail["reason"]

    def test_another_model_under_the_same_name_is_refused(self) -> None:
        with pytest.raises(OcrCrashedError) as caught:
            model_file(replace(RECOGNISER, sha256="0" * 64))
        assert "measured" in caught.value.detail["reason"]

    def test_the_witness_knows_its_characters(self) -> None:
        texts = ["海州区城市管理局", "320799199001011234", "驾驶员", "喆堃翀"]
        assert [answer.text for answer in RapidEngine(recogniser=WITNESS).read([line(text) for text in texts])] == texts


@pytest.mark.xdist_group("ocr")
class TestCoarse:
    engine = RapidEngine(recogniser=COARSE)

    def test_it_reads_coarse_lines_that_the_recogniser_does_not(self) -> None:
        chance = random.Random(77)  # noqa: S311 - repeatable lines, no secret
        texts = Texts(model_file(WORDS), frozenset("0123456789年月日人民政府教育局〔〕号姓名电话"))
        drawn_texts = [texts.draw(chance) for _ in range(80)]
        crops = [drawn(text, chance) for text in drawn_texts]
        right, before = (
            sum(
                answer.text.replace(" ", "") == text.replace(" ", "")
                for answer, text in zip(answers, drawn_texts, strict=True)
            )
            for answers in (self.engine.read(crops), RapidEngine().read(crops))
        )
        assert right > before
        assert right >= 60

    def test_it_reads_plain_lines_too(self) -> None:
        texts = ["姓名", "海州区人力资源和社会保障局", "320799199001011234", "1", "共青团员"]
        assert [answer.text for answer in self.engine.read([line(text) for text in texts])] == texts

    def test_other_numbers_than_those_that_were_taught_are_refused(self) -> None:
        assert COARSE.taught is not None
        wrong = replace(COARSE, taught=replace(COARSE.taught, sha256="0" * 64))
        with pytest.raises(OcrCrashedError) as caught:
            RapidEngine(recogniser=wrong).open()
        assert "measured" in caught.value.detail["reason"]


def test_tesseract_tells_lines_apart_that_are_asked_together() -> None:
    numbers = ["320799199001010015", "13912345678", "32079919900101003X"]
    assert [answer.text for answer in TesseractEngine().read([line(text) for text in numbers], DIGITS)] == numbers


def test_a_recorded_answer_is_given_again_and_a_missing_one_fails(tmp_path: Path) -> None:
    crop = np.full((48, 100), 255, np.uint8)
    crop[20:24, 20:80] = 0
    recording = RecordedEngine(tmp_path / "kept.json", RapidEngine())
    before = recording.read([crop])
    recording.save()
    replayed = RecordedEngine(tmp_path / "kept.json")
    assert replayed.read([crop])[0].text == before[0].text
    assert replayed.version == recording.version
    with pytest.raises(OcrCrashedError):
        replayed.read([255 - crop])
