/** A line between two parts of the page, to be dragged, or moved by arrows. */
import type { JSX } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'

interface Props {
  /** The custom property of the style sheet that it sets, in pixels. */
  readonly property: string
  readonly label: string
  readonly vertical: boolean
  readonly least: number
  /** Its part is the one behind it: it is drawn towards the beginning to make that larger. */
  readonly reversed?: boolean
}

export function Splitter({ property, label, vertical, least, reversed = false }: Props): JSX.Element {
  const line = useRef<HTMLDivElement>(null)
  const [size, setSize] = useState(least)
  /** The style sheet has chosen it, by the window, until somebody draws. */
  const sizeNow = (): number => {
    const part = reversed ? line.current?.nextElementSibling : line.current?.previousElementSibling
    const box = part?.getBoundingClientRect()
    return Math.round((vertical ? box?.width : box?.height) ?? least)
  }
  useLayoutEffect(() => setSize(sizeNow()), [])
  const apply = (wanted: number): void => {
    const most = Math.max(least, (vertical ? innerWidth : innerHeight) - 160)
    const next = Math.round(Math.min(Math.max(wanted, least), most))
    setSize(next)
    document.documentElement.style.setProperty(property, `${next}px`)
  }
  const place = (event: PointerEvent): number => (vertical ? event.clientX : event.clientY)
  const sign = reversed ? -1 : 1
  return (
    <div
      ref={line}
      class={`splitter ${vertical ? 'vertical' : 'horizontal'} ${property.slice(2)}`}
      role="separator"
      tabIndex={0}
      aria-orientation={vertical ? 'vertical' : 'horizontal'}
      aria-label={label}
      aria-valuenow={size}
      aria-valuemin={least}
      onPointerDown={event => {
        const element = event.currentTarget
        element.setPointerCapture(event.pointerId)
        const [start, before] = [place(event), sizeNow()]
        element.onpointermove = move => apply(before + sign * (place(move) - start))
        element.onpointerup = element.onpointercancel = () => {
          element.onpointermove = null
        }
      }}
      onKeyDown={event => {
        const way = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 }[event.key]
        if (way === undefined) return
        event.preventDefault()
        event.stopPropagation()
        apply(sizeNow() + sign * way * 20)
      }}
    />
  )
}
