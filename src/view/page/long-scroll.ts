/**
 * Scrolling through more than a browser can: elements end at some ten million pixels, ten million rows need twenty times that. Where
 * rows are so many, the scroll bar stands for a place among them, and the wheel moves by rows.
 */
export const mostPixels = 8_000_000

/** How far one can scroll: in rows' pixels, and in those of the scroll bar. */
export interface Extent {
  readonly real: number
  readonly bar: number
}

export function extentOf(contentHeight: number, seenHeight: number): Extent {
  const real = Math.max(0, contentHeight - seenHeight)
  return { real, bar: Math.min(real, mostPixels) }
}

export const fromBar = (top: number, { real, bar }: Extent): number =>
  bar === 0 ? 0 : Math.min(real, (top / bar) * real)
export const toBar = (top: number, { real, bar }: Extent): number => (real === 0 ? 0 : (top / real) * bar)

/** Keeps the place in an element whose scroll bar may be shortened. */
export class LongScroll {
  /** Pixels of rows above what is seen. */
  top = 0
  #extent: Extent = { real: 0, bar: 0 }
  /** Where we have put the bar ourselves; a scroll event from elsewhere was somebody's hand. */
  #own = 0
  readonly #element: HTMLElement
  readonly #moved: () => void

  /** `moved` is told of every move, `byHand` of those that the user has made. */
  constructor(element: HTMLElement, moved: () => void, byHand: () => void, signal: AbortSignal) {
    this.#element = element
    this.#moved = moved
    element.addEventListener(
      'scroll',
      () => {
        if (element.scrollTop === this.#own) return
        this.#own = element.scrollTop
        this.top = fromBar(this.#own, this.#extent)
        moved()
        byHand()
      },
      { passive: true, signal },
    )
    element.addEventListener(
      'wheel',
      event => {
        if (this.#extent.real === this.#extent.bar || event.ctrlKey || event.shiftKey) return
        event.preventDefault()
        const unit = event.deltaMode === 1 ? 20 : event.deltaMode === 2 ? element.clientHeight : 1
        this.to(this.top + event.deltaY * unit)
        byHand()
      },
      { passive: false, signal },
    )
    let finger: number | null = null
    element.addEventListener('touchstart', event => (finger = event.touches[0]?.clientY ?? null), {
      passive: true,
      signal,
    })
    element.addEventListener(
      'touchmove',
      event => {
        const y = event.touches[0]?.clientY
        if (this.#extent.real === this.#extent.bar || finger === null || y === undefined) return
        event.preventDefault()
        this.to(this.top + finger - y)
        byHand()
        finger = y
      },
      { passive: false, signal },
    )
  }

  get atEnd(): boolean {
    return this.top >= this.#extent.real - 1
  }

  /** The content has another height, or the element. The element's content must have it already. */
  resize(extent: Extent): void {
    this.#extent = extent
    this.to(this.top)
  }

  to(top: number): void {
    this.top = Math.min(Math.max(0, top), this.#extent.real)
    this.#element.scrollTop = toBar(this.top, this.#extent)
    this.#own = this.#element.scrollTop
    this.#moved()
  }
}
