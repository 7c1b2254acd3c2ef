# Limits and fan-out that several processes share. It can be lost: PostgreSQL has everything.
resource "aws_elasticache_subnet_group" "this" {
  count = var.redis.enabled ? 1 : 0

  name       = local.name
  subnet_ids = [for subnet in aws_subnet.data : subnet.id]
}

resource "aws_elasticache_replication_group" "this" {
  count = var.redis.enabled ? 1 : 0

  replication_group_id = local.name
  description          = "Tika ${var.environment}"
  engine               = "valkey"
  engine_version       = "8.0"
  node_type            = var.redis.class
  port                 = 6379

  num_cache_clusters         = 2
  multi_az_enabled           = true
  automatic_failover_enabled = true
  subnet_group_name          = aws_elasticache_subnet_group.this[0].name
  security_group_ids         = [aws_security_group.data["redis"].id]

  at_rest_encryption_enabled = true
  kms_key_id                 = aws_kms_key.this.arn
  transit_encryption_enabled = true
  transit_encryption_mode    = "required"

  maintenance_window         = "sun:18:30-sun:19:30"
  auto_minor_version_upgrade = true
}
