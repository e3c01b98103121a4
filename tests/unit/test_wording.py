"""Counts, texts and values as errors, terminals and reports show them."""

from __future__ import annotations

import pytest

from gfv_sei.wording import counted, first_line, in_short, printable, quoted


@pytest.mark.parametrize(
    ("number", "nouns", "text"),
    [
        (0, ("byte",), "0 bytes"),
        (1, ("byte",), "1 byte"),
        (2, ("byte",), "2 bytes"),
        (1, ("matrix", "matrices"), "1 matrix"),
        (3, ("matrix", "matrices"), "3 matrices"),
    ],
)
def test_a_noun_is_in_the_number_of_its_count(number: int, nouns: tuple[str, ...], text: str) -> None:
    assert counted(number, *nouns) == text


def test_an_error_of_others_is_told_in_one_line_even_if_it_says_nothing() -> None:
    assert first_line(RuntimeError("\n  what happened\nwhere\n")) == "what happened"
    assert first_line(RuntimeError()) == first_line(RuntimeError(" \n")) == "RuntimeError"
    assert first_line(ValueError("a \x1b[31m")) == r"a \x1b[31m"


def test_what_a_stream_says_cannot_act_on_a_terminal_or_a_shell() -> None:
    assert printable("a\x1b[2Jé\n") == r"a\x1b[2Jé\n"
    assert quoted("tag:a") == "tag:a"
    assert quoted("a; rm b") == "'a; rm b'"
    assert quoted("\x1b") == r"'\x1b'"
    assert len(quoted("u" * 1000)) < 220


def test_any_value_is_short() -> None:
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    assert in_short([1, 2]) == "[1, 2]"
    assert len(in_short("x" * 1000)) == 80
    assert in_short(deep) == "a value of type list that cannot be shown"
    assert in_short(10**10_000) == "a value of type int that cannot be shown"
