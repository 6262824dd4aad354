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
    // As calls have it as their path.
    ['socket', 'VARCHAR'],
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
  /** What each process did with each file, perhaps in several rows: see the view `files`. */
  file_uses: [
    ['pid', 'INTEGER'],
    ['comm', 'VARCHAR'],
    ['path', 'VARCHAR'],
    ['opened', 'INTEGER'],
    ['failed', 'INTEGER'],
    ['bytes_read', 'BIGINT'],
    ['bytes_written', 'BIGINT'],
    ['calls', 'INTEGER'],
    ['duration', 'DOUBLE'],
  ],
} as const satisfies { readonly [table: string]: readonly (readonly [column: string, type: ColumnType])[] }

export type ColumnType = 'INTEGER' | 'BIGINT' | 'DOUBLE' | 'VARCHAR' | 'JSON' | 'TIMESTAMP'
export type TableName = keyof typeof tables

/** What stands for NULL in columns on their way into a table; of a text it is the number. */
export const nullNumber: { readonly [type in ColumnType]: number } = {
  INTEGER: -(2 ** 31),
  BIGINT: -(2 ** 63),
  DOUBLE: Number.NaN,
  TIMESTAMP: Number.NaN,
  VARCHAR: 0,
  JSON: 0,
}

export const tableNames = Object.keys(tables) as readonly TableName[]
export const typesOf = (table: TableName): readonly ColumnType[] => tables[table].map(([, type]) => type)

/** Empty ones: for what DuckDB knows of a question that nobody has asked yet. */
export const createTables: readonly string[] = tableNames.map(
  name => `CREATE TABLE ${name} (${tables[name].map(([column, type]) => `${column} ${type}`).join(', ')})`,
)

export const createViews: readonly string[] = [
  // Each file that a process named or used, with what it did to it.
  `CREATE VIEW files AS SELECT
     pid,
     any_value(comm) AS comm,
     path,
     sum(opened)::BIGINT AS opened,
     sum(failed)::BIGINT AS failed,
     sum(bytes_read)::BIGINT AS bytes_read,
     sum(bytes_written)::BIGINT AS bytes_written,
     sum(calls)::BIGINT AS calls,
     sum(duration) AS duration
   FROM file_uses GROUP BY pid, path`,
]
