/** Path data, points and transformations in the grammar of SVG: renderers differ in how much they draw of what breaks it. */

const number = /\s*,?\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y
const flag = /\s*,?\s*[01]/y
const command = /\s*([MmLlHhVvCcSsQqTtAaZz])/y
const arguments_: Readonly<Record<string, readonly RegExp[]>> = {
  m: [number, number],
  l: [number, number],
  h: [number],
  v: [number],
  c: [number, number, number, number, number, number],
  s: [number, number, number, number],
  q: [number, number, number, number],
  t: [number, number],
  a: [number, number, number, flag, flag, number, number],
  z: [],
}

export function isPathData(data: string): boolean {
  let at = 0
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    const match = pattern.exec(data)
    if (match !== null) at = pattern.lastIndex
    return match
  }
  const rest = /\s*$/y
  if (data.trim() === '' || data.trim() === 'none') return true
  for (let first = true; take(rest) === null; first = false) {
    const letter = take(command)?.[1]
    if (letter === undefined || (first && !/m/i.test(letter))) return false
    const wanted = arguments_[letter.toLowerCase()] ?? []
    if (wanted.length === 0) continue
    let groups = 0
    for (;;) {
      const start = at
      let taken = 0
      while (taken < wanted.length && take(wanted[taken] ?? number) !== null) taken += 1
      if (taken === wanted.length) groups += 1
      else if (taken === 0 && groups > 0) {
        at = start
        break
        // Data that break off behind a letter are drawn up to it by everyone.
      } else return taken === 0 && !first && take(rest) !== null
    }
  }
  return true
}

export function isPoints(data: string): boolean {
  const numbers = data.trim() === '' ? [] : data.trim().split(/[\s,]+|(?<=[\d.])(?=[+-])/)
  return numbers.length % 2 === 0 && numbers.every(each => /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(each))
}

const functionName = /[\s,]*(matrix|translate|scale|rotate|skewX|skewY)\s*\(/y
const countsOf: Readonly<Record<string, readonly number[]>> = {
  matrix: [6],
  translate: [1, 2],
  scale: [1, 2],
  rotate: [1, 3],
  skewX: [1],
  skewY: [1],
}

/** Whether it is a valid `transform` attribute: numbers without units, which may follow each other as in path data. */
export function isTransform(list: string): boolean {
  if (/^\s*(?:none\s*)?$/.test(list)) return true
  let at = 0
  while (at < list.length && !/^[\s,]*$/.test(list.slice(at))) {
    functionName.lastIndex = at
    const name = functionName.exec(list)?.[1]
    if (name === undefined) return false
    at = functionName.lastIndex
    let count = 0
    for (number.lastIndex = at; number.test(list); count++) at = number.lastIndex
    const end = /\s*\)/y
    end.lastIndex = at
    if (!countsOf[name]?.includes(count) || !end.test(list)) return false
    at = end.lastIndex
  }
  return true
}
