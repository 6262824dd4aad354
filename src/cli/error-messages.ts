/** Errors of the kernel as messages end with them. */
import { errnoTexts } from '../abi/errno.ts'

/** Why the program could not be executed. */
export const execMessage = (errno: number): string => `exec${reason(errno)}`

/** A colon and the C library's text of an error; nothing for none. */
export const reason = (errno: number): string =>
  errno === 0 ? '' : `: ${errnoTexts[errno] ?? `errno ${errno}`}`
