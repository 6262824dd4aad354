/** What goes through sockets: bytes, and messages with addresses and control data. */
import * as sets from '../abi/sets.ts'
import {
  arg,
  array,
  bytes,
  call,
  deref,
  either,
  fd,
  field,
  flags,
  inout,
  int,
  into,
  iovecs,
  is,
  isNetlink,
  min,
  netlinkIovecs,
  out,
  peek,
  ret,
  size,
  special,
  ssize,
  struct,
  syscalls,
  uint,
} from '../types/language.ts'
import { timespec } from './time-structures.ts'

const messageFlags = flags(sets.msg_flags)
const netlinkFamily = sets.addrfams.values.AF_NETLINK
/** Messages to and from the kernel have its address in them. */
const fromNetlink = is(peek(field('msg_name'), 2), netlinkFamily)
/** Asked in any case, so that the protocol is known. */
const ofProtocol = isNetlink('sockfd')

const sent = struct('msghdr', {
  msg_name: into(special('sockaddr', field('msg_namelen'))),
  msg_namelen: int,
  msg_iov: either(
    fromNetlink,
    either(ofProtocol, into(netlinkIovecs(field('msg_iovlen'))), into(netlinkIovecs(field('msg_iovlen')))),
    into(iovecs(field('msg_iovlen'))),
  ),
  msg_iovlen: size,
  msg_control: into(special('cmsgs', field('msg_controllen'))),
  msg_controllen: size,
  msg_flags: messageFlags,
})
const received = <L extends typeof ret | { readonly field: 'msg_len' }>(moved: L) =>
  struct('msghdr', {
    msg_name: out(special('sockaddr', field('msg_namelen'))),
    msg_namelen: int,
    msg_iov: either(
      fromNetlink,
      either(
        ofProtocol,
        out(netlinkIovecs(field('msg_iovlen'), moved)),
        out(netlinkIovecs(field('msg_iovlen'), moved)),
      ),
      out(iovecs(field('msg_iovlen'), moved)),
    ),
    msg_iovlen: size,
    msg_control: out(special('cmsgs', field('msg_controllen'))),
    msg_controllen: size,
    msg_flags: messageFlags,
  })

export const messageCalls = syscalls({
  sendto: call(
    {
      sockfd: fd,
      buf: either(
        isNetlink('sockfd', 'buf', 'len'),
        into(special('netlink', arg('len'))),
        into(bytes(arg('len'))),
      ),
      len: size,
      flags: messageFlags,
      dest_addr: into(special('sockaddr', arg('addrlen'))),
      addrlen: int,
    },
    ssize,
  ),
  recvfrom: call(
    {
      sockfd: fd,
      // More may have been waiting than there was room for (MSG_TRUNC).
      buf: either(
        isNetlink('sockfd', 'buf'),
        out(special('netlink', min(ret, arg('len')))),
        out(bytes(min(ret, arg('len')))),
      ),
      len: size,
      flags: messageFlags,
      src_addr: out(special('sockaddr', deref('addrlen'))),
      addrlen: inout(int),
    },
    ssize,
  ),
  sendmsg: call({ sockfd: fd, msg: into(sent), flags: messageFlags }, ssize),
  recvmsg: call({ sockfd: fd, msg: inout(received(ret)), flags: messageFlags }, ssize),
  sendmmsg: call(
    {
      sockfd: fd,
      msgvec: inout(array(struct('mmsghdr', { msg_hdr: sent, msg_len: uint }), arg('vlen'))),
      vlen: uint,
      flags: messageFlags,
    },
    int,
  ),
  recvmmsg: call(
    {
      sockfd: fd,
      msgvec: inout(
        array(struct('mmsghdr', { msg_hdr: received(field('msg_len')), msg_len: uint }), arg('vlen')),
      ),
      vlen: uint,
      flags: messageFlags,
      timeout: inout(timespec),
    },
    int,
  ),
})
