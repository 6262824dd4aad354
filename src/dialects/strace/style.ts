/** How the user wants lines to look: what of the command line concerns the text of arguments. */
export interface Style {
  /** Bytes of a string that are shown (-s). */
  readonly stringLimit: number
  /** -x: strings with bytes that are not ASCII in hexadecimal; -xx: all strings; non-ascii-chars: those bytes alone. */
  readonly escape: 'default' | 'non-ascii-chars' | 'non-ascii' | 'all'
  /** -v: structures, environments and lists whole. */
  readonly verbose: boolean
  /** -e verbose=: of a call that is not chosen, structures and lists are not shown, but where they are. */
  readonly unread?: boolean
  /** -X: numbers for constants, names, or both. */
  readonly constants: 'raw' | 'abbrev' | 'verbose'
  /** -y, -yy: what stands behind a descriptor. */
  readonly descriptorPaths: boolean
  readonly socketDetails: boolean
  readonly deviceNumbers: boolean
  readonly pidfdProcesses?: boolean
  /** -Y: processes' names. */
  readonly processNames?: boolean
  /** --decode-pids=pidns: what processes of other pid namespaces are in ours. */
  readonly pidNamespaces?: boolean
}

export const defaultStyle: Style = {
  stringLimit: 32,
  escape: 'default',
  verbose: false,
  constants: 'abbrev',
  descriptorPaths: false,
  socketDetails: false,
  deviceNumbers: false,
}
