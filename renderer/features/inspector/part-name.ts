import { wordsOf } from '../../base/i18n/index.ts'
import { words } from './words.ts'

const known = ['whole', 'original', 'chunk', 'tile', 'frame', 'page', 'look', 'title', 'nickname', 'signature'] as const

/** A part as people call it: `frame 2/3 tile 1/4` is stored in English, whatever the window speaks. */
export function partName(name: string): string {
  const t = wordsOf('inspector', words)
  return name
    .split(' ')
    .map(word => {
      const found = known.find(each => each === word)
      return found === undefined ? word : t(`part.${found}`)
    })
    .join(' ')
}
