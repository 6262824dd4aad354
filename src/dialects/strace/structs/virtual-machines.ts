/** Registers of KVM's virtual CPUs. */
import { layoutOf } from '../../../types/resolve.ts'
import type { StructPrinters } from '../registry.ts'
import { hexNumber } from '../scalars.ts'
import { fieldsPrinter } from '../structures.ts'

/** Those that are always shown, and which of them others stand before that are left out. */
const shown: { readonly [register: string]: 'first' | 'next' | 'after others' } = {
  rax: 'first',
  rsp: 'after others',
  rbp: 'next',
  rip: 'after others',
  rflags: 'next',
}

export const virtualMachineStructs: StructPrinters = {
  kvm_sregs: (type, scope) => fieldsPrinter(type, scope, ['cs']),
  kvm_regs: (type, scope) => {
    if (scope.style.verbose) return undefined
    const { fields } = layoutOf(type.layout, scope.arch)
    const places = Object.entries(shown).filter(([name]) => fields[name] !== undefined)
    return (out, frame, at) => {
      out.putChar('{')
      for (const [name, place] of places) {
        if (place !== 'first') out.put(place === 'next' ? ', ' : ', ..., ')
        out.put(`${name}=`)
        hexNumber(out, frame, at + fields[name]!.offset, 8)
      }
      out.putChar('}')
    }
  },
}
