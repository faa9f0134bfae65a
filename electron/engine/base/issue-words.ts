import type { z } from 'zod'
import type { Said } from '../../../shared/problems.ts'

/** One of zod's findings in both languages, without its place; a finding of our own (`custom`) brings its Chinese in `params.zh`. */
export function issueWords(issue: z.core.$ZodIssue): Said {
  switch (issue.code) {
    case 'custom':
      return typeof issue.params?.zh === 'string' ? { zh: issue.params.zh, en: issue.message } : wrong
    case 'invalid_type': {
      if (issue.message.endsWith('received undefined')) return { zh: '没有填', en: 'is missing' }
      const { zh, en } = typeNames[issue.expected] ?? { zh: issue.expected, en: issue.expected }
      return { zh: `要填${zh}`, en: `has to be ${en}` }
    }
    case 'too_small': {
      const least = Number(issue.minimum)
      const [zh, en] = unitOf(issue.origin, least)
      return zh === ''
        ? { zh: `不能小于 ${least}`, en: `has to be ${least} at least` }
        : { zh: `至少 ${least} ${zh}`, en: `has to have ${least} ${en} at least` }
    }
    case 'too_big': {
      const most = Number(issue.maximum)
      const [zh, en] = unitOf(issue.origin, most)
      return zh === ''
        ? { zh: `不能大于 ${most}`, en: `has to be ${most} at most` }
        : { zh: `最多 ${most} ${zh}`, en: `has to have ${most} ${en} at most` }
    }
    case 'unrecognized_keys': {
      const keys = issue.keys.map(key => `"${key}"`)
      return { zh: `不认识 ${keys.join('、')}`, en: `does not know ${keys.join(', ')}` }
    }
    case 'invalid_value': {
      const values = issue.values.map(value => JSON.stringify(value))
      return { zh: `只能是 ${values.join('、')}`, en: `has to be ${values.join(' or ')}` }
    }
    case 'invalid_format':
      return { zh: '格式不对', en: 'does not have the right form' }
    default:
      return wrong
  }
}

const wrong: Said = { zh: '不对', en: 'is not right' }

function unitOf(origin: string, count: number): readonly [zh: string, en: string] {
  if (origin === 'number' || origin === 'int') return ['', '']
  if (origin === 'array') return ['项', count === 1 ? 'item' : 'items']
  return ['个字符', count === 1 ? 'character' : 'characters']
}

const typeNames: Readonly<Record<string, Said>> = {
  string: { zh: '文字（加引号）', en: 'text (in quotes)' },
  number: { zh: '数字', en: 'a number' },
  int: { zh: '整数', en: 'a whole number' },
  boolean: { zh: ' true 或 false', en: 'true or false' },
  array: { zh: '列表（[ ]）', en: 'a list ([ ])' },
  object: { zh: '对象（{ }）', en: 'an object ({ })' },
}
