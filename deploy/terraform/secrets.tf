# The place only. What is in it never passes through Terraform, whose state anybody who plans can read: fill_secrets.py.
locals {
  # Keys of the secret, and which process sees which.
  secret_keys = {
    web     = ["TIKA_SECRET_KEY", "DATABASE_URL", "DATABASE_URL_DIRECT"]
    live    = ["TIKA_SECRET_KEY", "DATABASE_URL", "DATABASE_URL_DIRECT"]
    worker  = ["TIKA_SECRET_KEY", "DATABASE_URL", "DATABASE_URL_DIRECT", "DATABASE_URL_WORKER"]
    migrate = ["TIKA_SECRET_KEY", "DATABASE_URL_MIGRATOR"]
    roles   = ["TIKA_SECRET_KEY", "DATABASE_URL", "DATABASE_URL_WORKER", "DATABASE_URL_MIGRATOR"]
  }
}

resource "aws_secretsmanager_secret" "this" {
  name                    = "${local.name}/settings"
  description             = "Addresses with passwords, and the signing key"
  kms_key_id              = aws_kms_key.this.arn
  recovery_window_in_days = 30

  tags = local.stateful

  lifecycle {
    # Without the signing key nobody's session or link is good any more.
    prevent_destroy = true
  }
}
