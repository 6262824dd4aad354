/** The style sheet's colours, as canvas and pixels want them. */
import { type CallKind, callKinds } from '../protocol.ts'

export interface Palette {
  readonly text: string
  readonly faint: string
  readonly surface: string
  readonly accent: string
  readonly accentWash: string
  readonly shade: string
  readonly onKind: string
  readonly failedText: string
  readonly font: string
  /** Pixels: the bytes of a canvas's image, as one number. */
  readonly kinds: readonly number[]
  readonly failed: number
  readonly line: number
  readonly life: number
  readonly rowHover: number
  readonly rowChosen: number
}

let probe: CanvasRenderingContext2D | null = null

/** The bytes of a colour, whatever way it is written. */
function pixelOf(colour: string): number {
  probe ??= Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d', {
    willReadFrequently: true,
  })
  if (probe === null) return 0
  probe.clearRect(0, 0, 1, 1)
  probe.fillStyle = colour
  probe.fillRect(0, 0, 1, 1)
  return new Uint32Array(probe.getImageData(0, 0, 1, 1).data.buffer)[0]!
}

/** The colours as they are now: they change with the theme. */
export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement)
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim()
  return {
    text: colour('text'),
    faint: colour('faint'),
    surface: colour('surface'),
    accent: colour('accent'),
    accentWash: colour('accent-wash'),
    shade: colour('shade'),
    onKind: colour('on-kind'),
    failedText: colour('failed'),
    font: `11px ${colour('mono')}`,
    kinds: callKinds.map(kind => pixelOf(colour(kindColour(kind)))),
    failed: pixelOf(colour('failed')),
    line: pixelOf(colour('line-faint')),
    life: pixelOf(colour('line')),
    rowHover: pixelOf(colour('row-hover')),
    rowChosen: pixelOf(colour('row-chosen')),
  }
}

/** The name of a kind's colour in the style sheet. */
const kindColour = (kind: CallKind): string => `kind-${kind}`
