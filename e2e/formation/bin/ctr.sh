#!/bin/bash
# Stands in for ctr run: the image's program is on the machine.
set -euo pipefail

while [ "$1" != etcdctl ]; do shift; done
exec "$@"
