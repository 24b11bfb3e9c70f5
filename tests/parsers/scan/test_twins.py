"""Texts that differ by a mark of punctuation alone."""

from __future__ import annotations

from parsers.scan.twins import Twins


def twins(*texts: str) -> Twins:
    found = Twins()
    for text in texts:
        found.add(text)
    return found


def test_a_text_without_the_comma_of_another_is_told() -> None:
    same = twins("配合做好普查登记任务,时间紧任务重", "配合做好普查登记任务时间紧任务重")
    assert same.marked_otherwise("配合做好普查登记任务时间紧任务重") == ("配合做好普查登记任务,时间紧任务重",)
    assert same.marked_otherwise("配合做好普查登记任务,时间紧任务重") == ("配合做好普查登记任务时间紧任务重",)


def test_white_space_and_width_are_no_difference() -> None:
    same = twins("负责水电设施检修,持证上岗", "负责水电设施\n检修，持证上岗")
    assert same.marked_otherwise("负责水电设施检修, 持证上岗") == ()


def test_short_texts_and_other_letters_are_no_twins() -> None:
    same = twins("是,同意", "负责水电设施检修,持证上岗")
    assert same.marked_otherwise("是同意") == ()
    assert same.marked_otherwise("负责水电设施维修持证上岗") == ()
