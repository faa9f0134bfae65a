import process from 'node:process'
import { collect } from './collect.ts'

/**
 * `npm run words -- [TEXT]`: all that the product says, in both languages side by side with the file and key that say it; only what has TEXT
 * in it, where one is given. In the order of the Chinese, so that the names of one thing stand together.
 */
const wanted = process.argv[2] ?? ''
const pairs = collect().filter(({ key, zh, en }) => [key, zh, en].some(text => text.includes(wanted)))
for (const { file, line, key, zh, en } of pairs.toSorted((one, other) => one.zh.localeCompare(other.zh, 'zh')))
  process.stdout.write(`${[zh, en, key, `${file}:${line}`].map(text => text.replaceAll('\n', '⏎')).join('\t')}\n`)
