/** SQL as somebody types it: where a statement ends. */

/** Quoted texts and names, texts between $$, comments: what is inside ends nothing. An open one reaches to the end. */
const closed =
  /'(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$)|\$(\w*)\$(?:[\s\S]*?\$\1\$|[\s\S]*$)|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g
const isComment = (part: string): boolean => /^(?:--|\/\*)/.test(part)

/** The statement with each quoted part as an x, and without comments. */
const bare = (sql: string): string => sql.replace(closed, part => (isComment(part) ? ' ' : 'x'))

/** Whether `sql` is a whole statement: its last word is a `;` that stands in no quotes. */
export const endsStatement = (sql: string): boolean => /;\s*$/.test(bare(sql))

/** The statements that there are, each as it stands, without its `;`. */
export function statementsOf(sql: string): string[] {
  // What stands in quotes or a comment keeps its place, so that places are the same in both.
  const ends = sql.replace(closed, part => 'x'.repeat(part.length))
  const all: string[] = []
  for (let from = 0; from <= sql.length; ) {
    const at = ends.indexOf(';', from)
    const end = at < 0 ? sql.length : at
    all.push(sql.slice(from, end))
    from = end + 1
  }
  return all.filter(part => !isBlank(part))
}

/** Nothing but space and comments. */
export const isBlank = (sql: string): boolean => bare(sql).trim() === ''
