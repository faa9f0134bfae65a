/** Puts the frames of an animation together as browsers do: what a frame leaves behind is its own to say. */

/** One picture of an animation, as a file of its own, and how it is put on the canvas. */
export interface Layer {
  readonly file: Uint8Array
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  /** What becomes of the canvas after this frame: it stays, its area is cleared, or it returns to what was before. */
  readonly dispose: 'none' | 'background' | 'previous'
  readonly blend: 'source' | 'over'
}

/** The canvas after each frame, as a viewer shows it: four bytes a pixel. The same memory is yielded each time. */
export async function* playLayers(
  layers: readonly Layer[],
  canvas: { readonly width: number; readonly height: number },
  decode: (file: Uint8Array) => Promise<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const shown = new Uint8Array(canvas.width * canvas.height * 4)
  for (const layer of layers) {
    // What a layer holds beyond the canvas is cut off.
    const columns = Math.max(0, Math.min(layer.width, canvas.width - layer.x))
    const rows = Math.max(0, Math.min(layer.height, canvas.height - layer.y))
    const start = (row: number) => ((layer.y + row) * canvas.width + layer.x) * 4
    const before = layer.dispose === 'previous' ? shown.slice() : null
    const pixels = await decode(layer.file)
    for (let row = 0; row < rows; row++) {
      const line = pixels.subarray(row * layer.width * 4, (row * layer.width + columns) * 4)
      if (layer.blend === 'source') shown.set(line, start(row))
      else for (let at = 0; at < line.length; at += 4) blendOver(shown, start(row) + at, line, at)
    }
    yield shown
    if (before !== null) shown.set(before)
    else if (layer.dispose === 'background') {
      for (let row = 0; row < rows; row++) shown.fill(0, start(row), start(row) + columns * 4)
    }
  }
}

function blendOver(canvas: Uint8Array, to: number, line: Uint8Array, from: number): void {
  const over = (line[from + 3] ?? 0) / 255
  if (over === 0) return
  if (over === 1) {
    canvas.set(line.subarray(from, from + 4), to)
    return
  }
  const under = ((canvas[to + 3] ?? 0) / 255) * (1 - over)
  const alpha = over + under
  for (let channel = 0; channel < 3; channel++) {
    canvas[to + channel] = Math.round(
      ((line[from + channel] ?? 0) * over + (canvas[to + channel] ?? 0) * under) / alpha,
    )
  }
  canvas[to + 3] = Math.round(alpha * 255)
}
