#!/bin/sh
# The first process of the guest. The host's folder is at /host; its guest-root.sh puts together at /new what guest-run.sh runs in.
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
while read -r module; do insmod "/modules/$module"; done < /modules/order
shared=trans=virtio,version=9p2000.L,msize=524288,cache=loose
mount -t 9p -o $shared host /host || poweroff -f
mkdir /new
. /host/guest-root.sh
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
chroot /new /bin/sh /host/guest-run.sh
sync
poweroff -f
