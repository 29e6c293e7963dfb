#!/bin/bash
# Stands in for ctr run. The image's program is on the machine, and the image's /pki is the machine's directory.
set -euo pipefail

while [ "$1" != etcdctl ]; do shift; done
exec "${@//\/pki\//\/etc\/kubernetes\/pki\/etcd\/}"
