"""What is written from something else: the manifests of kustomize from the chart, the chart's roles from the product's,
the table of its README from its values. One source each, and a test that the copies are as new.

    bin/with-python requirements-delivery.lock -m tests.delivery.kubernetes.generated
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tests.delivery.kubernetes.chart import CHART, texts
from tika.cli import roles
from tika.cli.environment import DATABASE, ROOT

K8S = ROOT / "deploy" / "k8s"
SAID = "# From deploy/helm/tika, by tests/delivery/kubernetes/generated.py: change the chart, and generate again.\n"
SCALED = {"autoscaling": {"enabled": True}, "live": {"autoscaling": {"enabled": True}}}
BACKUP: dict[str, Any] = {"backup": {"enabled": True, "keySecret": "tika-backup-key"}}
# folder: values, and the files that are taken of what they make.
BASE = (
    "account",
    "availability",
    "exporter",
    "ingress",
    "live",
    "migrate",
    "networkpolicies",
    "services",
    "web",
    "worker",
)
FOLDERS: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "base": (SCALED, BASE),
    "components/observability": ({"monitoring": {"enabled": True}}, ("monitoring",)),
    "components/backup": (BACKUP, ("backup",)),
    "components/canary": (SCALED | {"rollout": {"strategy": "canary"}}, ("rollout",)),
    "components/blue-green": (SCALED | {"rollout": {"strategy": "blueGreen"}}, ("rollout",)),
    "components/cloudnative-pg": ({"postgresql": {"enabled": True, "pooler": {"enabled": True}}}, ("postgresql",)),
}
# What only Helm needs, and a version that kustomize's `images` would not move.
HELMS = re.compile(r"^ +(helm\.sh/|app\.kubernetes\.io/(managed-by|version): ).*\n", re.M)
START, END = "<!-- values from here -->\n", "<!-- to here -->\n"


def manifests() -> Iterator[tuple[Path, str]]:
    for folder, (values, names) in FOLDERS.items():
        made = texts(values)
        for name in names:
            text = HELMS.sub("", made[f"{name}.yaml"]).strip("\n").removesuffix("---").rstrip()
            yield K8S / folder / f"{name}.yaml", SAID + re.sub(r"\n *(?=\n)", "", f"{text}\n")


def database_roles() -> str:
    """For a database that is just being made: roles without passwords, and their rights. Run by a superuser, in it."""
    lines = ["-- From tika/cli/roles.py: the roles without their passwords, and their rights in this database."]
    for role in roles.ROLES:
        lines.append(
            f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role.name}') THEN"
            f" CREATE ROLE {role.name}; END IF; END $$;"
        )
        lines.append(f"ALTER ROLE {role.name} {role.attributes()};")
        lines += [f"ALTER ROLE {role.name} SET {name} = '{value}';" for name, value in role.settings.items()]
    lines += [f"ALTER ROLE {role.name} REPLICATION;" for role in roles.ROLES if role.replication]
    lines += [f"{roles.member_of(*pair)};" for pair in (*roles.MEMBERS, *roles.READERS)]
    return "\n".join([*lines, *(f"{right};" for right in roles.all_rights(DATABASE))]) + "\n"


def readme() -> str:
    path = CHART / "README.md"
    before, _, rest = path.read_text(encoding="utf-8").partition(START)
    after = rest.partition(END)[2]
    rows = "".join(f"| `{name}` | {text} | `{value}` |\n" for name, text, value in table())
    return f"{before}{START}| value | what it says | as it comes |\n|---|---|---|\n{rows}{END}{after}"


def table() -> Iterator[tuple[str, str, str]]:
    """(name, what its comment says, default) of each value that has a comment."""
    text = (CHART / "values.yaml").read_text(encoding="utf-8")
    given, said = yaml.safe_load(text), ""
    place: list[str] = []
    for line in text.splitlines():
        if comment := re.fullmatch(r" *# -- (.*)", line):
            said = comment[1]
        elif found := re.match(r"( *)(\w+):", line):
            place = [*place[: len(found[1]) // 2], found[2]]
            if said:
                yield ".".join(place), said.replace("|", "\\|"), short(value_at(given, place))
            said = ""


def value_at(given: Any, place: list[str]) -> Any:
    for name in place:
        given = given[name]
    return given


def short(value: Any) -> str:
    return yaml.safe_dump(value, default_flow_style=True, width=1000).removesuffix("...\n").strip().replace("|", "\\|")


def everything() -> Iterator[tuple[Path, str]]:
    yield CHART / "database" / "roles.sql", database_roles()
    yield CHART / "README.md", readme()
    yield from manifests()


if __name__ == "__main__":
    for path, text in everything():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
