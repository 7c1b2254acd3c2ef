provider "aws" {
  region = var.region

  default_tags {
    tags = local.tags
  }

  # Only for an emulator: real credentials come from the environment, never from here.
  access_key                  = local.emulated ? "testing" : null
  secret_key                  = local.emulated ? "testing" : null
  skip_credentials_validation = local.emulated
  skip_metadata_api_check     = local.emulated
  skip_requesting_account_id  = local.emulated
  skip_region_validation      = local.emulated
  s3_use_path_style           = local.emulated

  dynamic "endpoints" {
    for_each = var.endpoint == null ? [] : [var.endpoint]
    content {
      budgets                = endpoints.value
      cloudwatch             = endpoints.value
      ec2                    = endpoints.value
      ecs                    = endpoints.value
      efs                    = endpoints.value
      elasticache            = endpoints.value
      elbv2                  = endpoints.value
      iam                    = endpoints.value
      kms                    = endpoints.value
      logs                   = endpoints.value
      rds                    = endpoints.value
      s3                     = endpoints.value
      secretsmanager         = endpoints.value
      sns                    = endpoints.value
      sts                    = endpoints.value
      applicationautoscaling = endpoints.value
    }
  }
}
