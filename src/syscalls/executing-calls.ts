/** Calls that make another program of the process: where they succeed, what follows is that program's. */
export const executingCalls: ReadonlySet<string> = new Set(['execve', 'execveat'])
