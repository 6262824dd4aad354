/**
 * A picture that is filled by hand: thousands of bars of a pixel's width cost the same every time, where a canvas's own rectangles
 * cost what their number and colours make of it.
 */
export class PixelLayer {
  width = 0
  height = 0
  #image: ImageData | undefined
  #pixels = new Uint32Array(0)

  /** Everything transparent, at this size. */
  clear(width: number, height: number): void {
    if (this.#image === undefined || width !== this.width || height !== this.height) {
      this.width = width
      this.height = height
      this.#image = new ImageData(Math.max(1, width), Math.max(1, height))
      this.#pixels = new Uint32Array(this.#image.data.buffer)
    } else this.#pixels.fill(0)
  }

  /** Fills whole pixels; what lies outside is left out. */
  rect(left: number, top: number, right: number, bottom: number, colour: number): void {
    const { width, height } = this
    const [x0, x1] = [Math.max(0, left), Math.min(width, right)]
    const [y0, y1] = [Math.max(0, top), Math.min(height, bottom)]
    if (x0 >= x1) return
    const pixels = this.#pixels
    if (x1 - x0 < 8) {
      for (let y = y0; y < y1; y++)
        for (let at = y * width + x0, end = y * width + x1; at < end; at++) pixels[at] = colour
    } else for (let y = y0; y < y1; y++) pixels.fill(colour, y * width + x0, y * width + x1)
  }

  put(context: CanvasRenderingContext2D, x: number, y: number): void {
    if (this.#image !== undefined) context.putImageData(this.#image, x, y)
  }
}
