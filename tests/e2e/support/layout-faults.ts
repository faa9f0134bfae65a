/**
 * What is wrong with how the window lies at the moment: text that is cut, controls that nobody can reach or hit, boxes over one
 * another, boxes that were squeezed to nothing. Measured in the page, from the boxes and not from the pixels.
 */

export interface LayoutFault {
  readonly kind: 'cut' | 'covered' | 'over text' | 'small' | 'outside' | 'squeezed'
  /** Where, for a person who looks for it: the element and its classes. */
  readonly at: string
  /** What stands there. */
  readonly text: string
  readonly detail: string
}

/** Selectors of what is known to be harmless, by what would otherwise be found. */
export type Harmless = Readonly<Partial<Record<LayoutFault['kind'], readonly string[]>>>

interface Box {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

interface Seen {
  /** What of the box is in sight; null where it has to be scrolled to. */
  readonly visible: Box | null
  /** What takes a part away that no scrolling brings back. */
  readonly cutBy: Element | 'window' | null
  readonly axis: 'x' | 'y' | null
}

interface Letters {
  readonly element: Element
  readonly text: string
  readonly box: Box
}

/** Letters and controls may lie so far outside of their box: borders, and rounding at fractions of a pixel. */
const tolerance = 1.5
const smallestTarget = 24
const smallestBox = 4
/** A scroller this low shows not even two lines of what is in it. */
const smallestScroller = 40

export function layoutFaults(harmless: Harmless): LayoutFault[] {
  styles = new WeakMap()
  edges = new WeakMap()
  const roots = inFront()
  const isHarmless = (kind: LayoutFault['kind'], element: Element) =>
    (harmless[kind] ?? []).some(selector => element.closest(selector) !== null)
  const found = roots.flatMap(root => [...textFaults(root), ...controlFaults(root), ...boxFaults(root)])
  const told = new Set<string>()
  return found
    .filter(({ fault, element }) => !isHarmless(fault.kind, element))
    .map(({ fault }) => fault)
    .filter(fault => {
      const key = `${fault.kind} ${fault.at} ${fault.text}`
      return !told.has(key) && told.add(key)
    })
}

interface Found {
  readonly fault: LayoutFault
  readonly element: Element
}

/** What lies over everything else, and the notices beside it, is all that is looked at. */
function inFront(): readonly Element[] {
  const layers = [...document.querySelectorAll('[role=dialog], [data-loupe], [role=menu]')].filter(isShown)
  const topmost = layers.at(-1)
  return topmost === undefined ? [document.body] : [topmost, ...document.querySelectorAll('.mantine-Notification-root')]
}

const isShown = (element: Element): boolean =>
  element.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true })

/** What is asked of a style again and again, read once: asking a live style is what measuring a window costs. */
interface Style {
  readonly position: string
  readonly overflowX: string
  readonly overflowY: string
  readonly fontSize: number
  /** For ears only. */
  readonly isUnseen: boolean
  readonly isStuck: boolean
  /** With a line on either side. */
  readonly isFrame: boolean
}

let styles = new WeakMap<Element, Style>()
function styleOf(element: Element): Style {
  const known = styles.get(element)
  if (known !== undefined) return known
  const around = element.parentElement === null ? null : styleOf(element.parentElement)
  const { position, overflowX, overflowY, fontSize, clip, clipPath, borderLeftWidth, borderRightWidth } =
    getComputedStyle(element)
  const isClipped = position === 'absolute' && (clipPath === 'inset(50%)' || clip === 'rect(0px, 0px, 0px, 0px)')
  const style = {
    position,
    overflowX,
    overflowY,
    fontSize: Number.parseFloat(fontSize),
    isUnseen: isClipped || around?.isUnseen === true,
    isStuck: position === 'sticky' || around?.isStuck === true,
    isFrame: borderLeftWidth !== '0px' && borderRightWidth !== '0px',
  }
  styles.set(element, style)
  return style
}

const isUnseen = (element: Element): boolean => styleOf(element).isUnseen

/** Stays in place while what it belongs to is scrolled under it. */
const isStuck = (element: Element): boolean => styleOf(element).isStuck

function textFaults(root: Element): Found[] {
  const found: Found[] = []
  const inSight: Letters[] = []
  for (const letters of lettersIn(root)) {
    const { element, text, box } = letters
    const { visible, cutBy, axis } = look(box, element)
    if (cutBy !== null && !(axis !== null && isToldElsewhere(element, cutBy, text)))
      found.push(tell('cut', element, text, cutBy === 'window' ? 'by the window' : `by ${nameOf(cutBy)}`))
    if (visible === null) continue
    const frame = spiltFrom(element, box)
    if (frame !== null) found.push(tell('cut', element, text, `beyond the frame of ${nameOf(frame)}`))
    inSight.push({ element, text, box: visible })
    const over = isSliver(visible) ? null : coveredBy(element, visible)
    if (over !== null) found.push(tell('covered', element, text, `by ${nameOf(over)}`))
  }
  for (const [at, one] of inSight.entries()) {
    for (const other of inSight.slice(at + 1)) {
      if (!overlaps(one.box, other.box) || one.element === other.element) continue
      if (one.element.contains(other.element) || other.element.contains(one.element)) continue
      if (isStuck(one.element) !== isStuck(other.element)) continue
      found.push(tell('over text', one.element, one.text, `and ${nameOf(other.element)} “${other.text.slice(0, 40)}”`))
    }
  }
  return found
}

function* lettersIn(root: Element): Generator<Letters> {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
  const range = document.createRange()
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const text = node.textContent?.trim() ?? ''
    const element = node.parentElement
    if (text === '' || element === null || element.closest('svg, style, script') !== null) continue
    if (!isShown(element) || isUnseen(element)) continue
    range.selectNodeContents(node)
    const { fontSize: size } = styleOf(element)
    for (const { left, right, top, bottom } of range.getClientRects()) {
      if (right - left < 1) continue
      // What a font reserves above and below its letters may be cut.
      const middle = (top + bottom) / 2
      yield { element, text, box: { left, right, top: middle - size * 0.45, bottom: middle + size * 0.45 } }
    }
  }
}

/** The frame around the letters that they run out of, as out of a card that is too narrow for a word. */
function spiltFrom(element: Element, { left, right }: Box): Element | null {
  for (let at: Element | null = element; at !== null && at !== document.body; at = at.parentElement) {
    const { isFrame, position, overflowX } = styleOf(at)
    if (overflowX !== 'visible' || position === 'absolute' || position === 'fixed') return null
    if (!isFrame) continue
    const edge = innerBox(at)
    return left < edge.left - tolerance || right > edge.right + tolerance ? at : null
  }
  return null
}

/** Goes outwards through everything that clips. */
function look(box: Box, from: Element): Seen {
  let visible: Box = box
  let position = styleOf(from).position
  let cut: Pick<Seen, 'cutBy' | 'axis'> = { cutBy: null, axis: null }
  // The element itself clips its letters; a control is clipped by what is around it.
  for (let at: Element | null = from; at !== null; at = at.parentElement) {
    const style = styleOf(at)
    const isPassedBy = at !== from && ((position === 'absolute' && style.position === 'static') || position === 'fixed')
    if (!isPassedBy) {
      if (at !== from) position = style.position
      if (style.overflowX === 'visible' && style.overflowY === 'visible') continue
      const edge = innerBox(at)
      for (const axis of ['x', 'y'] as const) {
        const [low, high] = axis === 'x' ? (['left', 'right'] as const) : (['top', 'bottom'] as const)
        const way = axis === 'x' ? style.overflowX : style.overflowY
        if (way === 'visible') continue
        const isOver = visible[low] < edge[low] - tolerance || visible[high] > edge[high] + tolerance
        if (isOver && (way === 'hidden' || way === 'clip') && cut.cutBy === null) cut = { cutBy: at, axis }
        visible = {
          ...visible,
          [low]: Math.max(visible[low], edge[low]),
          [high]: Math.min(visible[high], edge[high]),
        }
      }
      if (isEmpty(visible)) return { visible: null, ...cut }
    }
  }
  const isOutside =
    visible.left < -tolerance ||
    visible.top < -tolerance ||
    visible.right > innerWidth + tolerance ||
    visible.bottom > innerHeight + tolerance
  if (isOutside && cut.cutBy === null) cut = { cutBy: 'window', axis: null }
  return { visible, ...cut }
}

let edges = new WeakMap<Element, Box>()
function innerBox(element: Element): Box {
  const known = edges.get(element)
  if (known !== undefined) return known
  const { left, top, right, bottom } = element.getBoundingClientRect()
  const style = getComputedStyle(element)
  const edge = {
    left: left + Number.parseFloat(style.borderLeftWidth),
    top: top + Number.parseFloat(style.borderTopWidth),
    right: right - Number.parseFloat(style.borderRightWidth),
    bottom: bottom - Number.parseFloat(style.borderBottomWidth),
  }
  edges.set(element, edge)
  return edge
}

const isEmpty = (box: Box): boolean => box.right - box.left < 1 || box.bottom - box.top < 1

/** What is left at the edge of a scroller, whose last 4 px the handle beside it takes: their middle is under that. */
const isSliver = (box: Box): boolean => box.right - box.left < 4 || box.bottom - box.top < 10

const overlaps = (one: Box, other: Box): boolean =>
  Math.min(one.right, other.right) - Math.max(one.left, other.left) > 2 &&
  Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 2

/** Dots stand for the rest, and a title or the accessible name has the whole of it. */
function isToldElsewhere(element: Element, cutBy: Element | 'window', text: string): boolean {
  if (cutBy === 'window') return false
  const { textOverflow, webkitLineClamp } = getComputedStyle(cutBy)
  if (textOverflow !== 'ellipsis' && (webkitLineClamp === '' || webkitLineClamp === 'none')) return false
  const plain = (given: string) => given.replace(/\s+/g, ' ').toLowerCase()
  for (let at: Element | null = element; at !== null; at = at.parentElement) {
    const told = `${at.getAttribute('title') ?? ''}\n${at.getAttribute('aria-label') ?? ''}`
    if (plain(told).includes(plain(text))) return true
  }
  return false
}

/** What is drawn over the middle of the box, and belongs neither to the element nor to what it is in. */
function coveredBy(element: Element, { left, right, top, bottom }: Box): Element | null {
  const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2)
  if (hit === null || hit.contains(element) || element.contains(hit) || isStuck(hit)) return null
  // What stands in the field itself, at its end.
  if (hit.closest('.mantine-Input-section') !== null) return null
  // The icon in a button beside the word.
  return hit.closest('button, label, a') !== null &&
    hit.closest('button, label, a') === element.closest('button, label, a')
    ? null
    : hit
}

const controls =
  'button, a[href], input:not([type=hidden]), select, textarea, summary, [role=button], [role=tab], [role=option], [role=menuitem], [role=slider], [role=switch]'

function controlFaults(root: Element): Found[] {
  const found: Found[] = []
  for (const control of root.querySelectorAll(controls)) {
    if (control.closest('[inert], [aria-hidden=true]') !== null || !isShown(control) || isUnseen(control)) continue
    const { left, right, top, bottom } = targetOf(control)
    const text = nameOfControl(control)
    const width = right - left
    const height = bottom - top
    const { visible, cutBy } = look({ left, right, top, bottom }, control.parentElement ?? control)
    if (cutBy !== null) {
      const kind = visible === null || isMostlyGone(visible, width, height) ? 'outside' : 'cut'
      found.push(tell(kind, control, text, cutBy === 'window' ? 'by the window' : `by ${nameOf(cutBy)}`))
    }
    // A link in running text is as high as the text.
    if (control.matches('a') && getComputedStyle(control).display === 'inline') continue
    if (Math.min(width, height) < smallestTarget - 0.5)
      found.push(tell('small', control, text, `${Math.round(width)} × ${Math.round(height)}`))
    const over = visible === null || isSliver(visible) ? null : coveredBy(control, visible)
    if (over !== null && !labelsOf(control).some(label => label.contains(over)))
      found.push(tell('covered', control, text, `by ${nameOf(over)}`))
  }
  return found
}

const labelsOf = (control: Element): readonly Element[] =>
  control instanceof HTMLInputElement ? [...(control.labels ?? [])] : []

/** What takes the click: a box to tick is ticked by its label too, and a field by its frame. */
function targetOf(control: Element): Box {
  const parts = control.matches('[type=checkbox], [type=radio]') ? [control, ...labelsOf(control)] : [control]
  const boxes = parts.map(part => part.getBoundingClientRect())
  return {
    left: Math.min(...boxes.map(box => box.left)),
    top: Math.min(...boxes.map(box => box.top)),
    right: Math.max(...boxes.map(box => box.right)),
    bottom: Math.max(...boxes.map(box => box.bottom)),
  }
}

const isMostlyGone = (visible: Box, width: number, height: number): boolean =>
  (visible.right - visible.left) * (visible.bottom - visible.top) < (width * height) / 2

/** Boxes with something in them that have no height, and scrollers too low to read in. */
function boxFaults(root: Element): Found[] {
  const found: Found[] = []
  for (const element of root.querySelectorAll('*')) {
    if (!(element instanceof HTMLElement) || element.closest('svg') !== null || !isShown(element)) continue
    const { clientHeight, scrollHeight } = element
    const { height, width } = element.getBoundingClientRect()
    if (width < 1 || isUnseen(element)) continue
    const hasContent = element.childElementCount > 0 || (element.textContent ?? '').trim() !== ''
    const isMeter = element.matches('progress, meter, [role=progressbar]')
    const { overflowY } = styleOf(element)
    if (height > 0 && height < smallestBox && (isMeter || (hasContent && scrollHeight > clientHeight)))
      found.push(tell('squeezed', element, textOf(element), `${height} high`))
    const scrolls = overflowY === 'auto' || overflowY === 'scroll'
    if (scrolls && clientHeight > 0 && clientHeight < smallestScroller && scrollHeight > clientHeight + 2)
      found.push(tell('squeezed', element, textOf(element), `scrolls in ${clientHeight}`))
  }
  return found
}

const tell = (kind: LayoutFault['kind'], element: Element, text: string, detail: string): Found => ({
  fault: { kind, at: nameOf(element), text: text.replace(/\s+/g, ' ').slice(0, 60), detail },
  element,
})

const textOf = (element: Element): string => (element.textContent ?? '').trim()
const nameOfControl = (control: Element): string =>
  control.getAttribute('aria-label') ?? control.getAttribute('placeholder') ?? textOf(control)

/** `button.outcomeTab < fieldset.outcomes`: a class of a style sheet without what building adds to it. */
function nameOf(element: Element): string {
  const own = (each: Element) => {
    const test = each.getAttribute('data-testid')
    const [style] = each.classList
    return `${each.localName}${test === null ? '' : `[${test}]`}${style === undefined ? '' : `.${style.replace(/^_|_[\w-]{5,6}_\d+$/g, '')}`}`
  }
  return [element, element.parentElement]
    .flatMap(each => (each === null || each === document.body ? [] : [own(each)]))
    .join(' < ')
}
