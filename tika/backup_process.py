"""The `backup` process, whose lines are those of every other process. Without Django, so that it stays small."""

import os
import sys

from backups.process import main
from observability import logs
from tika.env import logging_config

if __name__ == "__main__":
    os.environ.setdefault("TIKA_SERVICE", "tika-backup")
    logs.configure(logging_config())
    sys.exit(main())
