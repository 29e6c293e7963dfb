terraform {
  required_version = ">= 1.8"
  required_providers {
    libvirt = {
      source  = "dmacvicar/libvirt"
      version = "~> 0.8.3" # 0.9 has other resources
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

variable "image" {
  description = "Ubuntu's cloud image, a URL or a file."
  type        = string
  default     = "https://cloud-images.ubuntu.com/noble/current/noble-server-cloudimg-amd64.img"
}

provider "libvirt" {
  uri = "qemu:///system"
}

locals {
  out   = "${path.module}/out"
  index = jsondecode(file("${local.out}/index.json"))
  nodes = { for name, node in local.index.nodes : name => node if !can(node.count) }
}

# The machines have their addresses from their documents, so there is no DHCP. 10.17.3.1 is this computer, which forwards and answers DNS.
resource "libvirt_network" "cluster" {
  name      = local.index.cluster
  mode      = "nat"
  addresses = ["10.17.3.0/24"]

  dhcp {
    enabled = false
  }

  dns {
    enabled = true
  }
}

resource "libvirt_volume" "image" {
  name   = "${local.index.cluster}-image"
  source = var.image
}

resource "libvirt_volume" "disk" {
  for_each       = local.nodes
  name           = "${local.index.cluster}-${each.key}"
  base_volume_id = libvirt_volume.image.id
  size           = 20 * 1024 * 1024 * 1024
}

resource "libvirt_cloudinit_disk" "node" {
  for_each       = local.nodes
  name           = "${local.index.cluster}-${each.key}.iso"
  user_data      = file("${local.out}/${each.value.document}")
  meta_data      = file("${local.out}/nodes/${each.key}/meta-data")
  network_config = file("${local.out}/nodes/${each.key}/network-config")
}

resource "libvirt_domain" "node" {
  for_each  = local.nodes
  name      = "${local.index.cluster}-${each.key}"
  vcpu      = 2
  memory    = each.value.role == "control-plane" ? 3072 : 2048
  cloudinit = libvirt_cloudinit_disk.node[each.key].id

  cpu {
    mode = "host-passthrough"
  }

  disk {
    volume_id = libvirt_volume.disk[each.key].id
  }

  network_interface {
    network_id = libvirt_network.cluster.id
  }

  # `virsh console demo-cp0` shows what the machine says.
  console {
    type        = "pty"
    target_type = "serial"
    target_port = "0"
  }
}
