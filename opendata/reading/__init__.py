"""Files of agencies, however awkward, read into typed tables - or refused with a message that says what to do.

`read` does the work in this process; `limited.read_limited` does it in a process of its own with limits.
Nothing here knows Django.
"""

from opendata.reading.choices import Choices
from opendata.reading.reading import read
from opendata.reading.report import Column, EncodingChoice, PersonalFinding, Problem, Report, Sheet

__all__ = ["Choices", "Column", "EncodingChoice", "PersonalFinding", "Problem", "Report", "Sheet", "read"]
