"""Single answers as a file: a table of codes with one line for each ballot, and the book that explains the codes.

The lines come in the order of the voter keys, which is no order at all, and without the time or the key: nothing tells
who answered when. The same answers always give the same bytes.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.db.models import QuerySet

from participation.surveys.kinds import Cut, Kind, Phase, QuestionKind
from participation.surveys.models import Answer, Ballot, Questionnaire
from participation.surveys.months import month_of, started_at
from participation.surveys.structure import Asked, Structure, in_both, load_structure
from portal.figures.export import stream_csv

CHUNK = 2000
EPOCH = (1980, 1, 1, 0, 0, 0)
BOOK = ["column", "code", "question_ar", "question_en", "label_ar", "label_en"]
Cells = dict[str, Any]


def ballots_of(questionnaire: Questionnaire) -> QuerySet[Ballot]:
    """Its ballots in an order that tells nothing; of the standing survey those of months that are over."""
    rows = Ballot.objects.filter(questionnaire=questionnaire)
    if questionnaire.kind == Kind.SATISFACTION and questionnaire.phase() != Phase.PUBLISHED:
        rows = rows.filter(cast_hour__lt=started_at(month_of()))
    return rows.order_by("voter_key")


def checksum(file: IO[bytes]) -> str:
    """The SHA-256 of a file, in hexadecimal digits."""
    found = hashlib.sha256()
    while piece := file.read(1 << 20):
        found.update(piece)
    return found.hexdigest()


def raw_file(questionnaire: Questionnaire) -> IO[bytes]:
    """An open temporary ZIP file with answers.csv and codebook.csv, at its start; closing it removes it."""
    structure = load_structure(questionnaire)
    header = [*(cut.value for cut in structure.cuts), "language", *_columns(structure)]
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        _write(archive, "answers.csv", header, _lines(questionnaire, structure, header))
        _write(archive, "codebook.csv", BOOK, _book(structure))
    file.seek(0)
    return file


def _write(archive: ZipFile, name: str, header: list[str], rows: Iterator[list[Any]]) -> None:
    with archive.open(ZipInfo(name, EPOCH), "w", force_zip64=True) as part:
        for piece in stream_csv(header, rows):
            part.write(piece)


def _columns(structure: Structure) -> list[str]:
    """Names such as q3, q3_2 (second option or line of question 3) and q3_2_text."""
    return [name for number, asked in enumerate(structure.questions, start=1) for name in _names(number, asked)]


def _names(number: int, asked: Asked) -> list[str]:
    stem = f"q{number}"
    texts = [f"{stem}_{option.position}_text" for option in asked.options if option.takes_text]
    match asked.kind:
        case QuestionKind.MULTIPLE | QuestionKind.RANKING:
            return [f"{stem}_{option.position}" for option in asked.options] + texts
        case QuestionKind.MATRIX:
            return [f"{stem}_{row.position}" for row in asked.rows]
    return [stem, *texts]


def _lines(questionnaire: Questionnaire, structure: Structure, header: list[str]) -> Iterator[list[Any]]:
    places = _places(structure)
    chunk: list[Ballot] = []
    for ballot in ballots_of(questionnaire).iterator(chunk_size=CHUNK):
        chunk.append(ballot)
        if len(chunk) == CHUNK:
            yield from _chunk(chunk, places, header)
            chunk = []
    yield from _chunk(chunk, places, header)


def _chunk(ballots: list[Ballot], places: dict[str, dict[int, Any]], header: list[str]) -> Iterator[list[Any]]:
    cells: dict[int, Cells] = {
        ballot.pk: {"language": ballot.language, **{cut.value: getattr(ballot, cut.value) for cut in Cut}}
        for ballot in ballots
    }
    for answer in Answer.objects.filter(ballot__in=ballots):
        cells[answer.ballot_id] |= _cells(answer, places)
    for ballot in ballots:
        yield [cells[ballot.pk].get(name) for name in header]


def _places(structure: Structure) -> dict[str, dict[int, Any]]:
    """Where to find the number and kind of a question, and the position of an option or line, by id."""
    questions = structure.questions
    return {
        "question": {asked.pk: (f"q{number}", asked.kind) for number, asked in enumerate(questions, start=1)},
        "option": {option.pk: option.position for asked in questions for option in asked.options},
        "row": {row.pk: row.position for asked in questions for row in asked.rows},
    }


def _cells(answer: Answer, places: dict[str, dict[int, Any]]) -> Cells:
    stem, kind = places["question"][answer.question_id]
    option = places["option"].get(answer.option_id or 0)
    words = {f"{stem}_{option}_text": answer.text} if option and answer.text else {}
    match kind:
        case QuestionKind.SINGLE:
            return {stem: option, **words}
        case QuestionKind.MULTIPLE:
            return {f"{stem}_{option}": 1, **words}
        case QuestionKind.RANKING:
            return {f"{stem}_{option}": _plain(answer.number)}
        case QuestionKind.MATRIX:
            return {f"{stem}_{places['row'][answer.row_id or 0]}": option}
        case QuestionKind.SCALE | QuestionKind.NUMBER:
            return {stem: _plain(answer.number)}
        case QuestionKind.DATE:
            return {stem: answer.date}
    return {stem: answer.text}


def _plain(number: Any) -> Any:
    """A number without the zeros its column adds."""
    return int(number) if number == int(number) else number.normalize()


def _book(structure: Structure) -> Iterator[list[Any]]:
    """Each column with its question, and each code with its words, in both languages."""
    for number, asked in enumerate(structure.questions, start=1):
        words = in_both(asked.question, "text")
        for name in _names(number, asked):
            yield [name, "", *words, *_column_label(asked, name)]
        if asked.kind in (QuestionKind.SINGLE, QuestionKind.MATRIX):
            for option in asked.options:
                yield [f"q{number}", option.position, *words, *in_both(option, "label")]


def _column_label(asked: Asked, name: str) -> list[str]:
    """The option or line a column is about; none for a question of one column."""
    _stem, _underscore, rest = name.partition("_")
    if not rest:
        return ["", ""]
    things: Sequence[Any] = asked.rows if asked.kind == QuestionKind.MATRIX else asked.options
    return in_both(next(thing for thing in things if thing.position == int(rest.partition("_")[0])), "label")
