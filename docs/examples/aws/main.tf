terraform {
  required_version = ">= 1.8"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }

  # The state has the documents, and with them the cluster's keys, unless cluster.yaml has `secrets: {delivery: split}`.
  encryption {
    key_provider "pbkdf2" "operator" {
      passphrase = var.state_passphrase
    }
    method "aes_gcm" "state" {
      keys = key_provider.pbkdf2.operator
    }
    state {
      method   = method.aes_gcm.state
      enforced = true
    }
    plan {
      method   = method.aes_gcm.state
      enforced = true
    }
  }
}

variable "state_passphrase" {
  description = "At least 16 characters; the state cannot be read without it."
  type        = string
  sensitive   = true
}

variable "ami" {
  description = "An image of Ubuntu 24.04 for amd64, by its ID."
  type        = string
}

variable "zones" {
  description = "Availability zones by the subnets that cluster.yaml's addresses are in."
  type        = map(string)
  default = {
    "10.0.0.0/24" = "eu-central-1a"
    "10.0.1.0/24" = "eu-central-1b"
    "10.0.2.0/24" = "eu-central-1c"
  }
}

locals {
  out            = "${path.module}/out"
  index          = jsondecode(file("${local.out}/index.json"))
  nodes          = { for name, node in local.index.nodes : name => node if !can(node.count) }
  control_planes = { for name, node in local.nodes : name => node if node.role == "control-plane" }
  port           = split(":", local.index.endpoint)[1]
}

resource "aws_vpc" "cluster" {
  cidr_block           = "10.0.0.0/16"
  enable_dns_hostnames = true # for the zone below
  enable_dns_support   = true
}

resource "aws_subnet" "zone" {
  for_each                = var.zones
  vpc_id                  = aws_vpc.cluster.id
  cidr_block              = each.key
  availability_zone       = each.value
  map_public_ip_on_launch = true
}

resource "aws_internet_gateway" "cluster" {
  vpc_id = aws_vpc.cluster.id
}

resource "aws_route" "internet" {
  route_table_id         = aws_vpc.cluster.main_route_table_id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.cluster.id
}

# docs/ports.md says who has to reach what. Between machines this lets in all of it.
resource "aws_security_group" "machines" {
  vpc_id = aws_vpc.cluster.id

  ingress {
    description = "between machines"
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    self        = true
  }

  ingress {
    description = "the API, from the load balancer and the network"
    protocol    = "tcp"
    from_port   = 6443
    to_port     = 6443
    cidr_blocks = [aws_vpc.cluster.cidr_block]
  }

  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_instance" "node" {
  for_each               = local.nodes
  ami                    = var.ami
  instance_type          = "t3.large"
  subnet_id              = aws_subnet.zone["${join(".", slice(split(".", each.value.address), 0, 3))}.0/24"].id
  private_ip             = each.value.address
  vpc_security_group_ids = [aws_security_group.machines.id]
  user_data_base64       = filebase64("${local.out}/${each.value.document}")

  root_block_device {
    volume_size = 40
    encrypted   = true
  }

  metadata_options {
    http_tokens                 = "required"
    http_put_response_hop_limit = 1 # pods that are not on the host's network do not reach it
  }

  tags = {
    Name = each.key
  }

  # Another image or document would replace the machine, and all control planes at once. `kindling diff` says which need it; then
  # `tofu apply -replace='aws_instance.node["cp0"]'`, one at a time.
  lifecycle {
    ignore_changes = [ami, user_data_base64]
  }
}

resource "aws_lb" "api" {
  load_balancer_type               = "network"
  internal                         = true
  subnets                          = [for subnet in aws_subnet.zone : subnet.id]
  enable_cross_zone_load_balancing = true
}

resource "aws_lb_target_group" "api" {
  vpc_id             = aws_vpc.cluster.id
  protocol           = "TCP"
  port               = 6443
  preserve_client_ip = false # or a control plane cannot reach itself through the load balancer

  health_check {
    protocol            = "HTTPS"
    path                = "/readyz"
    interval            = 10
    healthy_threshold   = 2
    unhealthy_threshold = 2
  }
}

resource "aws_lb_target_group_attachment" "api" {
  for_each         = local.control_planes
  target_group_arn = aws_lb_target_group.api.arn
  target_id        = aws_instance.node[each.key].id
}

resource "aws_lb_listener" "api" {
  load_balancer_arn = aws_lb.api.arn
  protocol          = "TCP"
  port              = local.port

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.api.arn
  }
}

# The name is in the certificates before there is a load balancer.
resource "aws_route53_zone" "cluster" {
  name = trimprefix(split(":", local.index.endpoint)[0], "api.")

  vpc {
    vpc_id = aws_vpc.cluster.id
  }
}

resource "aws_route53_record" "api" {
  zone_id = aws_route53_zone.cluster.zone_id
  name    = split(":", local.index.endpoint)[0]
  type    = "A"

  alias {
    name                   = aws_lb.api.dns_name
    zone_id                = aws_lb.api.zone_id
    evaluate_target_health = false
  }
}

resource "aws_launch_template" "pool" {
  image_id               = var.ami
  instance_type          = "t3.large"
  vpc_security_group_ids = [aws_security_group.machines.id]
  user_data              = filebase64("${local.out}/${local.index.nodes["pool"].document}")

  metadata_options {
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }
}

# Workers that come later than the bootstrap token's end wait for `kindling token | kubectl apply -f -`.
resource "aws_autoscaling_group" "pool" {
  name_prefix         = "demo-pool-"
  min_size            = 1
  max_size            = 10
  desired_capacity    = 2
  vpc_zone_identifier = [for subnet in aws_subnet.zone : subnet.id]

  launch_template {
    id      = aws_launch_template.pool.id
    version = aws_launch_template.pool.latest_version
  }
}
