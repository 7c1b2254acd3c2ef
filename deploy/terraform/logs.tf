resource "aws_cloudwatch_log_group" "this" {
  name              = "/tika/${var.environment}"
  retention_in_days = var.log_days
  kms_key_id        = aws_kms_key.this.arn
}
