/** `glass`: what is ours and not strace's, as subcommands. */
process.stderr.write('glass: no subcommands yet\n')
process.exit(2)
