# Programs under strace, and under sysglass with both backends; then what else an older kernel could take otherwise. A line a check.
word() { sed -n "s/.*\\b$1=\\([^ ]*\\).*/\\1/p" /proc/cmdline; }
glass=$(word sysglass)/glass
sysglass=$(word sysglass)/sysglass
export PATH=$(word node):/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin HOME=/root
# The root has all entries from the start: its size is in traces.
mkdir -p /root/.cache /tmp
touch /root/.cache/.there /tmp/.there
mount -t tmpfs run /run
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mount -t securityfs security /sys/kernel/security
# Read in one go: page by page through 9p it takes a minute.
cat "$(command -v node)" > /dev/null

trace() { timeout 500 "$@" < /dev/null > /dev/null 2>> /host/traces/$program.$whose.stderr; }
for program in $(ls /host/programs); do
  rm -rf /run/work; mkdir /run/work; cp /host/programs/$program /run/work/; cd /run/work
  for whose in theirs again; do trace strace -f -o /host/traces/$program.$whose ./$program; done
  whose=ours; trace $sysglass -f -o /host/traces/$program.ours ./$program
  for whose in notes notes-again; do trace $sysglass -f -yy --backend=ptrace -o /host/traces/$program.$whose ./$program; done
  whose=ebpf; trace $sysglass -f -yy --backend=ebpf -o /host/traces/$program.ebpf ./$program
  echo "traced $program"
done

cd /tmp
checks=/host/checks
# check NAME COMMAND…: its output, where it fails, is told.
check() {
  name=$1; shift
  if "$@" > /tmp/said 2>&1; then echo "ok: $name"; else echo "FAILS: $name: $(tail -c 600 /tmp/said | tr '\n' '|')"; fi >> $checks
}
count() { test "$(grep -c "$1" $2)" -eq "$3" || { grep -c "$1" $2; tail -3 $2; return 1; }; }
ebpf="timeout 500 $sysglass -f --backend=ebpf"
says() { wanted=$1; shift; "$@" > /tmp/output 2>&1; cat /tmp/output; grep -q "$wanted" /tmp/output; }

check 'auto takes eBPF' says 'backend ebpf' $sysglass -d --backend=auto -f -o out true
notes() { $ebpf -yy -o out cat /etc/hostname && grep -q 'close(3</etc/hostname>)' out; }
check 'paths of descriptors' notes
failed() { $ebpf -Z -e trace=%file -o out cat /nowhere; grep -q 'openat(.*/nowhere.* = -1 ENOENT' out && ! grep -q ' = [0-9]' out; }
check 'failed calls alone' failed
good() { $ebpf -z -e trace=%file -o out cat /nowhere; grep -q 'execve(' out && ! grep -q ' = -1' out; }
check 'successful calls alone' good
writes='import os
f = os.open("/dev/null", os.O_WRONLY)
for i in range(100000): os.write(f, b"sysglass")'
recorded() { timeout 500 $glass record -o r.sg "$@" --backend=ebpf python3 -c "$writes" && $glass replay r.sg -o out && count 'write(3, "sysglass", 8) *= 8' out 100000; }
check 'a recording, nothing lost' recorded
check 'a recording without entry times, nothing lost' recorded --entry-times=no
other() { sh -c 'sleep 5; while [ ! -f /tmp/over ]; do cat /etc/hostname; sleep 0.2; done' & "$@"; ended=$?; touch /tmp/over; wait; rm /tmp/over; return $ended; }
whole() { $ebpf --system -e trace=openat -o out sleep 20 && grep -q 'openat(.*"/etc/hostname"' out; }
check 'the whole system' other whole
group() { mkdir -p /sys/fs/cgroup/some && sh -c 'echo $$ > /sys/fs/cgroup/some/cgroup.procs; sleep 15; cat /etc/hostname' & $ebpf --cgroup /sys/fs/cgroup/some -e trace=openat -o out sleep 30 && grep -q 'openat(.*"/etc/hostname"' out; }
check 'a control group' group
check 'without capabilities: says so' says 'it takes root, or CAP_BPF' setpriv --bounding-set=-sys_admin,-bpf,-perfmon --inh-caps=-sys_admin,-bpf,-perfmon $sysglass --backend=ebpf -o out true
check 'without capabilities: ptrace' says 'backend ptrace' setpriv --bounding-set=-sys_admin,-bpf,-perfmon --inh-caps=-sys_admin,-bpf,-perfmon $sysglass -d --backend=auto -o out true
mount --bind /dev/null /sys/kernel/btf/vmlinux
rm -rf /root/.cache/sysglass
check 'without types: says so' says 'does not describe its types' $sysglass --backend=ebpf -o out true
check 'without types: ptrace' says 'backend ptrace' $sysglass -d --backend=auto -o out true
umount /sys/kernel/btf/vmlinux
# There is no way back from this one.
if echo confidentiality > /sys/kernel/security/lockdown; then
  check 'locked down: says so' says 'ock' $sysglass --backend=ebpf -o out true
  check 'locked down: ptrace' says 'backend ptrace' $sysglass -d --backend=auto -o out true
fi
echo 'ok: all checks' >> $checks
