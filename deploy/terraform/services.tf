resource "aws_ecs_service" "this" {
  for_each = var.processes

  name            = each.key
  cluster         = aws_ecs_cluster.this.id
  task_definition = aws_ecs_task_definition.this[each.key].arn
  desired_count   = each.value.min
  launch_type     = "FARGATE"
  propagate_tags  = "SERVICE"

  # A zone that was gone and is back gets its share again.
  availability_zone_rebalancing = "ENABLED"

  # New ones first, old ones only when those are well.
  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  network_configuration {
    subnets          = [for subnet in aws_subnet.tasks : subnet.id]
    security_groups  = [aws_security_group.tasks.id]
    assign_public_ip = false
  }

  dynamic "load_balancer" {
    for_each = contains(keys(local.ports), each.key) ? [local.ports[each.key]] : []
    content {
      target_group_arn = aws_lb_target_group.this[each.key].arn
      container_name   = "tika"
      container_port   = load_balancer.value
    }
  }

  lifecycle {
    # Deployments and autoscaling move these (deploy/pipeline/release.py).
    ignore_changes = [task_definition, desired_count]
  }

  depends_on = [aws_lb_listener.this, aws_lb_listener_rule.live, aws_efs_mount_target.this]
}

resource "aws_appautoscaling_target" "this" {
  for_each = { for name, process in var.processes : name => process if process.max > process.min && !local.emulated }

  service_namespace  = "ecs"
  resource_id        = "service/${aws_ecs_cluster.this.name}/${aws_ecs_service.this[each.key].name}"
  scalable_dimension = "ecs:service:DesiredCount"
  min_capacity       = each.value.min
  max_capacity       = each.value.max
}

# By processor time: memory of a Python process grows to a level and stays there, which would only ever add tasks.
resource "aws_appautoscaling_policy" "this" {
  for_each = aws_appautoscaling_target.this

  name               = "processor"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = each.value.service_namespace
  resource_id        = each.value.resource_id
  scalable_dimension = each.value.scalable_dimension

  target_tracking_scaling_policy_configuration {
    target_value       = 60
    scale_in_cooldown  = 300
    scale_out_cooldown = 60

    predefined_metric_specification {
      predefined_metric_type = "ECSServiceAverageCPUUtilization"
    }
  }
}
