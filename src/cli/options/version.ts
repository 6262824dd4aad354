/**
 * What -V prints. Programs tell strace by it: so it says which strace ours stands in for, in the very words, and
 * nothing else.
 */
export const versionText = `strace -- version 6.1
Copyright (c) 1991-2022 The strace developers <https://strace.io>.
This is free software; see the source for copying conditions.  There is NO
warranty; not even for MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.

Optional features enabled: stack-trace=libunwind stack-demangle no-m32-mpers no-mx32-mpers
`
