import { thumbnailUrl } from '../../../shared/addresses.ts'
import { gridOutcomes } from '../../../shared/grid.ts'
import { kindIndex } from '../../state/grid/table.ts'
import { paintExcerpt, paintOutlines, shownKind } from './cell.ts'
import { append, element } from './cell-drawing.ts'
import { outcomeText } from './cell-words.ts'
import classes from './grid.module.css'
import { createHoverWatch } from './hover-watch.ts'
import { isUncovered, type SurfaceInputs } from './painter.ts'

/** Pixels of the preview, and its distance from the cell and the window's edges. */
const width = 340
const distance = 8
const thumbnailPx = 640
/** Lines and columns that a text has in it. */
const room = { lines: 18, columns: 54 }

/** What the pointer rests on, larger and beside its cell. It covers what the cell covers, and is gone with the next move, key or turn. */
export function mountHoverPreview(
  viewport: HTMLElement,
  inputs: SurfaceInputs,
  positionAt: (target: EventTarget | null) => number,
): { hide(): void; dispose(): void } {
  let shown: HTMLElement | null = null

  const watch = createHoverWatch({
    rested: (x, y) => {
      const under = document.elementFromPoint(x, y)
      const position = positionAt(under)
      const cell = under?.closest('[data-cell]')
      if (position === -1 || cell == null || !inputs.settings().hoverPreview) return
      const made = previewOf(position)
      if (made === null) return
      document.body.append(made)
      place(made, cell.getBoundingClientRect(), x)
      shown = made
    },
    ended: () => {
      shown?.remove()
      shown = null
    },
  })

  function previewOf(position: number): HTMLElement | null {
    const state = inputs.grid()
    const { table } = state
    const asset = table?.id[position]
    const row = asset === undefined ? undefined : inputs.rows.get(asset)
    if (table === null || asset === undefined || row === undefined) return null
    const kind = shownKind(table.kind[position] ?? 0, row)
    if (kind !== kindIndex.image && (row.passage === null ? row.excerpt === null : kind !== kindIndex.text)) return null
    const words = inputs.words()
    const settings = inputs.settings()
    const root = element('div', classes.hover)
    // The inspector says the same to whoever does not see it.
    root.setAttribute('aria-hidden', 'true')
    root.dataset.testid = 'hover-preview'
    root.dataset.outcome = gridOutcomes[table.outcome[position] ?? 0] ?? ''
    if (kind === kindIndex.image) {
      const frame = append(root, element('div', classes.hoverPicture))
      const picture = append(frame, element('div', classes.picture))
      const image = document.createElement('img')
      image.className = classes.image ?? ''
      image.alt = ''
      const isShown = isUncovered(inputs.view(), table, position, position === state.focus)
      const cover = { blur: isShown ? 'off' : settings.blur, grey: settings.grey } as const
      image.src = thumbnailUrl(asset, thumbnailPx, cover, null, row.document?.picture ?? null)
      picture.append(image)
      paintOutlines({ picture, outlines: null, beyond: append(frame, element('div', classes.beyond)) }, { row, words })
    } else paintExcerpt(append(root, element('div', classes.hoverText)), { row, textRoom: room, words })
    append(root, element('div', classes.hoverName)).textContent = row.path.slice(row.path.lastIndexOf('/') + 1)
    append(root, element('div', classes.hoverVerdict)).textContent = outcomeText(table, position, words)
    return root
  }

  const moved = (event: PointerEvent): void => {
    if (event.pointerType === 'mouse') watch.moved(event.clientX, event.clientY)
  }
  viewport.addEventListener('pointermove', moved, { passive: true })
  for (const name of ['pointerleave', 'pointerdown', 'scroll', 'wheel'])
    viewport.addEventListener(name, watch.end, { passive: true })
  window.addEventListener('keydown', watch.end, { capture: true })
  window.addEventListener('blur', watch.end)

  return {
    hide: watch.end,
    dispose() {
      watch.end()
      viewport.removeEventListener('pointermove', moved)
      for (const name of ['pointerleave', 'pointerdown', 'scroll', 'wheel'])
        viewport.removeEventListener(name, watch.end)
      window.removeEventListener('keydown', watch.end, { capture: true })
      window.removeEventListener('blur', watch.end)
    },
  }
}

/** Beside the cell where there is room, wholly in the window; beside the pointer where the cell is as wide as the list. */
function place(preview: HTMLElement, cell: DOMRect, x: number): void {
  const isWide = cell.width > window.innerWidth / 3
  const right = isWide ? x + 3 * distance : cell.right + distance
  const left = isWide ? x - 3 * distance - width : cell.left - distance - width
  preview.style.left = `${right + width + distance <= window.innerWidth ? right : Math.max(distance, left)}px`
  const top = isWide ? cell.bottom + distance : cell.top
  const lowest = window.innerHeight - preview.offsetHeight - distance
  preview.style.top = `${Math.max(distance, top <= lowest ? top : isWide ? cell.top - preview.offsetHeight - distance : lowest)}px`
}
