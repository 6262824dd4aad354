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
    ['cpu', 'DOUBLE'],
    ['max_memory', 'BIGINT'],
    ['bytes_read', 'BIGINT'],
    ['bytes_written', 'BIGINT'],
    ['from_storage', 'BIGINT'],
    ['to_storage', 'BIGINT'],
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

/** What stands for NULL in staged numbers (and for a text 0, which none has): telling DuckDB row by row costs more than all the rest. */
export const nullNumber: { readonly [type in StagedType]: number } = {
  INTEGER: -(2 ** 31),
  BIGINT: -(2 ** 63),
  DOUBLE: Number.NaN,
  VARCHAR: 0,
}

const names = Object.keys(tables) as TableName[]
export const typesOf = (table: TableName): readonly ColumnType[] => tables[table].map(([, type]) => type)

/** The columns of a table that are staged: arguments only where they are decoded. */
export const stagedColumns = (
  table: TableName,
  args: boolean,
): readonly (readonly [column: string, type: ColumnType])[] =>
  tables[table].filter(([, type]) => args || type !== 'JSON')

export const createStaged = (args: boolean): readonly string[] => [
  'CREATE TABLE texts (number INTEGER, text VARCHAR)',
  ...names.map(name => {
    const columns = stagedColumns(name, args).map(([column, type]) => `${column} ${stagedType[type]}`)
    return `CREATE TABLE staged_${name} (${columns.join(', ')})`
  }),
]

/** The tables, made of what was staged. */
export const createTables = (args: boolean): readonly string[] =>
  names.map(name => {
    const joins: string[] = []
    const columns = tables[name].map(([column, type]) => {
      if (type === 'JSON' && !args) return `NULL::JSON AS ${column}`
      if (type === 'VARCHAR') {
        joins.push(
          `LEFT JOIN texts AS text_of_${column} ON text_of_${column}.number = staged_${name}.${column}`,
        )
        return `text_of_${column}.text AS ${column}`
      }
      return `${unstaged(column, type)} AS ${column}`
    })
    return `CREATE TABLE ${name} AS SELECT ${columns.join(', ')} FROM staged_${name} ${joins.join(' ')}`
  })

function unstaged(column: string, type: Exclude<ColumnType, 'VARCHAR'>): string {
  switch (type) {
    case 'INTEGER':
    case 'BIGINT':
      return `nullif(${column}, ${BigInt(nullNumber[type])})`
    case 'DOUBLE':
      return `CASE WHEN NOT isnan(${column}) THEN ${column} END`
    case 'TIMESTAMP':
      return `CASE WHEN NOT isnan(${column}) THEN make_timestamp((${column} * 1000)::BIGINT) END`
    case 'JSON':
      return `nullif(${column}, '')::JSON`
  }
}

export const dropStaged: readonly string[] = [...names.map(name => `staged_${name}`), 'texts'].map(
  table => `DROP TABLE ${table}`,
)

const list = (names: readonly string[]): string => names.map(name => `'${name}'`).join(', ')
const opening = list(['open', 'openat', 'openat2', 'creat'])
const reading = list(['read', 'pread64', 'readv', 'preadv', 'preadv2', 'getdents64', 'getdents'])
const writing = list(['write', 'pwrite64', 'writev', 'pwritev', 'pwritev2'])
/** From the first descriptor to the second; sendfile has them the other way round. */
const copying = list(['copy_file_range', 'splice', 'tee'])

/** Each file that a process named or used, with what it did to it. */
export const createViews: readonly string[] = [
  `CREATE VIEW files AS SELECT
     pid,
     any_value(comm) AS comm,
     path,
     count(*) FILTER (name IN (${opening}) AND outcome = 'returned') AS opened,
     count(*) FILTER (outcome = 'failed') AS failed,
     coalesce(sum(result) FILTER (result > 0 AND CASE WHEN second THEN name = 'sendfile'
       ELSE name IN (${reading}, ${copying}) END), 0)::BIGINT AS bytes_read,
     coalesce(sum(result) FILTER (result > 0 AND CASE WHEN second THEN name IN (${copying})
       ELSE name IN (${writing}, 'sendfile') END), 0)::BIGINT AS bytes_written,
     count(*) AS calls,
     sum(duration) AS duration
   FROM (
     SELECT path, false AS second, name, outcome, result, pid, comm, duration FROM calls WHERE path LIKE '/%'
     UNION ALL SELECT other_path, true, name, outcome, result, pid, comm, duration FROM calls WHERE other_path LIKE '/%')
   GROUP BY pid, path`,
]
