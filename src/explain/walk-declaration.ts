/** Looking through a declaration: each node once for each place that it has, with the scope that it has there. */
import type { ArchName } from '../record/layout.ts'
import type { Call, Node } from '../types/language.ts'
import { callScope, casesOf, layoutOf, type Scope } from '../types/resolve.ts'

/** Calls `visit` for each node of the arguments and the result; what that says no to is not looked into. */
export function walkDeclaration(
  declaration: Call,
  arch: ArchName,
  visit: (type: Node, scope: Scope) => boolean,
): void {
  const look = (type: Node, scope: Scope): void => {
    if (!visit(type, scope)) return
    switch (type.kind) {
      case 'pointer':
      case 'inside':
        return look(type.to, scope)
      case 'struct': {
        const inner = { layout: layoutOf(type.layout, arch), fields: type.fields }
        for (const field of Object.values(type.fields))
          look(field, { ...scope, structs: [inner, ...scope.structs] })
        return
      }
      case 'array':
        return look(type.of, scope)
      case 'when':
        look(type.type, scope)
        return look(type.otherwise, scope)
      case 'select':
        for (const [, variant] of casesOf(type, scope)) look(variant, scope)
        return look(type.otherwise, scope)
      default:
        return
    }
  }
  const scope = callScope(arch, declaration)
  for (const { type } of scope.args) look(type, scope)
  look(declaration.returns as unknown as Node, scope)
}
