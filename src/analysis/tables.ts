/** The tables that a recording is queried by. Times are in UTC; durations in milliseconds, the tracer's own time included. */

export const tables = {
  calls: [
    ['id', 'INTEGER'],
    ['time', 'TIMESTAMP'],
    ['pid', 'INTEGER'],
    ['tid', 'INTEGER'],
    ['comm', 'VARCHAR'],
    ['name', 'VARCHAR'],
    ['outcome', 'VARCHAR'],
    ['result', 'BIGINT'],
    ['errno', 'VARCHAR'],
    ['duration', 'DOUBLE'],
    ['fd', 'INTEGER'],
    ['path', 'VARCHAR'],
    ['other_path', 'VARCHAR'],
    ['args', 'JSON'],
  ],
  signals: [
    ['time', 'TIMESTAMP'],
    ['pid', 'INTEGER'],
    ['tid', 'INTEGER'],
    ['comm', 'VARCHAR'],
    ['signal', 'VARCHAR'],
    ['sender', 'INTEGER'],
  ],
  connections: [
    ['call', 'INTEGER'],
    ['time', 'TIMESTAMP'],
    ['pid', 'INTEGER'],
    ['comm', 'VARCHAR'],
    ['name', 'VARCHAR'],
    ['fd', 'INTEGER'],
    ['address', 'VARCHAR'],
    ['errno', 'VARCHAR'],
  ],
  processes: [
    ['pid', 'INTEGER'],
    ['parent', 'INTEGER'],
    ['comm', 'VARCHAR'],
    ['command', 'VARCHAR'],
    ['started', 'TIMESTAMP'],
    ['ended', 'TIMESTAMP'],
    ['code', 'INTEGER'],
    ['signal', 'VARCHAR'],
  ],
} as const satisfies { readonly [table: string]: readonly (readonly [column: string, type: ColumnType])[] }

export type ColumnType = 'INTEGER' | 'BIGINT' | 'DOUBLE' | 'VARCHAR' | 'JSON' | 'TIMESTAMP'
export type TableName = keyof typeof tables

/** How columns are staged: texts by their number, times as milliseconds since 1970. */
export type StagedType = 'INTEGER' | 'BIGINT' | 'DOUBLE' | 'VARCHAR'
export const stagedType: { readonly [type in ColumnType]: StagedType } = {
  INTEGER: 'INTEGER',
  BIGINT: 'BIGINT',
  DOUBLE: 'DOUBLE',
  VARCHAR: 'INTEGER',
  JSON: 'VARCHAR',
  TIMESTAMP: 'DOUBLE',
}

const names = Object.keys(tables) as TableName[]

export const createStaged: readonly string[] = [
  'CREATE TABLE texts (number INTEGER, text VARCHAR)',
  ...names.map(name => {
    const columns = tables[name].map(([column, type]) => `${column} ${stagedType[type]}`)
    return `CREATE TABLE staged_${name} (${columns.join(', ')})`
  }),
]

/** The tables, made of what was staged. */
export const createTables: readonly string[] = names.map(name => {
  const joins: string[] = []
  const columns = tables[name].map(([column, type]) => {
    if (type === 'TIMESTAMP') return `make_timestamp((${column} * 1000)::BIGINT) AS ${column}`
    if (type === 'JSON') return `${column}::JSON AS ${column}`
    if (type !== 'VARCHAR') return column
    joins.push(`LEFT JOIN texts AS text_of_${column} ON text_of_${column}.number = staged_${name}.${column}`)
    return `text_of_${column}.text AS ${column}`
  })
  return `CREATE TABLE ${name} AS SELECT ${columns.join(', ')} FROM staged_${name} ${joins.join(' ')}`
})

export const dropStaged: readonly string[] = [...names.map(name => `staged_${name}`), 'texts'].map(
  table => `DROP TABLE ${table}`,
)

const list = (names: readonly string[]): string => names.map(name => `'${name}'`).join(', ')
const opening = list(['open', 'openat', 'openat2', 'creat'])
const reading = list(['read', 'pread64', 'readv', 'preadv', 'preadv2', 'getdents64', 'getdents'])
const writing = list(['write', 'pwrite64', 'writev', 'pwritev', 'pwritev2'])
/** From the first descriptor to the second; sendfile has them the other way round. */
const copying = list(['copy_file_range', 'splice', 'tee'])

/** Each file that was named or used, with what was done to it. */
export const createViews: readonly string[] = [
  `CREATE VIEW files AS SELECT
     path,
     count(*) FILTER (name IN (${opening}) AND outcome = 'returned') AS opened,
     count(*) FILTER (outcome = 'failed') AS failed,
     coalesce(sum(result) FILTER (result > 0 AND CASE WHEN second THEN name = 'sendfile'
       ELSE name IN (${reading}, ${copying}) END), 0)::BIGINT AS bytes_read,
     coalesce(sum(result) FILTER (result > 0 AND CASE WHEN second THEN name IN (${copying})
       ELSE name IN (${writing}, 'sendfile') END), 0)::BIGINT AS bytes_written,
     count(*) AS calls,
     count(DISTINCT pid) AS processes,
     sum(duration) AS duration
   FROM (
     SELECT path, false AS second, name, outcome, result, pid, duration FROM calls
     UNION ALL SELECT other_path, true, name, outcome, result, pid, duration FROM calls)
   WHERE path LIKE '/%' GROUP BY path`,
]
