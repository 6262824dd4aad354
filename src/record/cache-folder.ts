/** Where what can be made again is kept for the user. */
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

/** XDG_CACHE_HOME; undefined where it is not set, or is empty or relative, which the XDG specification has one ignore. */
export function namedCache(): string | undefined {
  const named = process.env.XDG_CACHE_HOME
  return named !== undefined && isAbsolute(named) ? named : undefined
}

/** The folder that is ours alone; it may not be there. */
export const cacheFolder = (): string => join(namedCache() ?? join(homedir(), '.cache'), 'sysglass')
