resource "aws_lb" "this" {
  name               = local.name
  load_balancer_type = "application"
  subnets            = [for subnet in aws_subnet.public : subnet.id]
  security_groups    = [aws_security_group.balancer.id]

  enable_deletion_protection = true
  drop_invalid_header_fields = true
  # Streams say something every 15 seconds; nothing else may be silent for long.
  idle_timeout = 60

  access_logs {
    bucket  = aws_s3_bucket.access.id
    enabled = true
  }

  depends_on = [aws_s3_bucket_policy.this]
}

resource "aws_lb_target_group" "this" {
  for_each = local.ports

  name                 = "${local.name}-${each.key}"
  vpc_id               = aws_vpc.this.id
  port                 = each.value
  protocol             = "HTTP"
  target_type          = "ip"
  deregistration_delay = 15

  # ECS ends a task that fails here. So it is asked whether it lives, not whether the database answers: a database that
  # rests must not have every task replaced.
  health_check {
    path                = "/livez"
    matcher             = "200"
    interval            = 10
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 3
  }
}

resource "aws_lb_listener" "redirect" {
  load_balancer_arn = aws_lb.this.arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type = "redirect"

    redirect {
      port        = "443"
      protocol    = "HTTPS"
      status_code = "HTTP_301"
    }
  }
}

resource "aws_lb_listener" "this" {
  load_balancer_arn = aws_lb.this.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-3-2021-06"
  certificate_arn   = var.certificate_arn

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.this["web"].arn
  }
}

# Event streams of open boards go to live.
resource "aws_lb_listener_rule" "live" {
  listener_arn = aws_lb_listener.this.arn
  priority     = 10

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.this["live"].arn
  }

  condition {
    path_pattern {
      values = ["/api/boards/*/events", "/*/api/boards/*/events"]
    }
  }

  condition {
    http_request_method {
      values = ["GET"]
    }
  }
}
