/** What all descriptors of the language have in common: data that is frozen, and the type of the decoded value. */

/** A descriptor of the language; `T` is the decoded value, carried in the type alone. */
export interface Type<T> {
  readonly kind: string
  readonly '~value'?: T
}
/** The decoded value of a descriptor. */
export type Value<D> = D extends { readonly '~value'?: infer T } ? T : never

/** A frozen descriptor whose decoded value is a T. */
export const node = <T, const O extends object>(o: O): O & Type<T> => Object.freeze(o) as O & Type<T>
