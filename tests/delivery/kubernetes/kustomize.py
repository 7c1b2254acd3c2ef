"""What kustomize makes of a folder, by the kubectl that is found."""

import os
import subprocess
from functools import cache
from pathlib import Path

from tests.delivery.kubernetes.chart import Objects, read
from tests.delivery.kubernetes.generated import K8S

OVERLAYS = ("staging", "production", "on-premises", "production-argocd")


@cache
def _built(kubectl: str, folder: Path) -> str:
    command = [kubectl, "kustomize", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def built(kubectl: str, folder: Path) -> Objects:
    return read(_built(kubectl, folder))


def overlay(kubectl: str, name: str) -> Objects:
    return built(kubectl, K8S / "overlays" / name)


def with_component(kubectl: str, name: str, component: str, folder: Path) -> Objects:
    """An overlay that somebody makes of another one and a component; kustomize wants paths that lead there."""
    base, part = (K8S / "overlays" / name), (K8S / "components" / component)
    here = folder.resolve()
    lines = [
        "apiVersion: kustomize.config.k8s.io/v1beta1",
        "kind: Kustomization",
        f"resources: [{os.path.relpath(base, here)}]",
        f"components: [{os.path.relpath(part, here)}]",
    ]
    (folder / "kustomization.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return built(kubectl, folder)
