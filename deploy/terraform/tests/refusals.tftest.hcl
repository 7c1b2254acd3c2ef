# What the variables refuse, before anything is planned. Each run breaks as many as it names.
mock_provider "aws" {
  source          = "./tests/mocks"
  override_during = plan
}

variables {
  environment       = "production"
  zones             = ["ap-northeast-2a", "ap-northeast-2c"]
  domain            = "tika.example.com"
  certificate_arn   = "arn:aws:acm:ap-northeast-2:123456789012:certificate/1"
  image             = "ghcr.io/example/tika@sha256:0000000000000000000000000000000000000000000000000000000000000000"
  github_repository = "example/tika"
  alarm_emails      = ["operators@example.com"]
}

run "each_is_refused" {
  command = plan

  variables {
    environment       = "test"
    region            = "Seoul"
    zones             = ["ap-northeast-2a"]
    domain            = "https://tika.example.com/"
    certificate_arn   = "arn:aws:iam::123456789012:server-certificate/x"
    image             = "ghcr.io/example/tika:latest"
    github_repository = "example/*"
    cidr              = "10.40.0.0/24"
    database          = { version = "15" }
    processes         = { web = { min = 1 } }
    monthly_budget    = 0
    alarm_emails      = []
    log_days          = 1
    endpoint          = "https://aws.example.com"
  }

  expect_failures = [
    var.environment, var.region, var.zones, var.domain, var.certificate_arn, var.image, var.github_repository, var.cidr,
    var.database, var.processes, var.monthly_budget, var.alarm_emails, var.log_days, var.endpoint,
  ]
}

run "each_in_another_way" {
  command = plan

  variables {
    zones        = ["ap-northeast-2a", "ap-northeast-2a"]
    database     = { backup_days = 0 }
    processes    = { worker = { min = 3, max = 2 } }
    alarm_emails = ["operators"]
    cidr         = "10.40.0.0"
  }

  expect_failures = [var.zones, var.database, var.processes, var.alarm_emails, var.cidr]
}

run "a_disk_that_would_shrink" {
  command = plan

  variables {
    database = { storage = 100, storage_max = 50 }
  }

  expect_failures = [var.database]
}
