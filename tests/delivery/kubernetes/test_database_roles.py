"""The roles of a database that CloudNativePG makes: run on a real server, and looked at as `bin/run` looks at one."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests import database
from tests.delivery.kubernetes.chart import objects
from tests.delivery.kubernetes.found import Object, named, workloads
from tests.delivery.kubernetes.value_sets import SETS
from tika.cli import roles
from tika.cli.folder import Folder

MADE = objects(SETS["a cluster of CloudNativePG"])
CLUSTER: Object = named(MADE, "Cluster", "tika-db")["spec"]


@pytest.fixture(scope="module")
def inside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A superuser's address of an empty database on a server that knows no role of ours, but for its owner."""
    server = database.start(Folder(Path(tmp_path_factory.mktemp("roles"))), alone=False)
    try:
        owner = CLUSTER["bootstrap"]["initdb"]["owner"]
        name = CLUSTER["bootstrap"]["initdb"]["database"]
        with psycopg.connect(server.url("postgres", "postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE ROLE {owner} LOGIN PASSWORD 'chosen'".encode())
            connection.execute(f"CREATE DATABASE {name} OWNER {owner} TEMPLATE template0 ENCODING 'UTF8'".encode())
        yield server.url("postgres", name)
    finally:
        server.stop()


def test_nothing_is_missing_afterwards(inside: str) -> None:
    (reference,) = CLUSTER["bootstrap"]["initdb"]["postInitApplicationSQLRefs"]["configMapRefs"]
    text = named(MADE, "ConfigMap", reference["name"])["data"][reference["key"]]
    with psycopg.connect(inside, autocommit=True) as connection:
        assert roles.missing_rights(connection, "tika", roles_exist=False)
        connection.execute(text.encode())
        passwords = dict.fromkeys(roles.SIGN_IN, "chosen")
        assert roles.missing_roles(connection, passwords) == []
        assert roles.missing_rights(connection, "tika", roles_exist=True) == []


def test_what_the_operator_keeps_up_is_what_the_product_says() -> None:
    """CloudNativePG sets a role back to what stands in the cluster: it must not be other than tika/cli/roles.py."""
    kept = {one["name"]: one for one in CLUSTER["managed"]["roles"]}
    known = {role.name: role for role in roles.ROLES}
    for name, one in kept.items():
        role = known[name]
        assert (one["login"], one["superuser"], one["bypassrls"]) == (True, False, role.bypass_rls), name
        assert one["replication"] == role.replication, name
        assert one.get("inRoles", []) == [granted for granted, member in roles.READERS if member == name], name
    # Who owns the database is the operator's by bootstrap; who cannot sign in is nobody's.
    assert {*kept, "tika_migrator", "tika_owner", "tika_definer"} == set(known)


def test_only_who_signs_in_has_a_password_and_it_is_a_secrets() -> None:
    kept = {one["name"]: one for one in CLUSTER["managed"]["roles"]}
    named_by = {name: one["passwordSecret"]["name"] for name, one in kept.items() if "passwordSecret" in one}
    assert named_by == {f"tika_{role}": f"tika-db-{role}" for role in ("app", "worker", "backup")}
    used = {
        entry["valueFrom"]["secretKeyRef"]["name"]
        for one in workloads(MADE)
        for name, entry in one.environment.items()
        if name.startswith("PASSWORD_OF_")
    }
    assert used == {*named_by.values(), "tika-db-migrator"}
    assert CLUSTER["bootstrap"]["initdb"]["secret"] == {"name": "tika-db-migrator"}
