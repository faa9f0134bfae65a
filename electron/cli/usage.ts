import type { CommanderError } from 'commander'
import type { z } from 'zod'
import { type UsageProblem, usage } from '../../shared/problems.ts'
import { issueWords } from '../engine/base/issue-words.ts'

const address = [
  '要填 http(s) 地址，不能带用户名或密码',
  'takes an http or https address without a user name or password',
] as const
const count = ['要填大于 0 的整数', 'takes a whole number above 0'] as const
const variable = [
  '要填环境变量的名字（字母、数字、下划线），不能填密钥本身',
  'takes the name of an environment variable (letters, digits, underscores), never the secret itself',
] as const
const shortText = ['最多 200 个字符', 'takes 200 characters at most'] as const

/** What each flag takes: [zh, en]. */
const rules: Readonly<Record<string, readonly [string, string]>> = {
  name: ['档案名要 1 到 80 个字符', 'the name of a profile takes 1 to 80 characters'],
  appid: ['要填 4 到 64 个字母、数字或下划线', 'takes 4 to 64 letters, digits or underscores'],
  scene: ['要填 1 到 4', 'takes a number from 1 to 4'],
  openid: ['每个要 1 到 128 个字符，最多 50 个', 'takes 1 to 128 characters, and may be given 50 times'],
  share: ['要填 1 到 100', 'takes a whole number from 1 to 100'],
  'per-minute': count,
  'per-day': count,
  'base-url': address,
  'broker-url': address,
  'relay-url': address,
  'secret-env': variable,
  'relay-key-env': variable,
  'cloud-env': [
    '要填云环境的 ID（字母、数字、连字符）',
    'takes the id of a cloud environment (letters, digits, hyphens)',
  ],
  'cloud-function': [
    '要填云函数的名字（字母开头，字母、数字、_、-）',
    'takes the name of a cloud function (a letter, then letters, digits, _ and -)',
  ],
  'max-tiles': ['要填 1 到 1000', 'takes a whole number from 1 to 1000'],
  'max-frames': ['要填 1 到 10000', 'takes a whole number from 1 to 10000'],
  title: shortText,
  nickname: shortText,
  signature: ['最多 500 个字符', 'takes 500 characters at most'],
  port: ['要填 0 到 65535', 'takes a whole number from 0 to 65535'],
  verdict: ['要填 pass、review、risky、rules_only 或 unchecked', 'takes pass, review, risky, rules_only or unchecked'],
  decision: [
    '要填 approve、reject、escalate、defer 或 undecided',
    'takes approve, reject, escalate, defer or undecided',
  ],
  label: ['要填标签的数字代码', 'takes the number of a label'],
  severity: ['要填 notice、evidence 或 forbidden', 'takes notice, evidence or forbidden'],
  search: ['要填 1 到 200 个字符', 'takes 1 to 200 characters'],
}

/** Fields of a profile whose flags are named otherwise. */
const flagsOfFields: Readonly<Record<string, string>> = {
  openids: 'openid',
  sharePercent: 'share',
  secret: 'secret-env',
  'relay.url': 'relay-url',
  'relay.key': 'relay-key-env',
  'cloud.env': 'cloud-env',
  'cloud.functionName': 'cloud-function',
}

/** Zod's findings as one sentence for each flag. */
export function flagProblem(error: z.ZodError): UsageProblem {
  const flags = new Map(error.issues.map(issue => [flagOf(issue.path), issueWords(issue)]))
  const sentences = [...flags].map(([flag, words]): readonly [string, string] => {
    const [zh, en] = rules[flag] ?? [words.zh, words.en]
    if (flag === 'name') return [zh, en]
    // What follows "openid:" would be taken for one, and masked.
    return [`--${flag}：${zh}`, `--${flag}${flag === 'openid' ? ' ID' : ''}: ${en}`]
  })
  return usage(sentences.map(([zh]) => zh).join('；'), sentences.map(([, en]) => en).join('; '))
}

function flagOf(path: readonly PropertyKey[]): string {
  // For an option that may be repeated, the name is enough.
  const steps = path.filter(step => typeof step === 'string')
  const known = flagsOfFields[steps.slice(0, 2).join('.')] ?? flagsOfFields[steps[0] ?? '']
  return known ?? steps.join('.').replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
}

/** What commander says, also in Chinese; its words are its own, so what is quoted in them is taken over. */
export function commanderProblem(error: CommanderError): UsageProblem {
  const en = error.message.replace(/^error: /, '').replaceAll('\n', ' ')
  const [first = '', second = ''] = [...en.matchAll(/'([^']*)'/g)].map(match => match[1] ?? '')
  const hint = /\(Did you mean (.*?)\?\)/.exec(en)?.[1]
  const zh = chineseFor(error.code, first, second, en)
  return usage(
    `${zh}${hint === undefined ? '' : `（是不是 ${hint}？）`}（prescreen --help 列出所有命令和选项）`,
    `${en} (prescreen --help lists commands and options)`,
  )
}

function chineseFor(code: string, first: string, second: string, english: string): string {
  switch (code) {
    case 'commander.unknownOption':
      return `没有选项 ${first}`
    case 'commander.unknownCommand':
      return `没有命令 ${first}`
    case 'commander.missingArgument':
      return `缺少参数 <${first}>`
    case 'commander.optionMissingArgument':
      return `选项 ${first} 后面要有值`
    case 'commander.excessArguments':
      return `${first} 后面的参数太多`
    case 'commander.invalidArgument': {
      const allowed = /Allowed choices are (.*?)\.$/.exec(english)?.[1]
      return `选项 ${first} 不能是 ${second}${allowed === undefined ? '' : `，只能是 ${allowed}`}`
    }
    default:
      return english
  }
}
