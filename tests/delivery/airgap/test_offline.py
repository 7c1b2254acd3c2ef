"""From a bundle to a running Tika without a network: each packet that tries to leave is counted, and none does."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.delivery.unchecked import could_not_check
from tika.cli.environment import ROOT

# A network of its own, whose only road leads into a cable that nobody holds: an attempt is a packet sent, and counted.
ALONE = """
set -eu
ip link set lo up
ip link add road type veth peer name nowhere
for end in road nowhere; do
    echo 1 >/proc/sys/net/ipv6/conf/$end/disable_ipv6 || true
    ip link set $end arp off up
done
ip addr add 192.0.2.1/24 dev road
ip route add default dev road
count() { awk '$1 == "road:" { print $11 }' /proc/self/net/dev; }
"$PYTHON" -c 'import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("198.51.100.1", 53))'
[ "$(count)" -gt 0 ] || { echo "an attempt is not counted here" && exit 77; }
before=$(count)
cd "$FOLDER/tika"
bin/run >"$FOLDER/log" 2>&1 &
tika=$!
ready=
for _ in $(seq 1000); do
    if "$PYTHON" -c 'import urllib.request as u; print(u.urlopen("http://127.0.0.1:8123/readyz").status)' 2>/dev/null
    then ready=1 && break; fi
    kill -0 $tika || break
    sleep 0.5
done
if [ -n "$ready" ]; then
    "$PYTHON" "$ASK" || ready=
    sleep 12  # the beat, the prober and the worker's rounds have had their turn
fi
kill -TERM $tika && wait $tika || true
[ -n "$ready" ] || { tail -40 "$FOLDER/log" && exit 1; }
echo "packets: $(($(count) - before))"
"""
# Pages, and whatever they name, as a browser would fetch it.
ASK = """
import re
import urllib.request as u
home = "http://127.0.0.1:8123"
for path in ("/accounts/login/", "/accounts/signup/", "/api/docs", "/api/openapi.json"):
    page = u.urlopen(home + path).read().decode()
    for name in re.findall(r'(?:src|href)="([^"#]+)"', page):
        assert not name.startswith(("http:", "https:", "//")) or name.startswith(home), name
        if name.startswith("/static/"):
            assert u.urlopen(home + name).status == 200, name
"""


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of this very commit, with its real packages; test_image.py has one with an image."""
    folder = tmp_path_factory.mktemp("bundle")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("TIKA_", "DATABASE_URL"))}
    for command in (["key", "tika.pem"], ["build", "--key", "tika.pem", "--to", "tika.tar"]):
        program = [str(ROOT / "bin/bundle"), *command]
        done = subprocess.run(program, cwd=folder, env=clean, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    return folder / "tika.tar"


@pytest.mark.slow
def test_it_is_installed_and_runs_without_a_network_and_nothing_tries_to_leave(bundle: Path) -> None:
    python = shutil.which("python3") or "python3"
    unshare = ["unshare", "--net"] if os.getuid() == 0 else ["unshare", "--net", "--map-root-user"]
    if shutil.which("ip") is None or subprocess.run([*unshare, "true"], capture_output=True, check=False).returncode:
        could_not_check("an installation without a network", "this machine makes no network namespaces")
    folder = bundle.parent / "site"
    command = [str(ROOT / "bin/bundle"), "install", str(bundle)]
    command += ["--key", str(bundle.parent / "tika.pub"), "--to", str(folder)]
    done = subprocess.run([*unshare, *command], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert {"wheels", "deploy", "docs", "bin"} <= {path.name for path in (folder / "tika").iterdir()}
    (bundle.parent / "ask.py").write_text(ASK)
    environ = {"PATH": os.environ["PATH"], "HOME": str(bundle.parent), "FOLDER": str(folder), "PORT": "8123"}
    environ |= {"PYTHON": python, "ASK": str(bundle.parent / "ask.py"), "TIKA_DATA_DIR": str(folder / "data")}
    done = subprocess.run(
        [*unshare, "sh", "-c", ALONE], env=environ, capture_output=True, text=True, timeout=700, check=False
    )
    if done.returncode == 77:
        could_not_check("an installation without a network", done.stdout.strip())
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "packets: 0"
