# Each program twice under strace and once under sysglass, in a folder of its own.
export PATH=/bin:/usr/bin HOME=/root
for program in $(ls /host/programs); do
  rm -rf /work
  mkdir /work
  cp /host/programs/$program /work/
  cd /work
  timeout 120 strace -f -o /host/traces/$program.theirs ./$program < /dev/null > /dev/null 2>&1
  timeout 120 strace -f -o /host/traces/$program.again ./$program < /dev/null > /dev/null 2>&1
  timeout 300 /opt/sysglass/sysglass -f -o /host/traces/$program.ours ./$program < /dev/null > /dev/null 2> /host/traces/$program.stderr
  echo "traced $program"
done
