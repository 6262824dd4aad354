/** What `glass --help` and `glass SUBCOMMAND --help` say. */
import { type QuestionName, questions } from '../../analysis/questions.ts'

const named = Object.fromEntries(
  Object.entries(questions).map(([name, { line }]) => [
    name,
    {
      line,
      text: (glass: string) => `Usage: ${glass} ${name} FILE [OPTION]...

Tells ${line}.

  --csv, --json   rows as CSV, as JSON lines
  --to FILE       writes them to FILE.parquet, .csv or .json
  --no-cache      does not keep the tables in ~/.cache/sysglass for the next question

'${glass} query' asks anything else.
`,
    },
  ]),
) as { readonly [name in QuestionName]: { readonly line: string; readonly text: (glass: string) => string } }

const subcommands = {
  record: {
    line: 'trace a program into a recording',
    text: glass => `Usage: ${glass} record -o FILE [OPTION]... PROG [ARG]...
       ${glass} record -o FILE [OPTION]... -p PID

Traces as sysglass does and writes a recording, which can be replayed in any
notation. It holds what the program read and wrote, so it is made for its owner
alone (mode 0600). After a crash or a kill it is readable up to the last half
second.

OPTION is any of sysglass's: see 'sysglass --help'. Those that choose what is
traced (-f, -e trace=...) choose what is recorded; strings and buffers are kept
up to 1024 bytes, or what --data-limit says (all: 262144, which -e read= and
-e write= take), or -s when that is more. Those that say how lines look are kept,
and are what a replay without such options goes by. -A adds to a recording.

  --last AMOUNT        keeps no more than the last part: 5m, 2h, 100MB; both may
                       be given. The file is whole at any time, after a crash
                       too; it may grow to 9/8 of that, and twice that while its
                       oldest part is dropped. SIGUSR1 copies it to FILE.1, FILE.2 ...

  --progress           tells on the terminal how it comes on: calls, rate, size.
                       With -p alone that is so anyway

  --redact RULE        leaves out what RULE names; may be repeated
  --redact-file FILE   rules, one a line; # begins a comment

    env[=NAME]         values of the environment's variables
    path=PATH          names of files: PATH and, of a folder, all in it
    payload[=WHAT,...] bytes that are read, written, sent and received: all, or
                       those of a descriptor's number, of a PATH, of calls as in
                       -e trace=
    pattern=REGEX      what matches (RE2's syntax), in any text

NAME and PATH may have *, ? and **, which goes beyond a slash. Each byte becomes
a *: lengths stay, as the results of calls tell them anyway. Names are known by
what calls say they are: one within a command's text takes a pattern. With -k
there is no redaction. The same options work for a trace, a replay, an export.

This is 'sysglass --format=recording'.

What processes have used (CPU time, memory, bytes) is recorded as they end, and
'${glass} info' tells of the command line, the machine, the environment's names.
`,
  },
  replay: {
    line: 'print a recording, byte for byte as the trace would have been',
    text: glass => `Usage: ${glass} replay FILE [OPTION]...

Prints what a trace with these options would have printed, to the standard output
or to where -o says.

  --format=FORMAT    strace, gvisor or json; recording: a part of it, as a recording
  -o FILE, -A, -ff   to a file, adding to it, to a file for each process
  -e trace=CALLS, -e signal=SIGNALS, -z, -Z, -e status=...
                     only some of what was recorded
  -s -v -x -X -y -t -r -T -i -n -a -q -c -C ...
                     how it is shown: see 'sysglass --help'

Without options that say how it is shown, those hold that the recording was made
with. FILE may be /dev/stdin.

A recording that is damaged or cut off is shown up to there; then an error says
what is wrong, and the exit status is 1.
`,
  },
  view: {
    line: 'look at a recording, or at a program while it runs, in a browser',
    text: glass => `Usage: ${glass} view FILE [OPTION]...
       ${glass} view [OPTION]... [--] PROG [ARG]...
       ${glass} view FILE --export REPORT.html

Serves a page and prints its link: a timeline of threads, the process tree, a table
of calls that can be filtered and searched, each call in full, and what took long.
FILE is a recording, strace's text or a log of gVisor's runsc; the page is there at
once, and grows while it is read in (it takes 500 MB for 10 million calls, more
where all are different). PROG is recorded, as by '${glass} record -f', and shown
while it runs.

  --port N    at this port, and not at any that is free
  --open      also opens the link with xdg-open
  -o FILE     keeps the recording of PROG
  --export REPORT.html
              serves nothing, but writes the page with all that it shows into one
              file, which any browser opens: the first 200000 calls
  --most N    so many calls, and not 200000
  --no-cache  does not keep what was read of 300000 calls and more in ~/.cache/sysglass,
              from where all of it is there at once the next time
  --redact RULE, --redact-file FILE
              leave out what is not for others: see '${glass} record --help'

The page is served to this machine alone (127.0.0.1). The link works once, for one
browser, which nothing but the page itself can then ask. ^C ends it; while PROG
runs, ^C is PROG's, and another signal that would end 'view' ends PROG as well.
`,
  },
  info: {
    line: 'tell what was recorded: command line, machine, versions',
    text: glass => `Usage: ${glass} info FILE [--json]

Tells what a recording says of itself: the command line, the options, where and when
it was made, the names of the environment's variables, and what was left out.
`,
  },
  query: {
    line: 'ask a recording, in SQL',
    text: glass => `Usage: ${glass} query FILE [SQL] [OPTION]...

Answers a question in SQL (DuckDB's) about a recording. Without SQL it is read from
the standard input; on a terminal there is a prompt, whose .help tells more.

  calls        id time pid tid comm name outcome result errno duration fd path
               other_path args
  processes    pid parent comm command started ended code signal cpu max_memory
               bytes_read bytes_written from_storage to_storage
  signals      time pid tid comm signal sender
  connections  call time pid comm name fd address errno socket
  files        pid comm path opened failed bytes_read bytes_written calls duration

duration and cpu are in milliseconds, memory is in bytes; bytes of a process are
with those of children that it has waited for. time is UTC; path is the file that
a call is about: its argument, else what its descriptor leads to; other_path is
that of a second descriptor (sendfile, splice). args is JSON: args->>'pathname',
args->'flags'; 'glass schema' tells what is in it.

  --csv, --json   rows as CSV, as JSON lines
  --to FILE       writes them to FILE.parquet, .csv or .json
  --no-cache      does not keep the tables in ~/.cache/sysglass for the next question

Questions that have a name: 'glass top FILE' and its like, see 'glass --help'.
`,
  },
  ...named,
  diff: {
    line: 'tell what a second run did otherwise',
    text: glass => `Usage: ${glass} diff FIRST SECOND [OPTION]...

Compares two recordings, strace's texts or logs of gVisor's runsc, call by call and
process by process. What differs between any two runs (numbers of processes,
descriptors, addresses, temporary names) does not count, nor what one of them does
not tell.

  -  a call that only the first made      +  a call that only the second made
  !  one that ended otherwise             ~  calls that took longer, on average

Calls are slower that took more than twice as long, and together a tenth of a second
longer; one that was held up is not told of.

  --times      also of what took a hundredth of a second longer
  --no-times   not of times
  --json       an object for each process that differs
  --most=N     so many changes of a kind, and not 40
  --view       serves a page and prints its link, as 'view' does: the calls of both side
               by side, and the next difference by a key; --port N, --open as there
  --export REPORT.html
               writes that page with all that it shows into one file: the first 200000
               calls of each (--most=N: so many)

Without --view and --export the exit status is 0 where nothing differs (but times),
1 where something does, 2 in trouble.
`,
  },
  export: {
    line: 'turn a recording into what other tools read',
    text: glass => `Usage: ${glass} export FILE --to FORMAT [-o FILE]

  chrome    the Trace Event Format: ui.perfetto.dev and chrome://tracing open it,
            with a track for each thread and the arguments of each call
  jsonl     a JSON object for each call, signal and end: see '${glass} schema'
  csv       the table of calls: see '${glass} query --help'
  parquet   the same; needs -o FILE.parquet
  strace    strace's text
  recording a recording, of which --redact leaves something out; needs -o FILE
  otlp      spans of OpenTelemetry, to a collector by OTLP over HTTP: one for each
            process within that of its parent, and one for each call
    --endpoint URL         http://HOST:4318; else OTEL_EXPORTER_OTLP_ENDPOINT
    --header NAME=VALUE    also OTEL_EXPORTER_OTLP_HEADERS
    --min-duration TIME    no calls shorter than 100us, 5ms ...
    --most N               no more calls (100000)
    -o FILE                the requests as lines of a file instead
  seccomp   a profile for containers (docker run --security-opt seccomp=FILE) that
            allows the calls which were made and no others: record with -f and
            without -e, and have the program do all that it should be able to. What
            starts the container may itself need some more

  --redact RULE, --redact-file FILE
            leave out what is not for others: see '${glass} record --help'
`,
  },
  import: {
    line: "turn strace's text, or a log of gVisor's strace, into a recording",
    text: glass => `Usage: ${glass} import LOG... -o FILE

Reads strace's text (strace -o LOG, with -f, -t, -r, -T, -y and their like) or a
log, in text or JSON, that gVisor's runsc wrote with --strace, and writes a
recording. What the log tells of numbers, paths, descriptors, strings, lists,
structures, flags, results and times is kept; a structure that it has shortened
is not, only where it stood. Without -T nobody knows how long calls took. Several
LOGs are those of 'strace -ff -o LOG' (LOG.1234 ...): -tt or -ttt puts them in order.

Wherever a recording is meant such a log will do: '${glass} replay LOG',
'${glass} query LOG', '${glass} diff LOG FILE'.
`,
  },
  ctl: {
    line: 'switch the calls that a running sysglass shows',
    text: glass => `Usage: ${glass} ctl PID enable CALL,...  [--sink log|event]
       ${glass} ctl PID disable         [--sink log|event]
       ${glass} ctl PID enable-all      [--sink log|event]

Has the sysglass whose process is PID show these calls and no others, no calls,
or all of them: in its lines (log, which is meant without --sink) or as events
(--event-socket). When it returns, it is done. Only the user who runs sysglass
can do this. Calls that a filter in the kernel leaves out (-f with -e trace=...)
cannot be added.
`,
  },
  events: {
    line: 'listen for events, and print them',
    text: glass => `Usage: ${glass} events PATH [--json]

Makes the unix socket PATH, open to its owner alone, and prints the events that
'sysglass --event-socket PATH' or gVisor's runsc sends there, as they come: E as
a call begins, X as it returns. One sender after the other may connect, or
several at once. Ends with ^C, and removes the socket.

  --json    an object a line
`,
  },
  explain: {
    line: 'tell what a system call is, takes and gives',
    text: glass => `Usage: ${glass} explain [CALL]...

Prints what is known of each CALL: what it is for, its number on each architecture,
its arguments with their types and what is captured of them, its variants, flags
and structures, and a line of it in strace's and in gVisor's notation. Without a
CALL: a line for each of them.
`,
  },
  schema: {
    line: 'print the JSON schema of --format=json',
    text: glass => `Usage: ${glass} schema

Prints the JSON schema of the lines that --format=json gives.
`,
  },
} satisfies { [name: string]: { line: string; text: (glass: string) => string } }

export type Subcommand = keyof typeof subcommands
export const isSubcommand = (name: string): name is Subcommand => Object.hasOwn(subcommands, name)

/** The help of one subcommand, called through `glass`. */
export const helpOf = (name: Subcommand, glass: string): string => subcommands[name].text(glass)

export function overview(glass: string): string {
  const lines = Object.entries(subcommands).map(([name, { line }]) => `  ${name.padEnd(10)}${line}\n`)
  return `Usage: ${glass} SUBCOMMAND [OPTION]...

${lines.join('')}
Try '${glass} SUBCOMMAND --help' for more information.
`
}
