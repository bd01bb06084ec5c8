"""Django's own management commands: `python -m goedebuur.app.manage createsuperuser`, `migrate`, `changepassword`."""

import os
import sys


def main(arguments: list[str] | None = None) -> None:
    """Run the management command in the arguments."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "goedebuur.app.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["goedebuur.app.manage", *(sys.argv[1:] if arguments is None else arguments)])


if __name__ == "__main__":
    main()
