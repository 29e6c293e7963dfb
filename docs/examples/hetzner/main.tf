terraform {
  required_version = ">= 1.8"
  required_providers {
    hcloud = {
      source  = "hetznercloud/hcloud"
      version = "~> 1.50"
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

variable "location" {
  description = "Where the machines are."
  type        = string
  default     = "fsn1"
}

locals {
  out            = "${path.module}/out"
  index          = jsondecode(file("${local.out}/index.json"))
  nodes          = { for name, node in local.index.nodes : name => node if !can(node.count) }
  control_planes = { for name, node in local.nodes : name => node if node.role == "control-plane" }
  endpoint       = split(":", local.index.endpoint)
}

resource "hcloud_network" "cluster" {
  name     = local.index.cluster
  ip_range = "10.0.0.0/16"
}

resource "hcloud_network_subnet" "machines" {
  network_id   = hcloud_network.cluster.id
  type         = "cloud"
  network_zone = "eu-central"
  ip_range     = "10.0.0.0/24"
}

# A private network has no firewall: this is for the machines' public addresses, which fetch packages and images.
resource "hcloud_firewall" "machines" {
  name = local.index.cluster

  rule {
    direction  = "in"
    protocol   = "icmp"
    source_ips = ["0.0.0.0/0", "::/0"]
  }
}

resource "hcloud_placement_group" "control_planes" {
  name = "${local.index.cluster}-control-planes"
  type = "spread"
}

resource "hcloud_server" "node" {
  for_each           = local.nodes
  name               = each.key
  server_type        = "cx32"
  image              = "ubuntu-24.04"
  location           = var.location
  firewall_ids       = [hcloud_firewall.machines.id]
  placement_group_id = each.value.role == "control-plane" ? hcloud_placement_group.control_planes.id : null
  user_data          = file("${local.out}/${each.value.document}")

  network {
    network_id = hcloud_network.cluster.id
    ip         = each.value.address
  }

  # Another document would replace the machine, and all control planes at once. `kindling diff` says which need it; then
  # `tofu apply -replace='hcloud_server.node["cp0"]'`, one at a time.
  lifecycle {
    ignore_changes = [image, user_data]
  }

  depends_on = [hcloud_network_subnet.machines]
}

resource "hcloud_load_balancer" "api" {
  name               = "${local.index.cluster}-api"
  load_balancer_type = "lb11"
  location           = var.location
}

resource "hcloud_load_balancer_network" "api" {
  load_balancer_id        = hcloud_load_balancer.api.id
  subnet_id               = hcloud_network_subnet.machines.id
  ip                      = local.endpoint[0]
  enable_public_interface = false
}

resource "hcloud_load_balancer_target" "control_plane" {
  for_each         = local.control_planes
  type             = "server"
  load_balancer_id = hcloud_load_balancer.api.id
  server_id        = hcloud_server.node[each.key].id
  use_private_ip   = true

  depends_on = [hcloud_load_balancer_network.api]
}

resource "hcloud_load_balancer_service" "api" {
  load_balancer_id = hcloud_load_balancer.api.id
  protocol         = "tcp"
  listen_port      = local.endpoint[1]
  destination_port = 6443

  health_check {
    protocol = "http"
    port     = 6443
    interval = 10
    timeout  = 5
    retries  = 2

    http {
      path         = "/readyz"
      tls          = true
      status_codes = ["200"]
    }
  }
}
