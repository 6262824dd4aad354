#!/bin/sh
# The first process of the guest: a system in memory, made of what the host has put together, and the host's folder at /host.
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
for module in virtio_pci_legacy_dev virtio_pci_modern_dev virtio_pci netfs fscache 9pnet 9pnet_virtio 9p; do
  insmod /modules/$module.ko
done
mount -t 9p -o trans=virtio,version=9p2000.L,msize=524288,cache=loose host /host || poweroff -f
mkdir /new
mount -t tmpfs -o size=1500m tmpfs /new
cp -a /host/root/. /new/
mkdir -p /new/proc /new/sys /new/dev /new/host /new/tmp /new/root /new/work
mount -t proc proc /new/proc
mount -t sysfs sys /new/sys
mount -t devtmpfs dev /new/dev
mkdir -p /new/dev/pts /new/dev/shm
mount -t devpts devpts /new/dev/pts
mount -t tmpfs shm /new/dev/shm
mount --bind /host /new/host
ifconfig lo 127.0.0.1 up
# Addresses of stacks are the same each time.
echo 0 > /proc/sys/kernel/randomize_va_space
chroot /new /bin/busybox --install -s /bin
chroot /new /bin/sh /host/guest-run.sh
sync
poweroff -f
