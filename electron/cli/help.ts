import type { HelpConfiguration, Option } from 'commander'
import type { Language } from '../../shared/language.ts'

/** What commander writes by itself around our descriptions, in the language of the user. */
export function helpIn(language: Language): HelpConfiguration {
  if (language === 'en') return {}
  return {
    styleTitle: title => titles[title] ?? title,
    optionDescription: ({ description, argChoices }: Option) =>
      argChoices === undefined ? description : `${description}（可选 ${argChoices.join('、')}）`,
  }
}

const titles: Readonly<Record<string, string>> = {
  'Usage:': '用法：',
  'Arguments:': '参数：',
  'Options:': '选项：',
  'Commands:': '命令：',
}
