#!/bin/bash
# Boots a machine over the network, in a network namespace of its own: iPXE is in the ROM of its card, and chains to kindling serve as
# the DHCP server says. Its consoles are $SITE/console, which is systemd's, and $SITE/second, of another kind since Linux takes one of each;
# what the server logs is $SITE/log.
set -euo pipefail

ip link set lo up
cd "$SITE"
./kindling serve --listen 127.0.0.1:8080 --images "$IMAGES" 2>log &
until grep -q 'listening on' log; do
	kill -0 $!
	sleep 0.1
done
# The script that chains may add arguments of the kernel.
mkdir -p tftp
cat >tftp/chain.ipxe <<-'END'
	#!ipxe
	set kernel-args quiet console=hvc0 console=ttyS0
	chain http://10.0.2.2:8080/kindling/ipxe/boot.ipxe
END
qemu-system-x86_64 -accel tcg -cpu max -m 2048 -display none -no-reboot -serial file:console -boot n \
	-chardev file,id=second,path=second -device virtio-serial-pci -device virtconsole,chardev=second \
	-netdev user,id=net,tftp=tftp,bootfile=chain.ipxe -device virtio-net-pci,netdev=net,mac=52:54:00:00:00:07
