import { pinyin } from 'pinyin-pro'

const known = new Map<string, readonly string[]>()

/** The pinyin of a text without tones: `shuang shi yi` as `shuangshiyi` and `ssy`. */
export function spell(text: string): readonly string[] {
  const found = known.get(text)
  if (found !== undefined) return found
  const syllables = pinyin(text, { toneType: 'none', type: 'array', nonZh: 'consecutive' })
  const spelt = [syllables.join(''), syllables.map(syllable => syllable[0] ?? '').join('')]
  known.set(text, spelt)
  return spelt
}
