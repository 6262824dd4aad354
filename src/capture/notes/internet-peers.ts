/** Peers that getpeername(2) does not tell of: those of connections that are being made, and those without a port. */
import { readFileSync } from 'node:fs'
import { addrfams, tcp_states } from '../../abi/sets.ts'
import { procNumber } from './process-numbers.ts'
import { addressText } from './socket-text.ts'

const { AF_INET, AF_INET6 } = addrfams.values
const { TCP_CLOSE } = tcp_states.values

/** The peer that the TCP socket with `inode` will have, in the network namespace of process `pid`. */
export const awaitedPeer = (pid: number, inode: number): string | undefined => peer('tcp', pid, inode)

/** The peer of a UDP socket that is connected to no port, as getaddrinfo(3) does to learn its own address. */
export const peerWithoutPort = (pid: number, inode: number): string | undefined => peer('udp', pid, inode)

function peer(protocol: 'tcp' | 'udp', pid: number, inode: number): string | undefined {
  for (const [table, family] of [
    [protocol, AF_INET],
    [`${protocol}6`, AF_INET6],
  ] as const) {
    const peer = peerIn(readTable(`/proc/${procNumber(pid)}/net/${table}`), inode)
    // Words of 32 bits stand there as the machine has them, ports as people do.
    if (peer !== undefined)
      return addressText(family, Buffer.from(peer.address, 'hex').swap32(), Number.parseInt(peer.port, 16))
  }
  return undefined
}

function peerIn(table: string, inode: number): { address: string; port: string } | undefined {
  for (const line of table.split('\n')) {
    const columns = line.trim().split(/ +/)
    if (Number(columns[9]) !== inode || Number.parseInt(columns[3]!, 16) === TCP_CLOSE) continue
    const [, address, port] = /^([0-9A-F]+):([0-9A-F]{4})$/.exec(columns[2] ?? '') ?? []
    return address === undefined || port === undefined ? undefined : { address, port }
  }
  return undefined
}

function readTable(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}
