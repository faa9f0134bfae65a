/**
 * What a declaration does to words: `gone` where they take no place, `blank` where they and those within them cannot be seen, `aside`
 * where they may stand elsewhere or be covered, `seen` where they are shown although those around them are not, `displayed` where they
 * are shown whatever the element.
 */
export type Hiding = 'gone' | 'blank' | 'aside' | 'seen' | 'displayed'

/** Where it is shown: out of its place, among others that run the other way, or in a cell of a grid. */
export type Placement = 'moved' | 'turned' | 'cell'

type Judge = (value: string) => Hiding | null

const size: Judge = value => (isTiny(value) ? 'blank' : 'seen')
const unlessNone: Judge = value => (/^(?:none|auto|normal|initial|unset|1)$/.test(value) ? null : 'aside')
const whenNegative: Judge = value => (/(?:^|[\s(])-[.\d]|\(/.test(value) ? 'aside' : null)
const whenTiny: Judge = value => (isTiny(value) ? 'aside' : null)
const colour: Judge = value => {
  if (/transparent|#(?:[\da-f]{3}0|[\da-f]{6}0[\da-f])$|[,/]\s*0?(?:\.0\d*)?%?\s*\)|var\(/.test(value)) return 'blank'
  return /^(?:white|snow|#f{3,8}|rgba?\((?:\s*25\d[\s,]*){3}.*)/.test(value) ? 'aside' : 'seen'
}

const judges: readonly (readonly [RegExp, Judge])[] = [
  [/^display$/, value => (/^none|\(/.test(value) ? 'gone' : 'displayed')],
  [/^mso-hide$/, () => 'gone'],
  [/^visibility$/, value => (value === 'visible' ? 'seen' : 'blank')],
  [/^content-visibility$/, value => (value === 'hidden' ? 'blank' : null)],
  [/^font-size$/, size],
  [/^font$/, value => size(/(?:^|\s)((?:[\d.]+|calc\()[^\s/]*)(?=[\s/]|$)/.exec(value)?.[1] ?? '1em')],
  [/^(?:color|-webkit-text-fill-color)$/, colour],
  [/^opacity$/, value => (Number.parseFloat(value) < (value.endsWith('%') ? 10 : 0.1) ? 'blank' : null)],
  [/^position$/, value => (/^(?:absolute|fixed)$/.test(value) ? 'aside' : null)],
  [/^float$/, unlessNone],
  [
    /^(?:clip|(?:-webkit-)?clip-path|(?:-webkit-)?mask.*|(?:-\w+-)?transform|scale|zoom|translate|rotate|offset.*)$/,
    unlessNone,
  ],
  [/^filter$/, value => (/opacity/.test(value) ? 'aside' : null)],
  [/^(?:max-)?(?:width|height|inline-size|block-size)$/, whenTiny],
  [/^(?:margin.*|letter-spacing|word-spacing|text-indent|z-index)$/, whenNegative],
]

/** By its name and its value, both in small letters. */
export function hidingOf(property: string, value: string): Hiding | null {
  const judge = judges.find(([name]) => name.test(property))?.[1]
  return judge?.(value) ?? null
}

const movingProperties =
  /^(?:(?:-webkit-|-ms-flex-)?order|float|inset.*|left|right|top|bottom|(?:-\w+-)?transform|translate|scale|rotate|offset.*|position-area|position-anchor|grid-(?:row|column)(?:-.*)?|grid-area|caption-side)$/
const turningProperties = /^(?:direction|(?:-\w+-)?writing-mode|grid-auto-flow)$/

export function placementOf(property: string, value: string): { kind: Placement; value: string } | null {
  if (/^(?:none|auto|normal|0|static|ltr|horizontal-tb|row|initial|unset|inherit)$/.test(value)) return null
  if (turningProperties.test(property)) return { kind: 'turned', value }
  if (/^(?:margin.*)$/.test(property) && whenNegative(value) !== null) return { kind: 'moved', value }
  if (property === 'display') {
    return /^table-(?:header|footer)-group$|^table-caption$/.test(value) ? { kind: 'moved', value } : null
  }
  if (!movingProperties.test(property)) return null
  const [first = 0, second = 0] = value.match(/\d{1,3}/g)?.map(Number) ?? []
  if (property === 'grid-area') return { kind: 'cell', value: `${first * 1000 + second}` }
  if (/^grid-row/.test(property)) return { kind: 'cell', value: `${first * 1000}` }
  if (/^grid-column/.test(property)) return { kind: 'cell', value: `${first}` }
  return { kind: 'moved', value }
}

/** A size at which nobody reads, or one that cannot be told. */
function isTiny(value: string): boolean {
  if (/\(/.test(value)) return /^(?:calc|min|max|clamp|var)\(/.test(value)
  const [, number = '', unit = ''] = /^([\d.]+(?:e-?\d+)?)([a-z%]*)$/.exec(value) ?? []
  if (number === '') return false
  return (
    Number(number) < (unit === '%' ? 20 : /^r?em|ch|ex|lh$/.test(unit) ? 0.2 : /^v|^(?:in|cm)$/.test(unit) ? 0.1 : 4)
  )
}
