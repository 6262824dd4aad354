/** One type for several names: requests and options that take the same. */
export const all = <const N extends string, T>(names: readonly N[], type: T): { readonly [K in N]: T } =>
  Object.fromEntries(names.map(name => [name, type])) as { readonly [K in N]: T }
