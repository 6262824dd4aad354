# A system in memory, made of what the host has put together.
mount -t tmpfs -o size=1500m tmpfs /new
cp -a /host/root/. /new/
mkdir -p /new/proc
mount -t proc proc /new/proc
chroot /new /bin/busybox --install -s /bin
umount /new/proc
