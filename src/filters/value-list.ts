import { Refusal } from './refusal.ts'

/** What all the `[!]value[,value]...` languages share: negation, `all`, `none`, and the values between the commas. */
export interface ValueList {
  readonly inverted: boolean
  /** Empty for `none`, and for `all`, which is the inversion of nothing. */
  readonly values: readonly string[]
}

/** `what` names the kind of value in an error. Commas may be doubled or trail, but something must be listed. */
export function parseValueList(text: string, what: string): ValueList | Refusal {
  const marks = /^!*/.exec(text)![0].length
  const inverted = marks % 2 === 1
  const rest = text.slice(marks)
  if (rest === 'none') return { inverted, values: [] }
  if (rest === 'all') return { inverted: !inverted, values: [] }
  const values = rest.split(',').filter(value => value !== '')
  if (values.length === 0) return new Refusal(`invalid ${what} '${text}'`)
  return { inverted, values }
}

/**
 * A list of names out of a fixed few, as a set; case does not matter. `all` and `!` mean `members`; more names than
 * those may be listed: `aliases` maps them.
 */
export function parseNames<Name extends string>(
  text: string,
  what: string,
  members: readonly Name[],
  aliases: Readonly<Record<string, Name>> = {},
): ReadonlySet<Name> | Refusal {
  const list = parseValueList(text, what)
  if (list instanceof Refusal) return list
  const listed = new Set<Name>()
  for (const value of list.values) {
    const lower = value.toLowerCase()
    const name =
      members.find(member => member === lower) ?? (Object.hasOwn(aliases, lower) ? aliases[lower] : undefined)
    if (name === undefined) return new Refusal(`invalid ${what} '${value}'`)
    listed.add(name)
  }
  return list.inverted ? new Set(members.filter(member => !listed.has(member))) : listed
}
