/** Socket addresses for people: what a connection's other end, or its own, is called. */

/** The address among decoded arguments, null when there is none. */
export function peerOf(args: { readonly [name: string]: unknown }): string | null {
  for (const value of Object.values(args)) {
    const text = addressText(value)
    if (text !== null) return text
  }
  return null
}

function addressText(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return null
  const address = value as { readonly [field: string]: unknown }
  const family = address.family
  if (typeof family !== 'string') return null
  const { address: host, port, path, abstract: isAbstract } = address
  if (typeof path === 'string') return path === '' ? family : isAbstract === true ? `@${path}` : path
  if (typeof host === 'string') {
    const name = host.includes(':') ? `[${host}]` : host
    return typeof port === 'number' ? `${name}:${port}` : name
  }
  return family
}
