/** Pieces that JSON schemas are made of. */

export type Schema = { readonly [keyword: string]: unknown }

export const ref = (name: string): Schema => ({ $ref: `#/$defs/${name}` })
export const anyOf = (...schemas: readonly Schema[]): Schema => {
  const flat = schemas.flatMap(s => (Array.isArray(s.anyOf) ? (s.anyOf as Schema[]) : [s]))
  const seen = new Map(flat.map(s => [JSON.stringify(s), s]))
  return seen.size === 1 ? flat[0]! : { anyOf: [...seen.values()] }
}
export const nullable = (schema: Schema): Schema => anyOf(schema, { type: 'null' })
export const object = (
  properties: { readonly [name: string]: Schema },
  optional: readonly string[] = [],
): Schema => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter(name => !optional.includes(name)),
  additionalProperties: false,
})
