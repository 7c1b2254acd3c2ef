"""What must be so in the code itself, whether or not Terraform is here to ask."""

import re
from typing import Any

import pytest

from tests.delivery.terraform.code import FILES, FOLDER, blocks, read

STATEFUL = {"aws_db_instance", "aws_efs_file_system", "aws_kms_key", "aws_secretsmanager_secret"}
RESOURCES = list(blocks("resource"))


def test_there_is_a_file_for_each_concern() -> None:
    names = {path.stem for path in FILES}
    assert {"versions", "providers", "network", "kms", "rds", "elasticache", "s3", "ecs", "iam_oidc", "budget"} <= names
    for path in FILES:
        assert len(path.read_text().splitlines()) <= 250, path.name


def test_what_holds_data_cannot_be_destroyed_and_is_marked() -> None:
    found = {(type_, name): body for type_, name, body in RESOURCES if type_ in STATEFUL | {"aws_s3_bucket"}}
    assert {type_ for type_, _ in found} == STATEFUL | {"aws_s3_bucket"}
    # The load balancer's log can be made anew.
    del found["aws_s3_bucket", "access"]
    for key, body in found.items():
        assert body["lifecycle"][0]["prevent_destroy"] is True, key
        assert "local.stateful" in str(body["tags"]), key


OPEN = {
    ("aws_vpc_security_group_ingress_rule", "balancer"),
    ("aws_vpc_security_group_egress_rule", "tasks"),
    ("aws_route_table", "public"),
    ("aws_route_table", "tasks"),
}


def test_the_whole_world_reaches_the_load_balancer_and_nothing_else() -> None:
    found = {(type_, name) for type_, name, body in RESOURCES if re.search(r"0\.0\.0\.0/0|::/0", str(body))}
    assert found == OPEN


def test_nothing_secret_is_written_here_or_kept_in_the_state() -> None:
    forbidden = {"aws_secretsmanager_secret_version", "random_password", "aws_iam_access_key", "tls_private_key"}
    assert not forbidden & {type_ for type_, _, _ in RESOURCES}
    for type_, name, body in RESOURCES:
        keys = {key for key in body if re.search(r"password$|auth_token$|secret_string$", key)}
        assert keys <= {"manage_master_user_password"}, f"{type_}.{name}"


def test_the_provider_is_an_exact_version_that_the_lock_knows() -> None:
    (settings,) = read(FOLDER / "versions.tf")["terraform"]
    (providers,) = settings["required_providers"]
    assert set(providers) == {"aws"}
    lock = (FOLDER / ".terraform.lock.hcl").read_text()
    assert f'version     = "{providers["aws"]["version"]}"' in lock
    assert len(re.findall(r'"(?:h1:[\w+/]{43}=|zh:[0-9a-f]{64})"', lock)) > 10


def variables() -> dict[str, Any]:
    return {name: body for block in read(FOLDER / "variables.tf")["variable"] for name, body in block.items()}


@pytest.mark.parametrize("name", variables())
def test_each_variable_says_what_it_is_and_refuses_nonsense(name: str) -> None:
    body = variables()[name]
    assert len(body["description"]) > 10
    if name not in {"cost_center", "tags", "github_provider_exists", "redis", "database_ca"}:
        assert all(one["error_message"].startswith(name) for one in body["validation"])


def test_the_examples_name_only_variables_that_exist_and_all_that_are_needed() -> None:
    known = variables()
    needed = {name for name, body in known.items() if "default" not in body}
    for path in FOLDER.glob("examples/*.tfvars"):
        given = set(read(path))
        assert needed <= given <= set(known), path.name


def test_rights_name_what_they_are_for() -> None:
    allowed_everywhere = {"Definitions", "Account", "Logs", "Alarms", "OnlyOverTls"}
    for type_, name, body in blocks("data"):
        for statement in body.get("statement", []):
            if statement.get("resources") == ["*"] and statement.get("effect") != "Deny":
                assert statement.get("sid") in allowed_everywhere, f"{type_}.{name}: {statement}"
            assert "*" not in statement.get("actions", []), f"{type_}.{name}"


def test_github_s_token_is_compared_and_not_matched() -> None:
    text = (FOLDER / "iam_oidc.tf").read_text()
    assert "StringLike" not in text
    assert '"repo:${var.github_repository}:environment:${each.value}"' in text
