"""The sentences of words/problems.py, by the codes of opendata.reading.codes."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    # The file as a whole
    "empty_file": _("The file is empty. Save it again and upload that one."),
    "executable": _("This is a program, not data. Nothing of it was run. Upload the table itself."),
    "pdf": _("This is a PDF. Upload the table it was made from, as XLSX or CSV."),
    "image": _("This is a picture, sound or film. Upload the table itself, as XLSX or CSV."),
    "html": _("This is a web page saved under another name. Open it in a spreadsheet and save it as XLSX."),
    "archive": _("This is an archive. Unpack it and upload the table inside."),
    "unsupported": _("Files of this kind are not read here (%(what)s). Save it as XLSX or CSV."),
    "not_text": _("This is neither a spreadsheet nor text. Save the table as XLSX or CSV."),
    "password": _("The workbook is protected by a password. Save it without one."),
    "damaged": _("The file is cut short or damaged. Open it, save it again and upload that one."),
    "zip_bomb": _("Unpacked, the file would have %(megabytes)s MB; %(limit)s MB are allowed. Save it as CSV."),
    "too_big": _("Reading the file took more memory or disk than allowed. Save it as CSV, or upload it in parts."),
    "took_too_long": _("Reading the file took longer than allowed. Save it as CSV, or upload it in parts."),
    "reader_failed": _("The reader failed on this file. It was noted for the operators; saving it as CSV may help."),
    "unknown_choice": _(
        "This choice does not fit the file: %(choice)s = %(value)s. Choose another, or leave it to the "
        "portal."
    ),
    "sheet_missing": _("The workbook has no sheet “%(sheet)s”. Choose another."),
    "no_table": _("There is no cell with anything in it."),
    "no_data_rows": _("There are headers, but no row of data below them."),
    "too_many_columns": _(
        "The table has %(columns)s columns; %(limit)s are allowed. Transpose it so that these become rows."
    ),
    # Text
    "encoding_guessed": _(
        "The file does not say how its letters are written. It was read as %(encoding)s: look at the "
        "sample."
    ),
    "encoding_unsure": _("The letters could be %(encoding)s or %(other)s. Look at both samples and choose."),
    "bytes_not_in_encoding": _(
        "Some letters do not exist in %(encoding)s. Choose another encoding, or save the file as UTF-8."
    ),
    "presentation_forms": _("Arabic letters stored as shapes were turned into ordinary letters."),
    "nul_removed": _("NUL characters were taken out (%(count)s)."),
    "control_characters": _("There are control characters in the text (%(count)s); they were kept."),
    "broken_characters": _("Characters that cannot be read were replaced by a sign (%(count)s)."),
    "quotes_kept": _("Quotation marks are part of the text in this file; they were kept."),
    "delimiter_unsure": _("It is not clear what separates the columns. Look at the sample, and choose below."),
    "bad_quote": _(
        "Text follows a closing quotation mark. Double quotation marks inside a cell, or save the file "
        "anew."
    ),
    "unclosed_quote": _("A quotation mark is opened here and never closed."),
    "cell_too_long": _("A cell has more than %(limit)s letters. Perhaps a quotation mark is not closed."),
    # Sheets
    "other_sheets": _(
        "Only the sheet “%(sheet)s” was read. The original file is published too, with its other sheets: %(others)s. "
        "Nothing in them may stay secret."
    ),
    "comments": _(
        "Cells have comments (%(count)s). The original file is published too: nothing in them may stay secret."
    ),
    "people_named": _(
        "The properties of the file name who made it: %(names)s. The original file is published with them; clear "
        "them in your spreadsheet if they are not for the public."
    ),
    "hidden_sheet": _(
        "The sheet “%(sheet)s” is hidden. The original file is published too: everything in it "
        "becomes public."
    ),
    "hidden_rows": _("Hidden rows (%(count)s) were read and would be published."),
    "hidden_columns": _("Hidden columns (%(count)s) were read and would be published."),
    "formulas": _("Cells with formulas (%(count)s) were read with their last calculated values."),
    "formula_without_value": _(
        "The formula in %(cell)s has no value and was read as empty. Calculate and save the file again."
    ),
    "error_value": _(
        "The cell %(cell)s shows an error of the spreadsheet; it was kept as text. Mend it, or accept it."
    ),
    "merged_cells_in_data": _(
        "Cells are merged among the rows (%(cells)s). Only the first of them has the value: unmerge them."
    ),
    # JSON
    "json_broken": _("The JSON cannot be read from here on."),
    "json_not_table": _("The JSON is not a list of objects, so there are no rows."),
    "json_outside": _(
        "Besides the list of rows the file holds other values (%(keys)s). They are not part of the table, but the "
        "original file is published too: nothing in them may stay secret."
    ),
    "feature_members": _(
        "The features hold other values than their properties (%(keys)s). They are not part of the table; the "
        "original file has them, and it is published too."
    ),
    "json_nested": _("Values that are lists or objects (%(count)s) were kept as JSON text."),
    "json_key_repeated": _("An object has the name “%(key)s” twice."),
    # Header and rows
    "title_lines": _("Lines above the table (%(count)s) are not part of it."),
    "header_joined": _("The headers of %(rows)s rows were joined."),
    "no_header": _(
        "The first row looks like data. The columns have numbers for names: say below how many rows of "
        "headers there are."
    ),
    "header_empty": _("A column has no header; it is called %(name)s."),
    "header_repeated": _("Two columns have the same header; this one is called %(name)s."),
    "short_rows": _("The row has %(found)s cells instead of %(expected)s; the rest was left empty."),
    "long_row": _(
        "The row has %(found)s cells with content, the table has %(expected)s columns. Mend the row: "
        "nothing is cut off."
    ),
    "blank_rows": _("A row without any content was left out."),
    "empty_column_left_out": _("A column without a header and without content was left out."),
    "total_row": _(
        "This row looks like a total. Whoever adds up the column would count it twice: take it out, or "
        "accept it."
    ),
    "note_row": _("This row looks like a note below the table. Take it out, or accept it."),
    "cells_trimmed": _("Blanks and direction marks at the ends of cells were taken out."),
    # Values
    "value_does_not_fit": _(
        "Almost all values of the column are of the type “%(type)s”, this one is not. The column stays "
        "text."
    ),
    "type_does_not_fit": _(
        "This value cannot be of the chosen type “%(type)s”. The column was read as the portal finds out."
    ),
    "type_for_no_column": _(
        "A type was chosen for the column “%(name)s”, which the table does not have as it is read now. Choose it anew "
        "in the data dictionary where it is needed."
    ),
    "stands_for_empty": _("This value stands for “nothing”; it is empty in columns of numbers and dates."),
    "leading_zeros": _("Numbers with zeros in front are codes; the column stays text."),
    "long_numbers": _("Numbers of more than 15 digits stay text, because spreadsheets would change them."),
    "other_digits": _("Arabic-Indic or Persian digits were read as numbers."),
    "percent": _("The percent sign was taken out: 12.5%% is the number 12.5. Name the unit in the data dictionary."),
    "comma_meaning": _("The comma may mark thousands or decimals. Say below which, or accept how it was read."),
    "hijri_dates": _("Dates of the Hijri calendar stay text. Add a column with Gregorian dates, or accept it."),
    "month_first": _("The dates are written with the month first, and were read so."),
    "date_order_unsure": _(
        "The dates could be read day first or month first; day first was taken. Say below which, or accept how they "
        "were read."
    ),
    "excel_serials": _(
        "These numbers look like dates of a spreadsheet. Choose the type “date” in the data dictionary if"
        " they are."
    ),
    "times_with_zone": _("Times with a time zone stay text."),
    "two_digit_years": _("The years have two digits, so the dates stay text. Write them with four."),
    "inexact_numbers": _("Numbers in scientific notation were read with about 15 digits."),
}  # fmt: skip
