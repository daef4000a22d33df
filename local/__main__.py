"""The door: `python -m local`, for people and for make."""

import sys

try:
    from local.command_line import main
except ModuleNotFoundError as missing:
    sys.exit(f"The Python package {missing.name} is not installed: `make run` installs it.")
except KeyboardInterrupt:
    sys.exit(130)  # as shells report an end by Ctrl-C

main(prog_name="python -m local")
