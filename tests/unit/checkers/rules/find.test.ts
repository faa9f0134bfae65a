import { describe, expect, test } from 'vitest'
import { compileBooks } from '../../../../electron/engine/checkers/rules/compile.ts'
import { bookOf, everything, matchedBy } from './books.ts'

describe('a rule', () => {
  test.each([
    ['as they are', '本店咖啡最佳', ['最佳']],
    ['in traditional characters', '這是國家級產品', ['國家級']],
    ['in full width and in capitals', '销量ＮＯ１', ['ＮＯ１']],
    ['with what is not seen in them', '最\u200b佳', ['最\u200b佳']],
    ['with marks on them', '最\u0332佳', ['最\u0332佳']],
    ['through symbols', '最*佳，最 · 佳，最😀佳', ['最*佳', '最 · 佳', '最😀佳']],
    ['with blanks beside digits', '排名第 1 的店', ['第 1']],
    ['not over the end of a sentence or a part of it', '我们做到最。佳节快乐，最，佳人，最、佳', []],
    ['not over the end of a line', '最\n佳', []],
    ['not as part of a longer number', '第10家，第1家', ['第1']],
    ['not as part of a longer word of letters', 'pianono1, no1', ['no1']],
  ])('finds its words %s', async (_, text, matched) => {
    expect(await matchedBy({ words: ['最佳', '国家级', 'No1', '第1'] }, text)).toEqual(matched)
  })

  test.each([
    ['zui佳选择，最jia选择，最 jia 的，ＺＵＩ佳', ['zui佳', '最jia', '最 jia', 'ＺＵＩ佳']],
    ['北京特gong瓷器', ['特gong']],
    ['t\u200bè佳，zuì佳', []],
    ['zuijia，azui佳，zui9佳，最jiao，特 供gong', ['特 供']],
    ['GONG 特', []],
  ])('finds its words where a character is spelt in letters: %s', async (text, matched) => {
    expect(await matchedBy({ words: ['最佳', '特供'] }, text)).toEqual(matched)
  })

  test('finds its patterns over a character that is spelt in letters', async () => {
    expect(await matchedBy({ patterns: ['包过[^,。]{0,4}退'] }, 'bao过，考不上退；bao过全退')).toEqual(['bao过全退'])
  })

  test('finds its words as they are only, where it asks for that', async () => {
    expect(await matchedBy({ words: ['最佳'], variants: [] }, '最*佳 最佳')).toEqual(['最佳'])
  })

  test('finds its patterns, through symbols too', async () => {
    const rule = { patterns: ['最(?:強|优)的?(?:效果|品质)', '第[一1]品牌'] }
    expect(await matchedBy(rule, '最强效果，最 優 的 品质；第１品牌')).toEqual([
      '最强效果',
      '最 優 的 品质',
      '第１品牌',
    ])
  })

  test('marks no stops that its patterns ask for at the ends', async () => {
    const rule = { patterns: ['(?:^|[,。\\s])全国最佳(?:[,。!]|$)', '[!?]{2}'] }
    expect(await matchedBy(rule, '本店，全国最佳！真的？！')).toEqual(['全国最佳', '？！'])
  })

  test('leaves out what is within an exception, and finds the same words beside it', async () => {
    const rule = { words: ['最佳'], except: ['最佳赏味期', '/最佳(?:食用|饮用)(?:温度|时间)/'] }
    expect(await matchedBy(rule, '最佳赏味期 3 天，最佳食用时间 2 天')).toEqual([])
    expect(await matchedBy(rule, '最 佳 赏 味 期 3 天')).toEqual([])
    expect(await matchedBy(rule, '最佳赏味期 3 天，口感最佳')).toEqual(['最佳'])
  })

  test('leaves out sentences with certain words', async () => {
    const rule = { words: ['最佳'], 'except-in-sentence': ['谨防', '/不得(?:使用|宣称)/'] }
    expect(await matchedBy(rule, '广告中不得使用最佳等词。本店最佳！谨防“最佳”之类的话')).toEqual(['最佳'])
  })

  test('leaves out texts with certain words', async () => {
    const rule = { words: ['最佳'], 'except-in-text': ['征文'] }
    expect(await matchedBy(rule, '本店最佳。\n征文启事')).toEqual([])
    expect(await matchedBy(rule, '本店最佳。')).toEqual(['最佳'])
  })

  test('leaves out what is only spoken of, where it looks for claims', async () => {
    const text = '谨防“最佳”之类的话。我们不敢说最佳。本店最佳'
    expect(await matchedBy({ words: ['最佳'] }, text)).toHaveLength(3)
    expect(await matchedBy({ words: ['最佳'], 'only-claims': true }, text)).toEqual(['最佳'])
  })

  test('hits only with its companions, where it has some', async () => {
    const inSentence = { words: ['升值'], 'only-with': { in: 'sentence', any: ['房', '楼盘', '/户型/'] } }
    expect(await matchedBy(inSentence, '知识升值。好房')).toEqual([])
    expect(await matchedBy(inSentence, '好楼盘必升值')).toEqual(['升值'])
    const inText = {
      words: ['升值'],
      'only-with': [
        { in: 'text', any: ['房'] },
        { in: 'text', any: ['投资'] },
      ],
    }
    expect(await matchedBy(inText, '必升值。\n好房')).toEqual([])
    expect(await matchedBy(inText, '必升值。\n好房，投资')).toEqual(['升值'])
  })

  test('hits once where a companion that it requires is missing', async () => {
    const rule = { words: ['保健食品'], requires: ['本品不能代替药物'] }
    expect(await matchedBy(rule, '保健食品，好的保健食品')).toEqual(['保健食品'])
    expect(await matchedBy(rule, '保健食品。本品 不能代替 药物')).toEqual([])
  })

  test('counts hits that overlap as one, the longest', async () => {
    expect(await matchedBy({ words: ['最佳', '最佳效果', '效果好'] }, '最佳效果好')).toEqual(['最佳效果'])
  })
})

describe('a rule that asks for homophones', () => {
  const rule = { words: ['加微信', '加v信'], variants: ['symbols', 'homophones'] }

  test('finds what sounds like its words, through symbols too', async () => {
    expect(await matchedBy(rule, '请加薇信，嘉 微 芯；加威信')).toEqual(['加薇信', '嘉 微 芯', '加威信'])
    expect(await matchedBy(rule, '佳Ｖ芯')).toEqual(['佳Ｖ芯'])
  })

  test('finds its words as they are once', async () => {
    expect(await matchedBy(rule, '加微信')).toEqual(['加微信'])
  })

  test('is the only one that does', async () => {
    expect(await matchedBy({ words: ['加微信'] }, '请加薇信')).toEqual([])
  })

  test('does not go by the sound of a single character', async () => {
    expect(await matchedBy({ words: ['亲'], variants: ['homophones'] }, '钦，亲')).toEqual(['亲'])
  })
})

describe('a matcher', () => {
  test('takes the rules of the trades that are asked for, and those of everybody', async () => {
    const book = bookOf({ words: ['甲'], scopes: ['food'] }, { words: ['乙'], scopes: ['drugs'] }, { words: ['丙'] })
    const matcher = await compileBooks([book], { scopes: ['food'], today: null })
    expect(matcher.find('甲乙丙').hits.map(({ matched }) => matched)).toEqual(['甲', '丙'])
  })

  test('takes the rules that are in force on the day, with its last day', async () => {
    const book = bookOf(
      { words: ['甲'], 'in-force': { until: '2026-11-30' } },
      { words: ['乙'], 'in-force': { from: '2026-12-01' } },
    )
    const on = async (today: string) => (await compileBooks([book], { scopes: null, today })).find('甲乙').hits
    expect((await on('2026-11-30')).map(({ matched }) => matched)).toEqual(['甲'])
    expect((await on('2026-12-01')).map(({ matched }) => matched)).toEqual(['乙'])
  })

  test('keeps the worst of too many hits, in the order of the text, and counts the others', async () => {
    const book = bookOf({ words: ['甲'], severity: 'notice' }, { words: ['乙'] })
    const { hits, more } = (await compileBooks([book], everything)).find(`${'甲。'.repeat(1500)}乙`)
    expect(hits).toHaveLength(1000)
    expect(more).toBe(501)
    expect(hits.at(-1)?.matched).toBe('乙')
  })
})
