# Written by scripts/generate-documents.ts from src/cli/options/option-table.ts.
_sysglass() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}
  if [[ $before == = ]]; then before=${COMP_WORDS[COMP_CWORD-2]}; fi
  if [[ $word == = ]]; then word=; before=${COMP_WORDS[COMP_CWORD-1]}; fi
  # The program's own words are its own completion's.
  local i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case ${COMP_WORDS[i]} in
      -a | -b | -e | -E | -I | -o | -O | -p | -P | -s | -S | -u | -U | -X) ((i++)) ;;
      -*) ;;
      =) ((i++)) ;;
      *) if declare -F _command_offset >/dev/null; then _command_offset $i; else COMPREPLY=($(compgen -f -- "$word")); fi; return ;;
    esac
  done
  local list=${word%"${word##*,}"}
  case $before in
    -b | --detach-on) COMPREPLY=($(compgen -P "$list" -W 'execve' -- "${word##*,}")) ;;
    -D | --daemonize | --daemonised | --daemonized) COMPREPLY=($(compgen -P "$list" -W 'grandchild pgroup session' -- "${word##*,}")) ;;
    -I | --interruptible) COMPREPLY=($(compgen -P "$list" -W '1 2 3 4 anywhere waiting never never_tstp' -- "${word##*,}")) ;;
    -o | --output) COMPREPLY=($(compgen -f -- "$word")) ;;
    -p | --attach) COMPREPLY=($(compgen -P "$list" -W "$(cd /proc && printf '%s ' [0-9]*)" -- "${word##*,}")) ;;
    -P | --trace-path) COMPREPLY=($(compgen -f -- "$word")) ;;
    -r | --relative-timestamps) COMPREPLY=($(compgen -P "$list" -W 's ms us ns' -- "${word##*,}")) ;;
    -S | --summary-sort-by) COMPREPLY=($(compgen -P "$list" -W 'time min-time max-time avg-time calls errors name nothing' -- "${word##*,}")) ;;
    -t | --absolute-timestamps | --timestamps) COMPREPLY=($(compgen -P "$list" -W 'none time unix s ms us ns' -- "${word##*,}")) ;;
    -T | --syscall-times) COMPREPLY=($(compgen -P "$list" -W 's ms us ns' -- "${word##*,}")) ;;
    -u | --user) COMPREPLY=($(compgen -u -- "$word")) ;;
    -U | --summary-columns) COMPREPLY=($(compgen -P "$list" -W 'time-percent total-time min-time max-time avg-time calls errors name' -- "${word##*,}")) ;;
    -x | --strings-in-hex) COMPREPLY=($(compgen -P "$list" -W 'none non-ascii-chars non-ascii all' -- "${word##*,}")) ;;
    -X | --const-print-style) COMPREPLY=($(compgen -P "$list" -W 'raw abbrev verbose' -- "${word##*,}")) ;;
    --tips) COMPREPLY=($(compgen -P "$list" -W 'none compact full random' -- "${word##*,}")) ;;
    --trace) COMPREPLY=($(compgen -P "$list" -W "$_sysglass_calls" -- "${word##*,}")) ;;
    --abbrev) COMPREPLY=($(compgen -P "$list" -W "$_sysglass_calls" -- "${word##*,}")) ;;
    --verbose) COMPREPLY=($(compgen -P "$list" -W "$_sysglass_calls" -- "${word##*,}")) ;;
    --raw) COMPREPLY=($(compgen -P "$list" -W "$_sysglass_calls" -- "${word##*,}")) ;;
    --signals) COMPREPLY=($(compgen -P "$list" -W 'SIGHUP SIGINT SIGQUIT SIGILL SIGTRAP SIGABRT SIGBUS SIGFPE SIGKILL SIGUSR1 SIGSEGV SIGUSR2 SIGPIPE SIGALRM SIGTERM SIGSTKFLT SIGCHLD SIGCONT SIGSTOP SIGTSTP SIGTTIN SIGTTOU SIGURG SIGXCPU SIGXFSZ SIGVTALRM SIGPROF SIGWINCH SIGPOLL SIGPWR SIGSYS' -- "${word##*,}")) ;;
    --status) COMPREPLY=($(compgen -P "$list" -W 'successful failed unfinished unavailable detached' -- "${word##*,}")) ;;
    --fault) COMPREPLY=($(compgen -P "$list" -W "$_sysglass_calls" -- "${word##*,}")) ;;
    --inject) COMPREPLY=($(compgen -P "$list" -W "$_sysglass_calls" -- "${word##*,}")) ;;
    --kvm) COMPREPLY=($(compgen -P "$list" -W 'vcpu' -- "${word##*,}")) ;;
    -q | --quiet | --silent | --silence) COMPREPLY=($(compgen -P "$list" -W 'attach exit path-resolution personality thread-execve all' -- "${word##*,}")) ;;
    --decode-fds) COMPREPLY=($(compgen -P "$list" -W 'path socket dev pidfd signalfd all none' -- "${word##*,}")) ;;
    --decode-pids) COMPREPLY=($(compgen -P "$list" -W 'comm pidns all none' -- "${word##*,}")) ;;
    --argv0) COMPREPLY=($(compgen -u -- "$word")) ;;
    --format) COMPREPLY=($(compgen -P "$list" -W 'strace gvisor json recording' -- "${word##*,}")) ;;
    --backend) COMPREPLY=($(compgen -P "$list" -W 'ptrace ebpf auto' -- "${word##*,}")) ;;
    --cgroup) COMPREPLY=($(compgen -f -- "$word")) ;;
    --lossless) COMPREPLY=($(compgen -P "$list" -W 'yes no' -- "${word##*,}")) ;;
    --entry-times) COMPREPLY=($(compgen -P "$list" -W 'yes no' -- "${word##*,}")) ;;
    --event-socket) COMPREPLY=($(compgen -f -- "$word")) ;;
    --redact-file) COMPREPLY=($(compgen -f -- "$word")) ;;
    --gvisor-era) COMPREPLY=($(compgen -P "$list" -W '2021 2022 head' -- "${word##*,}")) ;;
    *)
      if [[ $word == -* ]]; then COMPREPLY=($(compgen -W '-a --columns -A --output-append-mode -b --detach-on -c --summary-only -C --summary -d --debug -D --daemonize --daemonised --daemonized -e -E --env -f --follow-forks --output-separately -h --help -i --instruction-pointer -I --interruptible -k --stack-traces -n --syscall-number -o --output -O --summary-syscall-overhead -p --attach -P --trace-path -r --relative-timestamps -s --string-limit -S --summary-sort-by -t --absolute-timestamps --timestamps -T --syscall-times -u --user -U --summary-columns -v --no-abbrev -V --version -w --summary-wall-clock -x --strings-in-hex -X --const-print-style -y --pidns-translation -Y -z --successful-only -Z --failed-only --failing-only --seccomp-bpf --tips --trace --abbrev --verbose --raw --signals --status --read --write --fault --inject --kvm -q --quiet --silent --silence --decode-fds --decode-pids --argv0 --format --backend --system --cgroup --lossless --entry-times --gvisor-log-size --event-socket --event-log-size --event-wait --data-limit --progress --last --redact --redact-file --gvisor-era' -- "$word"))
      else COMPREPLY=($(compgen -c -- "$word")); fi ;;
  esac
}
_sysglass_calls='%file %process %network %signal %ipc %desc %memory %stat %lstat %fstat %%stat %statfs %fstatfs %%statfs %clock %creds %pure read write open close stat fstat lstat poll lseek mmap mprotect munmap brk rt_sigaction rt_sigprocmask rt_sigreturn ioctl pread64 pwrite64 readv writev access pipe select sched_yield mremap msync mincore madvise shmget shmat shmctl dup dup2 pause nanosleep getitimer alarm setitimer getpid sendfile socket connect accept sendto recvfrom sendmsg recvmsg shutdown bind listen getsockname getpeername socketpair setsockopt getsockopt clone fork vfork execve exit wait4 kill uname semget semop semctl shmdt msgget msgsnd msgrcv msgctl fcntl flock fsync fdatasync truncate ftruncate getdents getcwd chdir fchdir rename mkdir rmdir creat link unlink symlink readlink chmod fchmod chown fchown lchown umask gettimeofday getrlimit getrusage sysinfo times ptrace getuid syslog getgid setuid setgid geteuid getegid setpgid getppid getpgrp setsid setreuid setregid getgroups setgroups setresuid getresuid setresgid getresgid getpgid setfsuid setfsgid getsid capget capset rt_sigpending rt_sigtimedwait rt_sigqueueinfo rt_sigsuspend sigaltstack utime mknod uselib personality ustat statfs fstatfs sysfs getpriority setpriority sched_setparam sched_getparam sched_setscheduler sched_getscheduler sched_get_priority_max sched_get_priority_min sched_rr_get_interval mlock munlock mlockall munlockall vhangup modify_ldt pivot_root _sysctl prctl arch_prctl adjtimex setrlimit chroot sync acct settimeofday mount umount2 swapon swapoff reboot sethostname setdomainname iopl ioperm create_module init_module delete_module get_kernel_syms query_module quotactl nfsservctl getpmsg putpmsg afs_syscall tuxcall security gettid readahead setxattr lsetxattr fsetxattr getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr removexattr lremovexattr fremovexattr tkill time futex sched_setaffinity sched_getaffinity set_thread_area io_setup io_destroy io_getevents io_submit io_cancel get_thread_area lookup_dcookie epoll_create epoll_ctl_old epoll_wait_old remap_file_pages getdents64 set_tid_address restart_syscall semtimedop fadvise64 timer_create timer_settime timer_gettime timer_getoverrun timer_delete clock_settime clock_gettime clock_getres clock_nanosleep exit_group epoll_wait epoll_ctl tgkill utimes vserver mbind set_mempolicy get_mempolicy mq_open mq_unlink mq_timedsend mq_timedreceive mq_notify mq_getsetattr kexec_load waitid add_key request_key keyctl ioprio_set ioprio_get inotify_init inotify_add_watch inotify_rm_watch migrate_pages openat mkdirat mknodat fchownat futimesat newfstatat unlinkat renameat linkat symlinkat readlinkat fchmodat faccessat pselect6 ppoll unshare set_robust_list get_robust_list splice tee sync_file_range vmsplice move_pages utimensat epoll_pwait signalfd timerfd_create eventfd fallocate timerfd_settime timerfd_gettime accept4 signalfd4 eventfd2 epoll_create1 dup3 pipe2 inotify_init1 preadv pwritev rt_tgsigqueueinfo perf_event_open recvmmsg fanotify_init fanotify_mark prlimit64 name_to_handle_at open_by_handle_at clock_adjtime syncfs sendmmsg setns getcpu process_vm_readv process_vm_writev kcmp finit_module sched_setattr sched_getattr renameat2 seccomp getrandom memfd_create kexec_file_load bpf execveat userfaultfd membarrier mlock2 copy_file_range preadv2 pwritev2 pkey_mprotect pkey_alloc pkey_free statx io_pgetevents rseq uretprobe pidfd_send_signal io_uring_setup io_uring_enter io_uring_register open_tree move_mount fsopen fsconfig fsmount fspick pidfd_open clone3 close_range openat2 pidfd_getfd faccessat2 process_madvise epoll_pwait2 mount_setattr quotactl_fd landlock_create_ruleset landlock_add_rule landlock_restrict_self memfd_secret process_mrelease futex_waitv set_mempolicy_home_node cachestat fchmodat2 map_shadow_stack futex_wake futex_wait futex_requeue statmount listmount lsm_get_self_attr lsm_set_self_attr lsm_list_modules mseal setxattrat getxattrat listxattrat removexattrat open_tree_attr file_getattr file_setattr listns rseq_slice_yield'
complete -F _sysglass sysglass
