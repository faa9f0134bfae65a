import { type Remark, sumRemarks } from '../../../../shared/remarks/index.ts'
import type { Drawable } from '../family.ts'

/** What was found out about a page when it was drawn (`chromium/draw.ts`). */
interface Seen {
  readonly svgs: number
  readonly svgsSeen: number
  readonly unseen: number
  readonly changes: boolean
}

/**
 * What is still left out of a page once its drawing is sent too. The drawing settles two things, and nothing else:
 *
 * - drawings in the page (`svg`), where each of them is in sight, whole, uncovered and made of what is in the file;
 * - what styles show in ways that this reader does not know (functions, attributes as words, other orders, pictures in the style),
 *   where everything of the page is in sight and nothing changes when it is touched or shown on another screen.
 *
 * It shows nothing of pictures and frames that lie elsewhere, films, canvases, what scripts write, and sheets outside of the file.
 */
export function leftOutOfDrawn(omitted: readonly Remark[], { svgs, styles }: Drawable, seen: Seen): readonly Remark[] {
  const areSvgsSeen = svgs > 0 && seen.svgs === svgs && seen.svgsSeen === svgs && !seen.changes
  const areStylesSeen = seen.unseen === 0 && !seen.changes
  const settled = sumRemarks([
    ...(areSvgsSeen ? [{ code: 'picture', count: svgs } as const] : []),
    ...(areStylesSeen ? styles : []),
  ])
  return omitted.flatMap(each => {
    const known = settled.find(({ code }) => code === each.code && each.place === undefined && each.name === undefined)
    const left = (each.count ?? 1) - (known === undefined ? 0 : (known.count ?? 1))
    return left <= 0 ? [] : [{ ...each, ...(known === undefined ? {} : { count: left }) }]
  })
}
