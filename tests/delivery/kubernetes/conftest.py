"""kubectl is in no registry of packages: where it is not found, that is said and not failed."""

import shutil

import pytest

from tests.delivery.unchecked import could_not_check


@pytest.fixture(scope="session")
def kubectl() -> str:
    return shutil.which("kubectl") or could_not_check("deploy/k8s as kustomize builds it", "kubectl is not found")
