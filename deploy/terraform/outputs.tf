output "balancer" {
  description = "Where the domain's record must point (an alias)."
  value       = { name = aws_lb.this.dns_name, zone = aws_lb.this.zone_id }
}

output "github_variables" {
  description = "The variables of this environment at GitHub."
  value = {
    TIKA_URL        = "https://${var.domain}"
    TIKA_CLUSTER    = aws_ecs_cluster.this.name
    AWS_REGION      = var.region
    AWS_DEPLOY_ROLE = aws_iam_role.github["deploy"].arn
  }
}

output "plan_role" {
  description = "For the job that plans; it can change nothing."
  value       = aws_iam_role.github["plan"].arn
}

output "database" {
  description = "For fill_secrets.py: the server, and where RDS keeps the administrator's password."
  value       = { address = aws_db_instance.this.address, port = aws_db_instance.this.port, administrator_secret = aws_db_instance.this.master_user_secret[0].secret_arn }
}

output "settings_secret" {
  description = "What fill_secrets.py fills."
  value       = aws_secretsmanager_secret.this.name
}

output "backup_bucket" {
  description = "For Tika's backups."
  value       = aws_s3_bucket.backups.id
}
