"""Everyday steps for tests: gathering, processing, shipping, receiving."""

from trace.service import RecordedStep
from trace.steps import StepNew

from .book import Book
from .season import MAKER, lot, step


def gather(book: Book, name: str, grams: int, herb: str = "白芍", place: str = "PLOT", day: int = 1) -> None:
    new = step("gathering", day, place, outputs=[lot(name, grams, herb)], fields={"area_name": "山里"})
    book.record(new, day)


def process(book: Book, source: str, name: str, grams: int, day: int = 2) -> RecordedStep:
    new = step(
        "primary_processing", day, inputs=[lot(source)], outputs=[lot(name, grams)], fields={"method": "晒"}
    )
    return book.record(new, day)


def ship(name: str, day: int, to: str = MAKER, **rest: object) -> StepNew:
    return step("ship", day, lots=[lot(name)], counterparty=to, **rest)


def receive(name: str, day: int, place: str = "WORKS", **rest: object) -> StepNew:
    return step("receive", day, place, lots=[lot(name, rest.pop("grams", None))], **rest)
