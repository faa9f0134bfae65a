import { globSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { collect, collectFrom } from '../words/collect.ts'

const han = /\p{Script=Han}/u
const pairs = collect()
const window = pairs.filter(({ file }) => /^renderer\/.*words\.ts$/.test(file))
const told = (found: typeof pairs) => found.map(({ file, key, zh, en }) => `${file} ${key}: ${zh} / ${en}`)

/** Names that a thing had beside the one of docs/glossary.md. */
const otherNames = [
  /裁决/,
  /切片(?!器)/,
  /分段/,
  /新增/,
  /连续审阅/,
  /审计账本/,
  /令牌中控/,
  /中转|回调/,
  /限额/,
  /这台机器/,
  /复核日期/,
  /取消批次/,
]
const otherEnglishNames = [/embedded sandbox/, /\bthis machine\b/i, /noted while reading/i, /machine verdict/i]
/** What people see in the window is an image; in records a picture stays what it was called when they were written. */
const otherNamesInWindow = [/\bpictures?\b/i, /\baudios\b/i, /\banother machine\b/i]
const otherChineseInWindow = [/[另那]一?台机器/, /看起来像/, /无限制/]

/** Names of the glossary that are ordinary words too, and stand for other things as well. */
const ordinary =
  /^(?:asset|part|reader|left out|reading|check|verdict|outcome|decision|share|hold|looks like|span|evidence|library)$/
/** Where such a name is a command, an option or a platform's own word. */
const others = [
  /^1 profile, 2 comment/,
  /^Profile \(nickname/,
  /^profiles add /,
  /^relay needs /,
  /^pass, review, risky/,
  /^no push after/,
]

/** The rows of docs/glossary.md: a name in both languages. */
const glossary = readFileSync(resolve(import.meta.dirname, '../../docs/glossary.md'), 'utf8')
  .split('\n')
  .filter(line => /^\| [a-z]/.test(line))
  .map(line => line.split('|').map(cell => cell.trim()))
  .slice(1)
  .map(([, en = '', zh = '']) => ({ en, zh }))

/** Letters that stand in Chinese too: products, formats, units and keys, then what has to be found or typed under this name. */
const latin = new Set(
  `A API AVIF Chrome Chromium Edge H MP4 SRT Adobe AppID AppSecret BMP CSV EML EPUB English Esc Excel FFmpeg Flash GB GIF HDR HEIC HEVC HTML HTTP HZ ID IP IT Illustrator JPEG JSON Keynote Lines MB MHT MIME MP3 Numbers OFD
  Office OpenDocument OpenID Outlook PDF PGP PNG Pages Photoshop PostScript QQ RAW RGB RTF S SDK SHA-256 SVG SWF TIFF UTF-7 UTF-8 Visio WPS WebP Windows Word XFA XLSX XML XPS YAML
  Authorization GET WX_APP_SECRET apps cloudbase_access_token config damagedProfiles dat docx errcode fit http https isrisky media pass prescreen
  prescreen-check result s shm wal winmail`.split(/\s+/),
)

/** What a button says, by the calls of `t` inside of it. */
const buttons = globSync('renderer/**/*.tsx', { cwd: resolve(import.meta.dirname, '../..') }).flatMap(file => {
  const text = readFileSync(resolve(import.meta.dirname, '../..', file), 'utf8')
  const found = text.matchAll(/<(Button|Menu\.Item|Tabs\.Tab)\b(?:(?!<\/\1>)[\s\S])*?<\/\1>/g)
  const keys = [...found].flatMap(([button]) => [...button.matchAll(/\bt\(\s*['`]([\w.]+)['`]/g)].map(([, key]) => key))
  return keys.flatMap(key => {
    const own = pairs.filter(pair => pair.key === `words.${key}` && pair.file.endsWith('/words.ts'))
    return (
      own.find(pair => file.startsWith(`${dirname(pair.file)}/`)) ??
      own.find(pair => pair.file.includes('/i18n/')) ??
      []
    )
  })
})
const commandNames = pairs.filter(({ file, key }) => file === 'shared/commands.ts' && key.startsWith('table'))

/** Without values, options, pages, addresses, and what is typed as it stands. */
const bare = (text: string): string =>
  text.replace(
    /\{\{(?:[^{}]|\{[^{}]*\})*\}\}|\{"[^}]*\}|--[\w-]+|\bdocs\/\w+\.md|https?:\/\/\S*|(?:\b[A-Z]:|\/Users)[\\/]\S*|\.\w[\w.]*/g,
    ' ',
  )

describe('all that the product says', () => {
  test('is found in every form that it is written in', () => {
    const source = [
      "const words = { zh: { a: { b: '甲' } }, en: { a: { b: 'one' } } }",
      'usage(`乙 $' + '{n}`, `two $' + '{n}`)',
      "language === 'zh' ? '丙' : 'three'",
    ].join('\n')
    expect(collectFrom('x.ts', source).map(({ key, zh, en }) => [key, zh, en])).toEqual([
      ['words.a.b', '甲', 'one'],
      ['', '乙 {{n}}', 'two {{n}}'],
      ['', '丙', 'three'],
    ])
    expect(pairs.length).toBeGreaterThan(2000)
  })

  test('calls a thing by one name', () => {
    expect(told(pairs.filter(({ zh }) => otherNames.some(name => name.test(zh))))).toEqual([])
    expect(told(pairs.filter(({ en }) => otherEnglishNames.some(name => name.test(en))))).toEqual([])
  })

  test('calls a thing by one name in the window', () => {
    const isOther = ({ zh, en }: (typeof pairs)[number]) =>
      otherNamesInWindow.some(name => name.test(bare(en))) || otherChineseInWindow.some(name => name.test(zh))
    expect(told([...window, ...commandNames].filter(isOther))).toEqual([])
  })

  test('calls the things of the glossary by its names', () => {
    expect(glossary.length).toBeGreaterThan(30)
    const strict = glossary.filter(({ en }) => !ordinary.test(en))
    const wrong = strict.flatMap(({ en, zh }) => {
      const name = new RegExp(`\\b${en}(?:s|es)?\\b`, 'i')
      // 应用档案 is 档案 for short, and stacks are counted in 叠.
      const named = new RegExp(zh.replace(/^应用/, '(?:应用)?').replace('叠放', '叠|相同'))
      const isMeant = (pair: (typeof pairs)[number]) =>
        name.test(bare(pair.en)) && !others.some(other => other.test(pair.en))
      return told(pairs.filter(pair => isMeant(pair) && !named.test(pair.zh))).map(text => `${en} ${zh}: ${text}`)
    })
    expect(wrong).toEqual([])
  })

  test('has no Latin letters in Chinese but names', () => {
    const isForeign = ({ zh }: (typeof pairs)[number]) =>
      (bare(zh).match(/[A-Za-z][\w+-]*/g) ?? []).some(word => !latin.has(word))
    const shown = pairs.filter(
      ({ file }) => /^(?:shared|renderer\/.*words\.ts|electron\/main)/.test(file) && file !== 'shared/language.ts',
    )
    expect(told(shown.filter(isForeign))).toEqual([])
  })

  test('begins buttons like sentences and ends them without a stop', () => {
    expect(buttons.length).toBeGreaterThan(80)
    const isTitled = ({ zh, en }: (typeof pairs)[number]) =>
      /[.。]$/.test(en) ||
      /[.。]$/.test(zh) ||
      /^[a-z]/.test(en) ||
      /\s(?!AppSecret|QQ|WeChat|AppID|Prescreen)[A-Z][a-z]/.test(bare(en))
    expect(told([...buttons, ...commandNames].filter(isTitled))).toEqual([])
  })

  test('says what is, and not that its opposite is not', () => {
    const doubled =
      /\bnot (?:un(?:able|common|known|like|likely|usual|safe)|im\w+|in(?:frequent|significant))\b|\bnot without\b|\bnever without\b|\bcannot not\b|\bnothing is not\b|\bno \w+ (?:is|are) not\b/i
    const doubledInChinese = /不得不|不能不|不可不|并非不|未必不|没有不|无不/
    expect(told(pairs.filter(({ zh, en }) => doubled.test(en) || doubledInChinese.test(zh)))).toEqual([])
  })

  test('has one character for what goes on', () => {
    expect(told(pairs.filter(({ zh, en }) => /……|\.\.\./.test(zh + en)))).toEqual([])
  })

  test('is in the language of the window', () => {
    expect(told(window.filter(({ key, en }) => han.test(en) && key !== 'words.zh'))).toEqual([])
  })

  test('ends as a sentence where it is more than one', () => {
    expect(told(window.filter(({ zh }) => /。./.test(zh) && !/[。？！：…}”）]$/.test(zh)))).toEqual([])
  })
})
