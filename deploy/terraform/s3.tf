# Tika's own backups (encrypted before they arrive) and the load balancer's log.
locals {
  buckets = {
    backups = { stateful = true, kms = true, days = 400 }
    access  = { stateful = false, kms = false, days = var.log_days }
  }
}

resource "aws_s3_bucket" "backups" {
  bucket              = "${local.name}-backups-${local.account}"
  object_lock_enabled = true

  tags = local.stateful

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_s3_bucket" "access" {
  bucket = "${local.name}-access-${local.account}"
}

locals {
  bucket_names = { backups = aws_s3_bucket.backups.id, access = aws_s3_bucket.access.id }
  bucket_arns  = { backups = aws_s3_bucket.backups.arn, access = aws_s3_bucket.access.arn }
}

resource "aws_s3_bucket_public_access_block" "this" {
  for_each = local.buckets

  bucket                  = local.bucket_names[each.key]
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "this" {
  for_each = local.buckets

  bucket = local.bucket_names[each.key]

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_versioning" "this" {
  for_each = local.buckets

  bucket = local.bucket_names[each.key]

  versioning_configuration {
    status = "Enabled"
  }
}

# The load balancer writes its log with S3's own key only.
resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  for_each = local.buckets

  bucket = local.bucket_names[each.key]

  rule {
    bucket_key_enabled = each.value.kms

    apply_server_side_encryption_by_default {
      sse_algorithm     = each.value.kms ? "aws:kms" : "AES256"
      kms_master_key_id = each.value.kms ? aws_kms_key.this.arn : null
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  for_each = local.buckets

  bucket = local.bucket_names[each.key]

  rule {
    id     = "age"
    status = "Enabled"

    filter {}

    expiration {
      days = each.value.days
    }

    noncurrent_version_expiration {
      noncurrent_days = 30
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  depends_on = [aws_s3_bucket_versioning.this]
}

# Nobody deletes a backup for two weeks, neither by mistake nor with stolen rights.
resource "aws_s3_bucket_object_lock_configuration" "backups" {
  bucket = aws_s3_bucket.backups.id

  rule {
    default_retention {
      mode = "GOVERNANCE"
      days = 14
    }
  }

  depends_on = [aws_s3_bucket_versioning.this]
}

data "aws_iam_policy_document" "bucket" {
  for_each = local.buckets

  statement {
    sid       = "OnlyOverTls"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [local.bucket_arns[each.key], "${local.bucket_arns[each.key]}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }

  dynamic "statement" {
    for_each = each.key == "access" ? [1] : []
    content {
      sid       = "BalancerLog"
      actions   = ["s3:PutObject"]
      resources = ["${local.bucket_arns[each.key]}/AWSLogs/${local.account}/*"]

      principals {
        type        = "Service"
        identifiers = ["logdelivery.elasticloadbalancing.amazonaws.com"]
      }
    }
  }
}

resource "aws_s3_bucket_policy" "this" {
  for_each = local.buckets

  bucket = local.bucket_names[each.key]
  policy = data.aws_iam_policy_document.bucket[each.key].json

  depends_on = [aws_s3_bucket_public_access_block.this]
}
