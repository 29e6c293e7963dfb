#!/usr/bin/env bash
set -euo pipefail
cat /etc/rack
