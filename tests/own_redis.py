"""A Redis database for each test process: none takes, or throws away, another's messages and counters."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

# Loaded before the settings are read (`-p` in pyproject.toml), because they keep the address they find.
worker = os.environ.get("PYTEST_XDIST_WORKER", "")
if worker:
    own = f"/{1 + int(worker.removeprefix('gw'))}"
    os.environ["REDIS_URL"] = urlsplit(os.environ["REDIS_URL"])._replace(path=own).geturl()
