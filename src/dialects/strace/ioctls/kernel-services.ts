/** ioctls of descriptors of the kernel's own. */

import { readAddress } from '../../../types/evaluate.ts'
import { layoutOf } from '../../../types/resolve.ts'
import { perfAttributes } from '../perf-attributes.ts'
import { type Printer, printer } from '../print.ts'
import { addressNumber, unsignedNumber } from '../scalars.ts'
import { printArray } from '../sequences.ts'
import { printBytes } from '../strings.ts'
import { fieldsPrinter } from '../structures.ts'
import { type ShownIoctls, structOf, through, told, whole } from './shown.ts'

const unsigned: Printer = (out, frame, at) => unsignedNumber(out, frame, at, 4)

export const kernelServiceShown: ShownIoctls = {
  /** The pool's content follows the structure. */
  RNDADDENTROPY: (scope, request) => {
    const { buf: _, ...fields } = structOf(request).fields
    const { size } = layoutOf('rand_pool_info', scope.arch)
    const head = fieldsPrinter({ ...structOf(request), fields }, scope)
    return {
      print: through((out, frame, address, bases) => {
        if (address === 0 || frame.available(address) < size) return false
        const { at } = frame
        head(out, frame, at, bases)
        out.length--
        out.put(', buf=')
        const length = frame.view.getUint32(at + 4, true)
        if (!printBytes(out, frame, address + size, length, scope.style.stringLimit, scope.style))
          out.put(`0x${(address + size).toString(16)}`)
        out.putChar('}')
        return true
      }, 'now'),
    }
  },
  /** Features that were asked for, and those that there are where they are others. */
  UFFDIO_API: (scope, request) => {
    const type = structOf(request)
    const { size, fields } = layoutOf(type.layout, scope.arch)
    const api = printer(type.fields.api!, scope, 8)
    const features = printer(type.fields.features!, scope, 8)
    const ioctls = printer(type.fields.ioctls!, scope, 8)
    return {
      waits: true,
      print: (out, frame, at, bases) => {
        const address = readAddress(frame.view, at, scope.arch)
        const before = frame.availableAtEnter(address) < size ? -1 : frame.at
        if (before < 0) return addressNumber(out, frame, at, 8)
        const place = before + fields.features!.offset
        out.put('{api=')
        api(out, frame, before, bases)
        out.put(', features=')
        features(out, frame, place, bases)
        const after = frame.failed || frame.available(address) < size ? -1 : frame.at
        if (after >= 0) {
          const now = after + fields.features!.offset
          if (frame.view.getBigUint64(now, true) !== frame.view.getBigUint64(place, true)) {
            out.put(' => features=')
            features(out, frame, now, bases)
          }
          out.put(', ioctls=')
          ioctls(out, frame, after + fields.ioctls!.offset, bases)
        }
        out.putChar('}')
      },
    }
  },
  UFFDIO_REGISTER: told('ioctls'),
  UFFDIO_COPY: told('copy'),
  UFFDIO_ZEROPAGE: told('zeropage'),
  /** How many ids there is room for; how many programs there are, and their ids. */
  PERF_EVENT_IOC_QUERY_BPF: ({ style, arch }) => {
    const { fields, size } = layoutOf('perf_event_query_bpf', arch)
    return {
      waits: true,
      print: through((out, frame, address, bases) => {
        const have = address === 0 ? 0 : frame.available(address)
        const { at, view } = frame
        if (have < fields.prog_cnt!.offset) return false
        const room = view.getUint32(at, true)
        out.put(`{ids_len=${room}`)
        if (frame.failed || have < size) out.put(', ...')
        else {
          const programs = view.getUint32(at + fields.prog_cnt!.offset, true)
          out.put(`, prog_cnt=${programs}, ids=`)
          const ids = address + size
          if (!printArray(out, frame, ids, Math.min(room, programs), 4, unsigned, bases, style))
            out.put(`0x${ids.toString(16)}`)
        }
        out.putChar('}')
        return true
      }, 'now'),
    }
  },
  PERF_EVENT_IOC_MODIFY_ATTRIBUTES: (scope, request) => ({ print: perfAttributes(scope, structOf(request)) }),
  /** What the program has there should be empty, and is shown only where it is not. */
  SECCOMP_IOCTL_NOTIF_RECV: (scope, request) => {
    const type = structOf(request)
    const { size } = layoutOf(type.layout, scope.arch)
    const print = fieldsPrinter(type, scope)
    const now = through(whole(size, print), 'now')
    return {
      waits: true,
      print: (out, frame, at, bases) => {
        const address = Number(frame.view.getBigUint64(at, true))
        const have = frame.availableAtEnter(address)
        const filled = have >= size && frame.bytes.subarray(frame.at, frame.at + size).some(b => b !== 0)
        if (filled) {
          print(out, frame, frame.at, bases)
          out.put(' => ')
        }
        if (frame.failed) addressNumber(out, frame, at, 8)
        else now(out, frame, at, bases)
      },
    }
  },
}
