/** Questions that have a name, as SQL over the tables of tables.ts. */

export interface Question {
  /** What it tells, for `glass --help`. */
  readonly line: string
  readonly sql: string
}

/** Milliseconds with three decimals. */
const ms = (expression: string): string => `round(${expression}, 3)`

/** Calls that return how many bytes went through a descriptor. */
const sending = "'write', 'writev', 'send', 'sendto', 'sendmsg', 'sendfile'"
const receiving = "'read', 'readv', 'recv', 'recvfrom', 'recvmsg'"

/** Calls by process: few numbers are given to several, and only of those it is asked whose calls they are. */
const callsOfProcesses = `
  SELECT pid, NULL AS born, count(*) AS calls, count(*) FILTER (outcome = 'failed') AS failed
    FROM calls WHERE pid NOT IN (SELECT pid FROM processes GROUP BY pid HAVING count(*) > 1) GROUP BY pid
  UNION ALL SELECT p.pid, p.started, count(*), count(*) FILTER (outcome = 'failed')
    FROM calls c JOIN processes p ON c.pid = p.pid AND c.time >= p.started AND (p.ended IS NULL OR c.time <= p.ended)
    WHERE p.pid IN (SELECT pid FROM processes GROUP BY pid HAVING count(*) > 1) GROUP BY p.pid, p.started`

export const questions = {
  summary: {
    line: 'what a recording holds: processes, calls, time, failures',
    sql: `SELECT what, value FROM (
      SELECT 1 AS n, 'began' AS what, min(time)::VARCHAR AS value FROM calls
      UNION ALL SELECT 2, 'lasted, s', round(epoch(max(time)) - epoch(min(time)), 3)::VARCHAR FROM calls
      UNION ALL SELECT 3, 'processes', count(*)::VARCHAR FROM processes
      UNION ALL SELECT 4, 'threads', count(DISTINCT tid)::VARCHAR FROM calls
      UNION ALL SELECT 5, 'calls', count(*)::VARCHAR FROM calls
      UNION ALL SELECT 6, 'calls that failed', count(*)::VARCHAR FROM calls WHERE outcome = 'failed'
      UNION ALL SELECT 7, 'kinds of calls', count(DISTINCT name)::VARCHAR FROM calls
      UNION ALL SELECT 8, 'time in calls, s', round(sum(duration) / 1000, 3)::VARCHAR FROM calls HAVING count(duration) > 0
      UNION ALL SELECT 12, 'time on a CPU, s', round(sum(cpu) / 1000, 3)::VARCHAR FROM processes HAVING sum(cpu) IS NOT NULL
      UNION ALL SELECT 13, 'most memory of one, MB', round(max(max_memory) / 1e6, 1)::VARCHAR FROM processes HAVING max(max_memory) IS NOT NULL
      UNION ALL SELECT 9, 'signals', count(*)::VARCHAR FROM signals
      UNION ALL SELECT 10, 'files', count(DISTINCT path)::VARCHAR FROM file_uses
      UNION ALL SELECT 11, 'connections', count(*)::VARCHAR FROM connections) ORDER BY n`,
  },
  top: {
    line: 'the calls that took most of the time',
    sql: `SELECT name, count(*) AS calls, count(*) FILTER (outcome = 'failed') AS failed,
        ${ms('sum(duration)')} AS total_ms, ${ms('avg(duration)')} AS mean_ms, ${ms('max(duration)')} AS most_ms
      FROM calls GROUP BY name ORDER BY sum(duration) DESC NULLS LAST, calls DESC, name`,
  },
  slowest: {
    line: 'the twenty calls that took longest',
    // Of a socket it tells more where it leads than its number.
    sql: `WITH longest AS (FROM calls WHERE duration IS NOT NULL ORDER BY duration DESC, id LIMIT 20),
        sockets AS (SELECT socket, max_by(address, call) AS address FROM connections
          WHERE name IN ('connect', 'accept', 'accept4') AND socket IS NOT NULL GROUP BY socket)
      SELECT ${ms('duration')} AS ms, time, pid, comm, name, coalesce(address, path, '') AS path,
        coalesce(errno, result::VARCHAR) AS result
      FROM longest LEFT JOIN sockets ON socket = path ORDER BY duration DESC, id`,
  },
  files: {
    line: 'files by what was read and written',
    sql: `SELECT path, sum(opened)::BIGINT AS opened, sum(failed)::BIGINT AS failed,
        sum(bytes_read)::BIGINT AS bytes_read, sum(bytes_written)::BIGINT AS bytes_written,
        sum(calls)::BIGINT AS calls, count(*) AS processes
      FROM files GROUP BY path ORDER BY sum(bytes_read) + sum(bytes_written) DESC, calls DESC, path`,
  },
  network: {
    line: 'who connected, listened and accepted where',
    // What went through a socket stands beside the last call that tells where it leads. Results are a hostile program's to choose.
    sql: `SELECT time, pid, comm, name, coalesce(address, '') AS address, coalesce(errno, 'ok') AS result, sent, received
      FROM connections LEFT JOIN (
        SELECT any_value(last) AS call, try_cast(sum(result) FILTER (name IN (${sending})) AS BIGINT) AS sent,
          try_cast(sum(result) FILTER (name IN (${receiving})) AS BIGINT) AS received
        FROM calls JOIN (SELECT socket, max(call) AS last FROM connections GROUP BY socket) ON socket = path
        WHERE outcome = 'returned' GROUP BY path) USING (call)
      ORDER BY time, call`,
  },
  errors: {
    line: 'what failed, by call and error',
    sql: `SELECT c.name, c.errno, count(*) AS times, count(DISTINCT c.pid) AS processes,
        coalesce(any_value(address), any_value(path)) AS example
      FROM calls c LEFT JOIN connections n ON call = id
      WHERE outcome = 'failed' GROUP BY c.name, c.errno ORDER BY times DESC, c.name, c.errno`,
  },
  processes: {
    line: 'the processes, as a tree',
    // Its shape is made by process-tree.ts.
    sql: `SELECT p.pid, p.parent, coalesce(p.command, p.comm) AS command,
        round(epoch(coalesce(p.ended, (SELECT max(time) FROM calls))) - epoch(p.started), 3) AS seconds,
        coalesce(p.signal, p.code::VARCHAR, '') AS ended, coalesce(c.calls, 0) AS calls, coalesce(c.failed, 0) AS failed,
        ${ms('p.cpu')} AS cpu_ms, round(p.max_memory / 1e6, 1) AS memory_mb
      FROM processes p LEFT JOIN (${callsOfProcesses}) c ON c.pid = p.pid AND (c.born IS NULL OR c.born = p.started)
      ORDER BY p.started, p.pid`,
  },
  latency: {
    line: 'how long calls take: percentiles',
    // All percentiles at once: each call of the function goes through the durations anew.
    sql: `SELECT name, calls, ${ms('p[1]')} AS p50_ms, ${ms('p[2]')} AS p90_ms, ${ms('p[3]')} AS p99_ms, ${ms('most')} AS most_ms
      FROM (SELECT name, count(*) AS calls, quantile_cont(duration, [0.5, 0.9, 0.99]) AS p, max(duration) AS most,
          sum(duration) AS total
        FROM calls WHERE duration IS NOT NULL GROUP BY name)
      ORDER BY total DESC, name LIMIT 20`,
  },
} as const satisfies { readonly [name: string]: Question }

export type QuestionName = keyof typeof questions
export const isQuestion = (name: string): name is QuestionName => Object.hasOwn(questions, name)

/** How many calls took how long, in steps of powers of two of a microsecond. */
export const histogram = `SELECT step, count(*) AS calls FROM (
    SELECT greatest(0, floor(log2(greatest(duration, 0.001) * 1000)))::INTEGER AS step FROM calls WHERE duration IS NOT NULL)
  GROUP BY step ORDER BY step`
