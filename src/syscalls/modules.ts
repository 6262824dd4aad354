/** Kernel modules. */
import * as sets from '../abi/sets.ts'
import { address, call, fd, flags, int, syscalls, text, ulong } from '../types/language.ts'

export const moduleCalls = syscalls({
  init_module: call({ module_image: address, len: ulong, param_values: text }, int),
  finit_module: call({ fd, param_values: text, flags: flags(sets.module_init_flags) }, int),
  delete_module: call({ name: text, flags: flags(sets.delete_module_flags) }, int),
})
