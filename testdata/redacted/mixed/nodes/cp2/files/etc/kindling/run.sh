see scripts/control-plane.sh
