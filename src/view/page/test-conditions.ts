/** Conditions to test with. */
import fc from 'fast-check'
import type { Condition } from '../protocol.ts'
import { comparisonsOf, filterColumns, isNumeric } from './conditions.ts'

/** Texts of all kinds of characters, but of no halves of pairs, which an address cannot hold. */
export const texts: fc.Arbitrary<string> = fc
  .array(fc.oneof(fc.nat(0x7f), fc.nat(0xd7ff)))
  .map(codes => String.fromCharCode(...codes))

/** Conditions that the page can make. */
export const conditions: fc.Arbitrary<Condition> = fc.constantFrom(...filterColumns).chain(column =>
  fc.record(
    {
      column: fc.constant(column),
      is: fc.constantFrom(...comparisonsOf(column)),
      value: isNumeric(column)
        ? fc.oneof(
            fc.integer(),
            fc.double({ noNaN: true, noDefaultInfinity: true }).filter(n => !Object.is(n, -0)),
          )
        : texts.filter(text => text !== ''),
    },
    { noNullPrototype: true },
  ),
)
