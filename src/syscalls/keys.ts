/** Keys that the kernel keeps, and their keyrings. What keyctl's arguments are hangs on the operation. */
import * as sets from '../abi/sets.ts'
import {
  absent,
  address,
  arg,
  array,
  byte,
  bytes,
  call,
  countedText,
  cstring,
  decimal,
  either,
  errno,
  field,
  flags,
  gid,
  hex,
  hex32,
  int,
  into,
  iovecs,
  is,
  long,
  min,
  oneOf,
  out,
  peek,
  ret,
  select,
  size,
  struct,
  syscalls,
  type Type,
  text,
  uid,
  uint,
  ushort,
} from '../types/language.ts'

/** A key's serial number; some keyrings have one that everybody knows them by. */
const serial = decimal(oneOf(sets.key_spec), true)
const spare = (words: number) => array(hex32, words)

const dhParams = into(struct('keyctl_dh_params', { private: serial, prime: serial, base: serial }))
const kdfParams = into(
  struct('keyctl_kdf_params', {
    hashname: into(cstring),
    otherinfo: either(is(field('otherinfolen'), 0), address, into(bytes(field('otherinfolen')))),
    otherinfolen: uint,
    __spare: spare(8),
  }),
)
const pkeyParams = into(
  struct('keyctl_pkey_params', { key_id: serial, in_len: uint, out_len: uint, __spare: spare(7) }),
)
const pkeyQuery = out(
  struct('keyctl_pkey_query', {
    supported_ops: flags(sets.keyctl_pkey_ops),
    key_size: uint,
    max_data_size: ushort,
    max_sig_size: ushort,
    max_enc_size: ushort,
    max_dec_size: ushort,
    __spare: spare(10),
  }),
)
/** What `pkeyParams` says of the two buffers. */
const inLength = peek('arg2', 4, 4)
const outLength = peek('arg2', 4, 8)

/** A buffer of so many bytes as the next argument says, of which the call fills as many as there are. */
const filled = (length: string) => out(bytes(min(ret, arg(length))))
const filledText = (length: string) => out(countedText(min(ret, arg(length))))
const reason = Object.freeze({ ...errno, signed: false })

/** The second to the fifth argument by operation. Those that are not listed are not looked at. */
const operations = {
  KEYCTL_GET_KEYRING_ID: [serial, int],
  KEYCTL_JOIN_SESSION_KEYRING: [text],
  KEYCTL_UPDATE: [serial, into(bytes(arg('arg4'))), size],
  KEYCTL_REVOKE: [serial],
  KEYCTL_CHOWN: [serial, uid, gid],
  KEYCTL_SETPERM: [serial, flags(sets.key_perms)],
  KEYCTL_DESCRIBE: [serial, filledText('arg4'), size],
  KEYCTL_CLEAR: [serial],
  KEYCTL_LINK: [serial, serial],
  KEYCTL_UNLINK: [serial, serial],
  KEYCTL_SEARCH: [serial, text, text, serial],
  KEYCTL_READ: [serial, filled('arg4'), size],
  KEYCTL_INSTANTIATE: [serial, into(bytes(arg('arg4'))), size, serial],
  KEYCTL_NEGATE: [serial, uint, serial],
  KEYCTL_SET_REQKEY_KEYRING: [decimal(oneOf(sets.key_reqkeys), true)],
  KEYCTL_SET_TIMEOUT: [serial, uint],
  KEYCTL_ASSUME_AUTHORITY: [serial],
  KEYCTL_GET_SECURITY: [serial, filledText('arg4'), size],
  KEYCTL_SESSION_TO_PARENT: [],
  KEYCTL_REJECT: [serial, uint, reason, serial],
  KEYCTL_INSTANTIATE_IOV: [serial, into(iovecs(arg('arg4'))), size, serial],
  KEYCTL_INVALIDATE: [serial],
  KEYCTL_GET_PERSISTENT: [uid, serial],
  KEYCTL_DH_COMPUTE: [dhParams, filled('arg4'), size, kdfParams],
  KEYCTL_PKEY_QUERY: [serial, hex, text, pkeyQuery],
  KEYCTL_PKEY_ENCRYPT: [pkeyParams, text, into(bytes(inLength)), out(bytes(outLength))],
  KEYCTL_PKEY_DECRYPT: [pkeyParams, text, into(bytes(inLength)), out(bytes(outLength))],
  KEYCTL_PKEY_SIGN: [pkeyParams, text, into(bytes(inLength)), out(bytes(outLength))],
  KEYCTL_PKEY_VERIFY: [pkeyParams, text, into(bytes(inLength)), into(bytes(outLength))],
  KEYCTL_RESTRICT_KEYRING: [serial, text, text],
  KEYCTL_MOVE: [serial, serial, serial, flags(sets.keyctl_move_flags)],
  KEYCTL_CAPABILITIES: [out(array(byte, min(ret, arg('arg3')), 1)), size],
} as const

type Operations = typeof operations
type ArgumentTypes = Operations[keyof Operations][number]
/** The argument at `index` (from 0) of `arg2` on. */
const argument = (index: number) => {
  const cases = Object.fromEntries(
    Object.entries(operations).map(([name, types]) => [
      name,
      (types as readonly ArgumentTypes[])[index] ?? absent,
    ]),
  ) as { readonly [operation: string]: ArgumentTypes | typeof absent }
  return select('operation', cases as { readonly [operation: string]: Type<unknown> }, hex)
}

export const keyCalls = syscalls({
  add_key: call(
    { type: text, description: text, payload: into(bytes(arg('plen'))), plen: size, keyring: serial },
    int,
  ),
  request_key: call({ type: text, description: text, callout_info: text, dest_keyring: serial }, int),
  keyctl: call(
    {
      operation: oneOf(sets.keyctl_commands),
      arg2: argument(0),
      arg3: argument(1),
      arg4: argument(2),
      arg5: argument(3),
    },
    long,
  ),
})
