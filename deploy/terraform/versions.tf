terraform {
  # 1.11: S3 keeps the lock of the state beside it, and values may be write-only.
  required_version = ">= 1.11, < 2.0"

  required_providers {
    aws = {
      source = "hashicorp/aws"
      # Exact: what a newer provider would replace is looked at first (plan_gate.py).
      version = "5.100.0"
    }
  }

  # One state for each environment: examples/*.s3.tfbackend.
  backend "s3" {}
}
