;; Opens the file whose name stands at 16 in its first directory, and writes to standard output what it reads from it.
(module
  (import "wasi_snapshot_preview1" "path_open"
    (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_close" (func $fd_close (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "clock_time_get" (func $clock_time_get (param i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "greeting.txt")
  (func (export "_start") (local $fd i32) (local $got i32)
    (drop (call $clock_time_get (i32.const 1) (i64.const 1) (i32.const 64)))
    ;; A name that is not there, then one that is.
    (drop (call $path_open (i32.const 3) (i32.const 0) (i32.const 17) (i32.const 11)
      (i32.const 0) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 72)))
    (if (call $path_open (i32.const 3) (i32.const 0) (i32.const 16) (i32.const 12)
      (i32.const 0) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 72))
      (then (call $proc_exit (i32.const 1))))
    (local.set $fd (i32.load (i32.const 72)))
    ;; One vector of 16 bytes at 1024.
    (i32.store (i32.const 80) (i32.const 1024))
    (block $done
      (loop $more
        (i32.store (i32.const 84) (i32.const 16))
        (br_if $done (call $fd_read (local.get $fd) (i32.const 80) (i32.const 1) (i32.const 88)))
        (local.set $got (i32.load (i32.const 88)))
        (br_if $done (i32.eqz (local.get $got)))
        (i32.store (i32.const 84) (local.get $got))
        (drop (call $fd_write (i32.const 1) (i32.const 80) (i32.const 1) (i32.const 92)))
        (br $more)))
    (drop (call $fd_close (local.get $fd)))
    (call $proc_exit (i32.const 0))))
