see scripts/worker.sh
