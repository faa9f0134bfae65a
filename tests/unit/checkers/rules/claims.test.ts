import { describe, expect, it } from 'vitest'
import { claimsOf } from '../../../../electron/engine/checkers/rules/claims.ts'
import { normalise, viewText } from '../../../../electron/engine/checkers/rules/normalise.ts'

/** Whether the words between brackets are claimed. */
function isClaimed(marked: string): boolean {
  const start = marked.indexOf('[')
  const end = marked.indexOf(']') - 1
  const text = marked.replace('[', '').replace(']', '')
  const view = normalise(text)
  return claimsOf(view, viewText(view)).isClaimed([start, end])
}

describe('words are claimed', () => {
  it.each([
    '全国销量[第一]，投诉请拨12315',
    '[全网最低价]，请勿转载',
    '[全网最低价]，请勿外传，违法必究',
    '[祖传秘方]，假一赔十，举报有奖',
    '警惕假货，认准[全国第一]的好水',
    '不要相信别家，我们才是[全国第一]',
    '不止是[顶级]',
    '不愧是[全国第一]',
    '没有中间商，[全网最低价]',
    '不打针不吃药，[三天断根]',
    '无需节食，[月瘦十斤]',
    '不开刀也能[根治]',
    '荣获“[中国驰名商标]”称号',
    '被誉为“[天下第一汤]”',
    '我们就是“[行业第一]”，不服来战',
    '号称[全国第一]的好酒',
    '能[根治]吗？能！三个疗程见效',
    '我们不是骗子，日赚千元[稳赚不赔]',
    '还不[赶紧抢]',
    '[无任何副作用]',
    '[全国第一]品牌，谨防假冒',
    '年化12%[保本]，谨防诈骗，认准官方渠道',
    '[全国销量第一]！谨防假冒诈骗',
    '我们是反诈合作单位，[全国第一]品牌',
    '防骗提醒：祖传秘方[包治百病]，三天断根，加我微信',
    '荣登“[全国第一品牌]”榜，假冒必究，举报有奖',
    '[根治糖尿病]，别信医院那一套',
    '不会让您失望的[全国第一]',
    '特别[有效]',
    '[全国第一]，我们不服来战',
    '[全网最低]，我们不玩套路',
    '是不是还在找[最好]的面膜',
    '想要[全国第一]的装修？不用找了，就我们',
    '“[全国第一]”背后的匠心',
    '“[根治]”方案请先咨询客服',
    '“[全国第一]”，侵权违法必究',
    '[全网最低价]，千万别去别家',
    '[包过]，十有八九能上岸',
    '请相信[全国第一]的实力',
    '揭秘[三天瘦十斤]的方法',
    '能不能[根治]？答案是能',
    '[三天断根]？不复发！',
    '“[天下第一泉]”是乾隆给这眼泉起的名',
    '“[三天祛斑]”是我们新品的名字',
    '“[楼王]”是我们给这套房起的名，给孩子一个家',
    '入选“[天下第一街]”，是这条街的原名',
  ])('%s', marked => {
    expect(isClaimed(marked)).toBe(true)
  })
})

describe('words are only spoken of', () => {
  it.each([
    '我们不敢说[全国第一]',
    '本课程不承诺[通过率]',
    '没有人能保证[百分之百成功]',
    '本店从不[刷单]',
    '它治不了病，不能[治病]',
    '“[保本]”两个字请先打个问号',
    '谨防“[包治百病]”的假专家',
    '凡说“[稳赚不赔]”的投资，请直接拒绝',
    '所谓“[特供]”酒一律是假的',
    '标着“[最低价]”的广告语，本店一律不用',
    '“吃黑木耳能[清血管]”？没有证据。木耳含膳食纤维。',
    '有人问我们是不是[全城第一]，说实话，没比过',
    '[砍一刀]？我们只砍西瓜',
    '禁止[灌酒]',
    '您问能不能[停药]，这个必须问您的主治医生',
    '广告应显著标明“本品不能[代替药物]”',
    '网上说[一针断根]的都是骗人的',
    '两家文具店因向[学生出售电子烟]被立案调查',
    '防骗提醒：有人发鸡蛋，听完课就推销[神药]',
    '「[內供酒]」都是假的，請勿購買',
    '谨防“最\u200b[顶级]”的说法',
    '“[楼王]”是邻居给爱在阳台晒太阳的那只橘猫起的名',
    '“[药食]街”是我们这条路的旧名',
    '“[保本]”小书店只是名字叫保本，本子的本',
  ])('%s', marked => {
    expect(isClaimed(marked)).toBe(false)
  })
})

it('a word far from any stop costs no more than its neighbourhood', () => {
  const view = normalise(`${'好'.repeat(200_000)}第一${'好'.repeat(200_000)}`)
  const claims = claimsOf(view, viewText(view))
  let claimed = 0
  for (let at = 0; at < 2000; at++) claimed += claims.isClaimed([200_000, 200_002]) ? 1 : 0
  expect(claimed).toBe(2000)
})
