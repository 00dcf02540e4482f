#!/usr/bin/env python
"""Command line of the portal: `python manage.py help` lists what it can do."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError as error:
        raise SystemExit("Django is not installed here. Run `make run`, or activate .venv first.") from error
    from portal import embedded

    if not {"help", "--help", "collectstatic", "makemessages", "messages"} & set(sys.argv[1:2]):
        embedded.ensure_database()
    if sys.argv[1:2] == ["up"]:
        embedded.ensure_broker()
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
