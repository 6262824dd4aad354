# The host's own files, which nothing here can change: what is written goes to memory.
mkdir /lower /upper
mount -t 9p -o ro,$shared root /lower || poweroff -f
mount -t tmpfs -o size=1500m tmpfs /upper
mkdir /upper/files /upper/work
mount -t overlay -o lowerdir=/lower,upperdir=/upper/files,workdir=/upper/work overlay /new || poweroff -f
