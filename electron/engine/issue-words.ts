import type { z } from 'zod'
import type { Said } from '../../shared/problems.ts'

/** One of zod's findings in both languages, without its place; a finding of our own (`custom`) brings its Chinese in `params.zh`. */
export function issueWords(issue: z.core.$ZodIssue): Said {
  return { zh: inChinese(issue), en: issue.message }
}

function inChinese(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'custom':
      return typeof issue.params?.zh === 'string' ? issue.params.zh : '不对'
    case 'invalid_type':
      if (issue.message.endsWith('received undefined')) return '没有填'
      return `要填${typeNames[issue.expected] ?? issue.expected}`
    case 'too_small':
      return issue.origin === 'number' || issue.origin === 'int'
        ? `不能小于 ${issue.minimum}`
        : issue.origin === 'array'
          ? `至少 ${issue.minimum} 项`
          : `至少 ${issue.minimum} 个字符`
    case 'too_big':
      return issue.origin === 'number' || issue.origin === 'int'
        ? `不能大于 ${issue.maximum}`
        : issue.origin === 'array'
          ? `最多 ${issue.maximum} 项`
          : `最多 ${issue.maximum} 个字符`
    case 'unrecognized_keys':
      return `不认识 ${issue.keys.map(key => `"${key}"`).join('、')}`
    case 'invalid_value':
      return `只能是 ${issue.values.map(value => JSON.stringify(value)).join('、')}`
    case 'invalid_format':
      return '格式不对'
    default:
      return '不对'
  }
}

const typeNames: Readonly<Record<string, string>> = {
  string: '文字（加引号）',
  number: '数字',
  int: '整数',
  boolean: ' true 或 false',
  array: '列表（[ ]）',
  object: '对象（{ }）',
}
