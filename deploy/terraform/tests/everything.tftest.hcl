# `terraform test`: no AWS and no credentials; what it computes is made up.
mock_provider "aws" {
  source          = "./tests/mocks"
  override_during = plan
}

override_resource {
  target          = aws_security_group.tasks
  override_during = plan
  values          = { id = "sg-tasks" }
}

override_resource {
  target          = aws_iam_role.execution["roles"]
  override_during = plan
  values          = { arn = "arn:aws:iam::123456789012:role/roles" }
}

variables {
  environment       = "production"
  zones             = ["ap-northeast-2a", "ap-northeast-2c"]
  domain            = "tika.example.com"
  certificate_arn   = "arn:aws:acm:ap-northeast-2:123456789012:certificate/1"
  image             = "ghcr.io/example/tika@sha256:0000000000000000000000000000000000000000000000000000000000000000"
  github_repository = "example/tika"
  alarm_emails      = ["operators@example.com"]
  redis             = { enabled = true }
}

run "data_is_encrypted_by_our_key" {
  command = plan

  assert {
    condition     = aws_db_instance.this.storage_encrypted && aws_db_instance.this.kms_key_id == aws_kms_key.this.arn
    error_message = "The database must be encrypted by our key."
  }
  assert {
    condition     = aws_efs_file_system.this.encrypted && aws_efs_file_system.this.kms_key_id == aws_kms_key.this.arn
    error_message = "The files must be encrypted by our key."
  }
  assert {
    condition     = one([for rule in aws_s3_bucket_server_side_encryption_configuration.this["backups"].rule : one(rule.apply_server_side_encryption_by_default).sse_algorithm]) == "aws:kms"
    error_message = "Backups must be encrypted by our key."
  }
  assert {
    condition     = aws_elasticache_replication_group.this[0].at_rest_encryption_enabled == "true" && aws_elasticache_replication_group.this[0].transit_encryption_enabled
    error_message = "Redis must be encrypted, at rest and on the way."
  }
  assert {
    condition     = aws_kms_key.this.enable_key_rotation && aws_cloudwatch_log_group.this.kms_key_id == aws_kms_key.this.arn
    error_message = "The key must rotate, and the log be encrypted by it."
  }
  assert {
    condition     = aws_lb_listener.this.protocol == "HTTPS" && startswith(aws_lb_listener.this.ssl_policy, "ELBSecurityPolicy-TLS13-1-3") && one(one(aws_lb_listener.redirect.default_action).redirect).protocol == "HTTPS"
    error_message = "People are served by TLS 1.3 and nothing else."
  }
}

run "one_zone_may_fail" {
  command = plan

  assert {
    condition     = aws_db_instance.this.multi_az && aws_elasticache_replication_group.this[0].multi_az_enabled
    error_message = "Database and Redis must stand in two zones."
  }
  assert {
    condition     = length(aws_nat_gateway.this) == 2 && length(aws_efs_mount_target.this) == 2
    error_message = "Each zone needs its own way out, and its own way to the files."
  }
  assert {
    condition     = alltrue([for name in ["web", "live"] : aws_ecs_service.this[name].desired_count >= 2])
    error_message = "web and live must be two at least."
  }
}

run "nobody_from_outside_reaches_the_data" {
  command = plan

  assert {
    condition     = !aws_db_instance.this.publicly_accessible && length(aws_route_table.data.route) == 0
    error_message = "The database must have no way in from outside, nor out."
  }
  assert {
    condition     = alltrue([for rule in aws_vpc_security_group_ingress_rule.data : rule.cidr_ipv4 == null && rule.referenced_security_group_id == aws_security_group.tasks.id])
    error_message = "Only Tika's processes reach the data."
  }
  assert {
    condition     = alltrue([for rule in aws_vpc_security_group_ingress_rule.tasks : rule.cidr_ipv4 == null])
    error_message = "Only the load balancer reaches the processes."
  }
  assert {
    condition     = toset([for rule in aws_vpc_security_group_ingress_rule.balancer : rule.from_port]) == toset([80, 443])
    error_message = "The load balancer is reached on 80 and 443 only."
  }
  assert {
    condition     = alltrue([for service in aws_ecs_service.this : !one(service.network_configuration).assign_public_ip])
    error_message = "Processes must have no public address."
  }
  assert {
    condition     = alltrue([for block in aws_s3_bucket_public_access_block.this : block.block_public_acls && block.block_public_policy && block.ignore_public_acls && block.restrict_public_buckets])
    error_message = "No bucket may be public."
  }
}

run "data_can_be_brought_back_and_not_deleted" {
  command = plan

  assert {
    condition     = aws_db_instance.this.deletion_protection && !aws_db_instance.this.skip_final_snapshot && !aws_db_instance.this.delete_automated_backups
    error_message = "The database must not be deleted by mistake, and leave a snapshot."
  }
  assert {
    condition     = aws_db_instance.this.backup_retention_period == 14 && !aws_db_instance.this.apply_immediately && !aws_db_instance.this.allow_major_version_upgrade
    error_message = "The database must be restorable for two weeks, and change in its window only."
  }
  assert {
    condition     = alltrue([for bucket in aws_s3_bucket_versioning.this : one(bucket.versioning_configuration).status == "Enabled"]) && aws_s3_bucket.backups.object_lock_enabled
    error_message = "Buckets must keep versions, and backups be locked."
  }
  assert {
    condition     = one(aws_efs_backup_policy.this[0].backup_policy).status == "ENABLED"
    error_message = "Files must be backed up."
  }
  assert {
    condition     = alltrue([for one in [aws_db_instance.this.tags, aws_efs_file_system.this.tags, aws_s3_bucket.backups.tags, aws_kms_key.this.tags, aws_secretsmanager_secret.this.tags] : one["tika:stateful"] == "true"])
    error_message = "What holds data must carry the tag that the plan gate looks for."
  }
}

run "github_may_deploy_this_environment_and_nothing_else" {
  command = plan

  assert {
    condition     = aws_iam_openid_connect_provider.github[0].client_id_list == toset(["sts.amazonaws.com"])
    error_message = "Tokens must be meant for AWS."
  }
  assert {
    condition     = data.aws_iam_policy_document.assume_by_github["deploy"].statement[0].condition[*].test == tolist(["StringEquals", "StringEquals"])
    error_message = "The repository and the environment are compared, never matched."
  }
  assert {
    condition     = contains(flatten(data.aws_iam_policy_document.assume_by_github["deploy"].statement[0].condition[*].values), "repo:example/tika:environment:production")
    error_message = "Only jobs of this environment may deploy."
  }
  assert {
    condition     = alltrue([for statement in data.aws_iam_policy_document.deploy.statement : !contains(statement.actions, "*") && (statement.sid == "Definitions" || !contains(statement.resources, "*"))])
    error_message = "A deployment may not touch what is not Tika's."
  }
  assert {
    condition     = !contains(flatten(data.aws_iam_policy_document.deploy.statement[*].resources), aws_iam_role.execution["roles"].arn)
    error_message = "A deployment must not run a task as the database's administrator."
  }
}

run "processes_are_as_restricted_as_they_can_be" {
  command = plan

  assert {
    condition     = alltrue([for made in aws_ecs_task_definition.this : jsondecode(made.container_definitions)[0].readonlyRootFilesystem && jsondecode(made.container_definitions)[0].user == "10001:10001"])
    error_message = "Processes write nowhere but /data, and are not root."
  }
  assert {
    condition     = [for name, made in aws_ecs_task_definition.this : name if strcontains(made.container_definitions, "PGPASSWORD")] == ["roles"]
    error_message = "Only `roles` may have the administrator's password."
  }
  assert {
    condition     = !strcontains(aws_ecs_task_definition.this["web"].container_definitions, "DATABASE_URL_MIGRATOR")
    error_message = "web must not be able to change tables."
  }
  assert {
    condition     = alltrue([for service in aws_ecs_service.this : one(service.deployment_circuit_breaker).rollback && service.deployment_minimum_healthy_percent == 100])
    error_message = "A deployment must lose nobody, and go back by itself."
  }
  assert {
    condition     = alltrue([for group in aws_lb_target_group.this : one(group.health_check).path == "/livez"])
    error_message = "A database that rests must not have the tasks replaced."
  }
}

run "somebody_is_told_of_money_and_trouble" {
  command = plan

  assert {
    condition     = toset([for one in aws_budgets_budget.this[0].notification : one.notification_type]) == toset(["FORECASTED", "ACTUAL"]) && aws_budgets_budget.this[0].limit_amount == "500"
    error_message = "The budget must tell before and after."
  }
  assert {
    condition     = length(aws_cloudwatch_metric_alarm.this) == 3 && alltrue([for one in aws_cloudwatch_metric_alarm.this : length(one.alarm_actions) == 1])
    error_message = "Alarms must reach somebody."
  }
}

run "redis_is_an_option" {
  command = plan

  variables {
    redis = {}
  }

  assert {
    condition     = length(aws_elasticache_replication_group.this) == 0 && !contains(keys(aws_security_group.data), "redis")
    error_message = "Without Redis there is nothing of it."
  }
  assert {
    condition     = !strcontains(aws_ecs_task_definition.this["web"].container_definitions, "REDIS_URL")
    error_message = "Without Redis nobody is told of one."
  }
}
