resource "aws_ecs_cluster" "this" {
  name = local.name

  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

locals {
  # Run once in a while: `migrate` before each deployment, `roles` when the database is new or a password changes.
  once = {
    migrate = { cpu = 256, memory = 512 }
    roles   = { cpu = 256, memory = 512 }
  }
  commands = merge(var.processes, local.once)

  settings = {
    TIKA_BASE_URL        = "https://${var.domain}"
    TIKA_ALLOWED_HOSTS   = var.domain
    TIKA_TRUSTED_PROXIES = "1"
    TIKA_ENV             = var.environment
    AWS_REGION           = var.region
    # What a task writes there by itself; RDS has no write-ahead log for others, so its own backups are the physical ones.
    TIKA_BACKUP_URL = "s3://${aws_s3_bucket.backups.id}/tika"
  }
  redis = var.redis.enabled ? { REDIS_URL = "rediss://${aws_elasticache_replication_group.this[0].primary_endpoint_address}:6379/0" } : {}
  # AWS's own authority is none that systems know: with its PEM in the image the server is verified, too.
  tls = var.database_ca == null ? "sslmode=require" : "sslmode=verify-full&sslrootcert=${urlencode(var.database_ca)}"
  # `tika roles` signs in as the administrator whose password RDS keeps; it completes the address.
  roles = { DATABASE_URL_SUPERUSER = "postgres://${aws_db_instance.this.username}@${aws_db_instance.this.endpoint}/postgres?${local.tls}" }

  environments = { for name in keys(local.commands) : name => merge(local.settings, local.redis, name == "roles" ? local.roles : {}) }
  master       = { name = "PGPASSWORD", valueFrom = "${aws_db_instance.this.master_user_secret[0].secret_arn}:password::" }

  secrets = { for name in keys(local.commands) : name => concat(
    [for key in local.secret_keys[name] : { name = key, valueFrom = "${aws_secretsmanager_secret.this.arn}:${key}::" }],
    name == "roles" ? [local.master] : []
  ) }
}

resource "aws_ecs_task_definition" "this" {
  for_each = local.commands

  family                   = "${local.name}-${each.key}"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = each.value.cpu
  memory                   = each.value.memory
  execution_role_arn       = each.key == "roles" ? aws_iam_role.execution["roles"].arn : aws_iam_role.execution["processes"].arn
  task_role_arn            = aws_iam_role.task.arn

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = "X86_64"
  }

  container_definitions = jsonencode([{
    name                   = "tika"
    image                  = var.image
    command                = [each.key]
    essential              = true
    memory                 = each.value.memory
    user                   = "10001:10001"
    readonlyRootFilesystem = true
    # Longer than the image needs to finish what it has begun.
    stopTimeout = 30
    linuxParameters = {
      initProcessEnabled = true
    }
    environment  = [for name, value in local.environments[each.key] : { name = name, value = value }]
    secrets      = local.secrets[each.key]
    portMappings = contains(keys(local.ports), each.key) ? [{ containerPort = local.ports[each.key], protocol = "tcp" }] : []
    # Fargate gives every other volume to root; the image keeps its temporary files in /data/tmp then.
    mountPoints = [
      { sourceVolume = "data", containerPath = "/data", readOnly = false },
    ]
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.this.name
        awslogs-region        = var.region
        awslogs-stream-prefix = each.key
      }
    }
  }])

  volume {
    name = "data"

    efs_volume_configuration {
      file_system_id     = aws_efs_file_system.this.id
      transit_encryption = "ENABLED"

      authorization_config {
        access_point_id = aws_efs_access_point.this.id
        iam             = "ENABLED"
      }
    }
  }
}
