environment       = "production"
region            = "ap-northeast-2"
zones             = ["ap-northeast-2a", "ap-northeast-2c"]
domain            = "tika.example.com"
certificate_arn   = "arn:aws:acm:ap-northeast-2:123456789012:certificate/00000000-0000-0000-0000-000000000000"
image             = "ghcr.io/example/tika@sha256:0000000000000000000000000000000000000000000000000000000000000000"
github_repository = "example/tika"
alarm_emails      = ["operators@example.com"]
monthly_budget    = 800

database = {
  class       = "db.m7g.large"
  storage     = 100
  backup_days = 30
}

processes = {
  web    = { min = 3, max = 12 }
  worker = { min = 2, max = 4 }
}

redis = {
  enabled = true
}
