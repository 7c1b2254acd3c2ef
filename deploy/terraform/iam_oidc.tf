# GitHub Actions signs in with a token for minutes; there is no key that could be stolen. Only jobs of this environment of
# this repository are let in, and GitHub asks its reviewers before such a job starts.
locals {
  github = "token.actions.githubusercontent.com"
  ecs    = "arn:${data.aws_partition.this.partition}:ecs:${var.region}:${local.account}"
}

resource "aws_iam_openid_connect_provider" "github" {
  count = var.github_provider_exists ? 0 : 1

  url            = "https://${local.github}"
  client_id_list = ["sts.amazonaws.com"]
}

data "aws_iam_policy_document" "assume_by_github" {
  # `deploy` changes what runs; `plan` only looks, for the job that shows what Terraform would change.
  for_each = { deploy = var.environment, plan = "${var.environment}-plan" }

  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = ["arn:${data.aws_partition.this.partition}:iam::${local.account}:oidc-provider/${local.github}"]
    }

    condition {
      test     = "StringEquals"
      variable = "${local.github}:aud"
      values   = ["sts.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "${local.github}:sub"
      values   = ["repo:${var.github_repository}:environment:${each.value}"]
    }
  }
}

resource "aws_iam_role" "github" {
  for_each = data.aws_iam_policy_document.assume_by_github

  name                 = "${local.name}-github-${each.key}"
  assume_role_policy   = each.value.json
  max_session_duration = 3600

  depends_on = [aws_iam_openid_connect_provider.github]
}

data "aws_iam_policy_document" "deploy" {
  # These know no resource to be limited to.
  statement {
    sid       = "Definitions"
    actions   = ["ecs:RegisterTaskDefinition", "ecs:DescribeTaskDefinition"]
    resources = ["*"]
  }

  statement {
    sid       = "Services"
    actions   = ["ecs:DescribeServices", "ecs:UpdateService"]
    resources = [for name in keys(var.processes) : "${local.ecs}:service/${local.name}/${name}"]
  }

  statement {
    sid       = "Migrations"
    actions   = ["ecs:RunTask"]
    resources = ["${local.ecs}:task-definition/${local.name}-migrate:*"]

    condition {
      test     = "ArnEquals"
      variable = "ecs:cluster"
      values   = [aws_ecs_cluster.this.arn]
    }
  }

  statement {
    sid       = "Watch"
    actions   = ["ecs:DescribeTasks"]
    resources = ["${local.ecs}:task/${local.name}/*"]
  }

  statement {
    sid       = "Roles"
    actions   = ["iam:PassRole"]
    resources = [aws_iam_role.execution["processes"].arn, aws_iam_role.task.arn]

    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["ecs-tasks.amazonaws.com"]
    }
  }
}

resource "aws_iam_role_policy" "deploy" {
  name   = "deploy"
  role   = aws_iam_role.github["deploy"].id
  policy = data.aws_iam_policy_document.deploy.json
}

resource "aws_iam_role_policy_attachment" "plan" {
  role       = aws_iam_role.github["plan"].name
  policy_arn = "arn:${data.aws_partition.this.partition}:iam::aws:policy/ReadOnlyAccess"
}

# Looking at everything does not mean reading what is written there.
data "aws_iam_policy_document" "plan" {
  statement {
    sid       = "NotWhatPeopleWrote"
    effect    = "Deny"
    actions   = ["secretsmanager:GetSecretValue", "s3:GetObject", "s3:GetObjectVersion", "logs:GetLogEvents", "logs:FilterLogEvents", "logs:StartQuery"]
    resources = [aws_secretsmanager_secret.this.arn, "${aws_s3_bucket.backups.arn}/*", "${aws_s3_bucket.access.arn}/*", "${aws_cloudwatch_log_group.this.arn}:*"]
  }
}

resource "aws_iam_role_policy" "plan" {
  name   = "not-content"
  role   = aws_iam_role.github["plan"].id
  policy = data.aws_iam_policy_document.plan.json
}
