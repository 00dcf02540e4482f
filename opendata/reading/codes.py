"""Every problem the reader can report: its code, how grave it is, and what it means in one line.

Codes are stable; another package words them in Arabic and English from the code, `Problem.value` and the params
named in brackets. `line` is filled where the problem has a place, `column` where it concerns one column.
"""

from __future__ import annotations

from opendata.reading.report import ASKS, STOPS, TELLS

# code: (severity, meaning [params])
CODES: dict[str, tuple[str, str]] = {
    # The file as a whole
    "empty_file": (STOPS, "The file has no bytes, or nothing but blanks."),
    "executable": (STOPS, "The file is a program, whatever its name says. [what]"),
    "pdf": (STOPS, "The file is a PDF; publish the table it was made from."),
    "image": (STOPS, "The file is a picture, sound or film. [what]"),
    "html": (STOPS, "The file is a web page saved under another name; open it and save it as XLSX or CSV."),
    "archive": (STOPS, "The file is an archive; unpack it and upload the table inside. [what]"),
    "unsupported": (STOPS, "The file is of a known kind that is not read here; save it as XLSX or CSV. [what]"),
    "not_text": (STOPS, "The file is neither a known kind nor text."),
    "password": (STOPS, "The workbook is protected by a password."),
    "damaged": (STOPS, "The file is cut short or damaged. [what]"),
    "zip_bomb": (STOPS, "Unpacked, the file would be far bigger than allowed. [megabytes, limit]"),
    "too_big": (STOPS, "Reading the file took more memory or disk than allowed; send it as CSV or in parts. [limit]"),
    "took_too_long": (STOPS, "Reading the file took longer than allowed. [limit] (seconds)"),
    "reader_failed": (
        STOPS,
        "The reader failed on this file; the cause was noted for the operators. [what] (kind of error)",
    ),
    "unknown_choice": (STOPS, "What the publisher chose is not possible for this file. [choice, value]"),
    "sheet_missing": (STOPS, "The workbook has no sheet of the chosen name. [sheet]"),
    "no_table": (STOPS, "There is no cell with content in the file or in any sheet."),
    "no_data_rows": (STOPS, "There are headers, but no row of data under them."),
    "too_many_columns": (STOPS, "The table has more columns than allowed. [columns, limit]"),
    # Text
    "encoding_guessed": (TELLS, "The encoding was found by how well the text reads. [encoding, score]"),
    "encoding_unsure": (
        ASKS,
        "Two encodings read almost equally well: look at the sample and choose. [encoding, other]",
    ),
    "bytes_not_in_encoding": (STOPS, "Bytes that do not exist in the encoding; the file may mix encodings. [encoding]"),
    "presentation_forms": (TELLS, "Letters stored as shapes were turned into ordinary Arabic letters."),
    "broken_characters": (TELLS, "Halves of characters that mean nothing were replaced. [count]"),
    "nul_removed": (TELLS, "NUL characters were removed. [count]"),
    "control_characters": (TELLS, "Control characters are in the text; they were kept. [count]"),
    "quotes_kept": (ASKS, "Quotation marks do not stand round whole cells in this file; they were kept as text."),
    "delimiter_unsure": (ASKS, "No delimiter splits the lines evenly: look at the sample and choose. [delimiter]"),
    "bad_quote": (STOPS, "Text follows a closing quotation mark; quotes inside a cell must be doubled."),
    "unclosed_quote": (STOPS, "A quotation mark is opened here and never closed."),
    "cell_too_long": (STOPS, "A cell is longer than allowed; perhaps a quotation mark is not closed. [limit]"),
    # Sheets
    "other_sheets": (
        ASKS,
        "The workbook has other sheets that were not read; they are published with the original. [sheet, others]",
    ),
    "comments": (ASKS, "Cells have comments; they are published with the original. [count]"),
    "people_named": (TELLS, "The properties of the file name who made it; they are published too. [names]"),
    "hidden_sheet": (
        ASKS,
        "A sheet is hidden: make sure nothing in the original gives away what it should not. [sheet]",
    ),
    "hidden_rows": (ASKS, "Rows of the sheet are hidden; they were read and would be published. [count]"),
    "hidden_columns": (ASKS, "Columns of the sheet are hidden; they were read and would be published. [count]"),
    "formulas": (TELLS, "Cells hold formulas; their last calculated values were taken. [count]"),
    "formula_without_value": (
        ASKS,
        "A formula without a calculated value was read as empty; recalculate and save. [cell]",
    ),
    "error_value": (ASKS, "The cell shows an error of the spreadsheet; it was kept as text. [cell]"),
    "merged_cells_in_data": (ASKS, "Merged cells among the rows: only the first cell of each holds the value. [cells]"),
    # JSON
    "json_broken": (STOPS, "The JSON cannot be read from here on. [what]"),
    "json_not_table": (STOPS, "The JSON is not a list of objects. [what]"),
    "json_nested": (TELLS, "Values that are lists or objects were kept as JSON text. [count]"),
    "json_outside": (
        ASKS,
        "What stands beside the list of rows in the JSON was left out; it is published with the original. [keys]",
    ),
    "feature_members": (TELLS, "Members of features beside their properties were left out of the table. [keys]"),
    "json_key_repeated": (STOPS, "An object has the same key twice. [key]"),
    # Header and rows
    "title_lines": (TELLS, "Lines above the table were left out of it. [count]"),
    "header_joined": (ASKS, "Several rows were taken for headers and joined. [rows]"),
    "no_header": (ASKS, "The first row looks like data, not headers; the columns got numbers for names."),
    "header_empty": (TELLS, "A column has no header. [name]"),
    "header_repeated": (TELLS, "Two columns have the same header. [name]"),
    "short_rows": (TELLS, "The row has fewer cells than the table; empty cells were added. [expected, found]"),
    "long_row": (STOPS, "The row has more cells with content than the table has columns. [expected, found]"),
    "blank_rows": (TELLS, "A row without any content was left out."),
    "empty_column_left_out": (TELLS, "A column without header and content was left out."),
    "total_row": (ASKS, "The row looks like a total; readers who add up the column would count it twice."),
    "note_row": (ASKS, "The last rows look like a note, not data."),
    "cells_trimmed": (TELLS, "Blanks, direction marks or tatweel at the ends of cells were removed. [rows]"),
    # Values
    "value_does_not_fit": (ASKS, "Almost all values are of one type, this one is not; the column stays text. [type]"),
    "type_does_not_fit": (
        ASKS,
        "The value cannot be of the type the publisher chose; the column was typed as if nothing was chosen. [type]",
    ),
    "type_for_no_column": (ASKS, "A type was chosen for a column the table does not have; it was not used. [name]"),
    "stands_for_empty": (
        TELLS,
        "The value stands for empty; made empty in typed columns, kept in text. [count, made_empty]",
    ),
    "leading_zeros": (TELLS, "Numbers with leading zeros are codes and stay text."),
    "long_numbers": (TELLS, "Numbers of more than 15 digits stay text, as spreadsheets would change them."),
    "other_digits": (TELLS, "Arabic-Indic or Persian digits were read as numbers."),
    "percent": (TELLS, "The percent sign was removed: 12.5% is the number 12.5."),
    "comma_meaning": (ASKS, "A comma may mark thousands or decimals here; it was read as given. [read_as]"),
    "hijri_dates": (ASKS, "Dates of the Hijri calendar stay text; add a column with Gregorian dates."),
    "month_first": (ASKS, "Dates are written month first; they were read so."),
    "date_order_unsure": (ASKS, "Every date could be read day first or month first; day first was taken."),
    "excel_serials": (ASKS, "The numbers look like Excel dates; choose the type date to have them converted."),
    "times_with_zone": (TELLS, "Times with a time zone stay text."),
    "two_digit_years": (ASKS, "Years of two digits: the dates stay text."),
    "inexact_numbers": (TELLS, "Numbers in scientific notation were read as floating point."),
}

# Kinds of PersonalFinding.
PERSONAL: dict[str, str] = {
    "civil_number": "Civil numbers of people.",
    "phone": "Omani telephone numbers.",
    "iban": "International bank account numbers with a valid check number.",
    "passport": "Passport numbers.",
    "email": "E-mail addresses.",
    "name": "Names of people.",
    "birth_date": "Dates of birth, one a person.",
    "small_counts": "Counts of people, many of them 1 to 4, grouped by traits of people.",
}


def severity_of(code: str) -> str:
    """How grave a problem is: stops, asks or tells. Raises KeyError for an unknown code."""
    return CODES[code][0]
