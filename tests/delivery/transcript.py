"""What the manuals show is what the commands say: compared by the tests that run them, with one value in the place of
all those that differ from run to run.

WRITE_TRANSCRIPTS=1 writes what was said instead.
"""

import os
import re

from tika.cli.environment import ROOT

WRITE = "WRITE_TRANSCRIPTS"
MOMENT = r"\d{4}-\d\d-\d\d"
SHOWN = {
    MOMENT + r"T[\d:.]+(?:\+00:00|Z)": "2026-11-26T02:42:22Z",
    MOMENT + r" \d\d:\d\d:\d\dZ": "2026-11-26 02:42:22Z",
    r"\b\d{8}T\d{6,}Z": "20261126T024222119Z",
    r"\b\d+(?:\.\d+)?\s(?:bytes?|KB|MB|GB)\b": "1.2 MB",
    r"\b(?<!for )\d+(?:\.\d+)? s\b": "4.2 s",
    r"docker[ -]compose": "docker compose",
    r'"sends_log": \w+': '"sends_log": true',
    r"password: \S+": "password: k8Wq-Tr3xVb0ZpLs",
    r"\b\d+ to look at": "5 to look at",
    r"^ +\d+  entries of its history": "        42  entries of its history",
    # It may have been made a minute before, by the process that looks after backups.
    r"\n\nThe key that opens them is .*": "",
}
# What bin/install finds out about the machine, which is another one each time: a line by how it begins.
MACHINE = {
    "architecture:": "pass  architecture: x86_64",
    "kernel:": "pass  kernel: 6.1.0",
    "processors:": "pass  processors: 2 cores",
    "memory:": "pass  memory: 24105 MB",
    "clock:": "warn  clock: nobody says that it is synchronised\n"
    "        fix: switch time synchronisation on: timedatectl set-ntp true, or install chrony",
    "entropy:": "pass  entropy: 256 bits",
    "disk of this folder:": "pass  disk of this folder: 61440 MB",
    "docker engine:": "warn  docker engine: 20 (major version); 23 or more are comfortable\n"
    "        fix: upgrade Docker Engine",
    "compose:": "pass  compose: 1.29.2",
    "disk of docker ": "warn  disk of docker (/var/lib/docker): 4 GB; 10 or more are comfortable\n"
    "        fix: free some space, or give docker a larger disk (data-root)",
    "inodes of docker:": "pass  inodes of docker: 2900000 free",
    "limits of memory": "pass  limits of memory are held",
    "DNS:": "warn  DNS: board.internal is not known from here\n"
    "        fix: add board.internal with this machine's address to your DNS, or to /etc/hosts of those who try it",
}


def check(name: str, command: str, said: str) -> None:
    """`docs/<name>` shows this command with these words."""
    path = ROOT / "docs" / name
    introduction, *blocks = re.split(r"^\$ ", path.read_text(), flags=re.M)
    shown = {line: words.strip("\n") for line, words in (block.split("\n", 1) for block in blocks)}
    now = alike(said).strip("\n")
    if os.environ.get(WRITE):
        shown[command] = now
        parts = [introduction.strip("\n"), *(f"$ {line}\n{words}" for line, words in shown.items())]
        path.write_text("\n\n".join(parts) + "\n")
    assert shown.get(command) == now, f"docs/{name} is old: run this test with {WRITE}=1, and look at what it wrote"


def alike(said: str) -> str:
    for pattern, value in SHOWN.items():
        said = re.sub(pattern, value, said, flags=re.M)
    for start, line in MACHINE.items():
        pattern = rf"^  (?:pass|warn)  {re.escape(start)}.*(?:\n        fix: .*)?$"
        said = re.sub(pattern, f"  {line}", said, flags=re.M)
    return said
