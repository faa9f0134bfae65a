import type { TextRange } from '../../../../shared/domain.ts'
import { countBefore } from './bisect.ts'
import type { View } from './normalise.ts'

/**
 * Which words of a text are claims of whoever publishes it, and which are only spoken of: denied ("we do not promise that you pass"), quoted
 * in order to warn of them ("beware of \"cures in three days\""), or ascribed to somebody else in order to be refuted. The law forbids
 * claims; a notice that warns of fraud has the same words.
 *
 * What speaks of a claim must be near it: in its clause where the words stand bare, in its sentence where they stand in quotation marks, and
 * elsewhere in the text only where the text is as short as a notice and the words are quoted. So a stock phrase at the end of a poster
 * ("违法必究", "投诉请拨 12315") takes nothing from its claims.
 */
export interface Claims {
  /** Of a range of the original. */
  isClaimed(range: TextRange): boolean
}

/** Changed with what this module finds: rules that look for claims find otherwise from then on. */
export const claimsVersion = 2

/** Nobody reads further than that for what a sentence says of its words; longer ones have no stops, and would be read again for each hit. */
const reach = 160

/** A notice, a letter to parents, a message to a group: one that speaks of fraud does so throughout. */
const noticeLength = 600

const quoted = /“[^”\n]{0,120}”|「[^」\n]{0,120}」|『[^』\n]{0,120}』|"[^"\n]{1,120}"|‘[^’\n]{0,80}’/g

/** Stands in place of each unit in quotation marks, so that what is quoted says nothing of itself. */
const blank = '\ufffc'
const blanks = /\ufffc+/g

/** Own words before a quotation by which it is made one's own. */
const adopts =
  /(?:认准|荣获|获得|获评|获|荣登|荣膺|登上?|入选|当选|评为|摘得|斩获|夺得|冠以|被誉为|誉为|称为|人称|堪称|打造|拥有|选择|选|就是|只有|来自|成为|作为|享有|秉承|坚持|实现|做到|真正的?|我们(?:是|有|的))$/

const warns =
  /(?:谨防|警惕|提防|当心)(?!假冒|假货|仿冒|冒牌|山寨|盗版|误购|错过|诈骗[,。!]?$)|反诈|防骗|防诈|防坑|骗局|骗子|骗人|骗钱|受骗|被骗|诱骗|骗贷|上当|假的|假药|假扮|冒充|冒用|谎称|虚假|误导|误区|谣言|辟谣|谬论|传言|网传|传闻|流言|不实|噱头|套路|陷阱|忽悠|智商税|话术|把戏|(?:请|可|应|向|拨打?)[^,。!?;]{0,8}(?:举报|报警|报案)|查处|处罚|被罚|立案|约谈|曝光|通报|(?:是|属|涉嫌|均|都)[^,。!?;]{0,4}(?:违法|违规|非法)|违反|违法(?:广告|宣传|行为)|违规(?:用语|宣传)|多为非法|不法|禁用词|不得(?:用|宣|使|在|出现|写|作|含|以|对)|严禁|禁止|切勿|勿信|轻信|莫信|(?:别|不要)(?:相|轻)?信|请勿(?!转载|外传|错过|犹豫|盗图|还价)|不要(?:听信|购买|买|点|转|付|掏|参与|再转)|不(?:可|能|足)信|信不得|听不得|十有八九(?:是|都)?[^,。]{0,2}(?:坑|骗|假)|靠不住|不可靠|不靠谱|没谱|(?:没有|缺乏|毫无|并无|无)[^,。!?;]{0,6}(?:依据|证据|根据|道理|这回事|一说|品类|类别)/

/** Says of words in its sentence that they are somebody's words. */
const mentions =
  /所谓|凡是?[^,。!?;]{0,6}(?:说|称|承诺|宣传|让|要求|以|打着|有人)|任何[^,。!?;]{0,8}(?:说|称|承诺|标榜|喊)|谁(?:跟|和|对|让|说|要是)|打着|声称|自称|宣称|说法|广告语|字样|用语|写法|(?:这|那|一|些|个)词|[两二三四五几这]个字|(?:这类|这种|这样|此类|之类)[^,。]{0,4}(?:话|广告|宣传|消息|链接|海报)|推销|兜售|留[^,。]{0,3}心眼|多想一想|问号|想想凭什么|擦亮眼|绕行|绕开|拉黑|退群|退掉|请[^,。!?;]{0,4}(?:退出|关闭|挂断)|走开|划走|(?:请|先)[^,。!?;]{0,8}(?:核实|核查|查清|查证|查一查|看合同)|先看清|别急着|先别|与(?:本|我)[^,。]{0,6}无关|背后(?:往往|多|常|其实|的(?:套路|会员|自动))|漫画|拨打|12315|12313|12345|12320|96110/

/** Of a whole notice: what it quotes, it quotes in order to warn. */
const isWarning =
  /(?:谨防|警惕|提防|当心)(?!假冒|假货|仿冒|冒牌|山寨|盗版|误购|错过|诈骗[,。!]?$)|(?<!不是|绝非|并非|不会|谨防)(?:骗局|诈骗|骗子)|受骗|被骗|上当|是假的|都是假|辟谣|谣言|网传|谎称|冒充|冒用|不法分子|(?:请|可|应)[^,。!?;]{0,8}(?:举报|报警|报案)|轻信|(?:别|不要|莫|勿)(?:相|听)?信(?:$|[,。!?;“]|这|那)|都是套路|听不得|遇到(?:这种|这类|此类|推销)|别急着(?:掏|付|买|签|转)/

/** A notice that is headed as one against fraud is so all through, unless it sells. */
const isAgainstFraud = /^[^。!?\n]{0,16}(?:反诈|防骗|防诈|辟谣|识骗|骗术|骗局)/

const sells = /微信|加我|私信|预约|热线|认准|下单|抢购|选择我们|合作单位|加盟|扫码|点击|优惠价|到手价/

/** Directly before a quotation, or directly behind it: it is denied. */
const deniesNext = /(?:不|没有?|无|非|别|勿|莫|未)[^,。!?;:\s不没]{0,8}$/
const deniesLast =
  /^[^,。!?;:]{0,14}(?:不(?!断|同|错|少|一样|仅|止|变|减|凡)|没有?(?!之一)|未必|勿|并非|都[是可]|[多大]是|多为|往往|别(?!致|墅|样|具)|远离)|^[^。!?;]{0,12},[^,。!?;]{0,8}(?:不(?:做|写|用|说|卖|搞)|一[个律]也?不)/

/**
 * Behind a quotation: it is what a place was called, what a pet or a child is called, or no more than a name. What a product is called, or
 * who gave a spring its name, is claimed.
 */
const isName =
  /^[^。!?;,]{0,4}是[^。!?;,]{0,12}(?:街|路|巷|弄|村|镇|桥|山|河|岛|屯|湾|胡同)的?(?:旧名|原名|老名字?|旧称|古称)|^[^。!?;,]{0,4}是[^。!?;,]{0,8}给[^。!?;,]{0,20}(?:猫|狗|鸟|鹦鹉|鸡|鸭|鹅|兔子?|龟|鱼|羊|儿子|女儿|孩子|娃)咪?[起取]的(?:小名|外号|绰号|名)|^[^。!?;,]{0,8}只是个?(?:店名|名字)(?:叫|[,。]|$)/

/** Before bare words in their clause. */
const warnsOfNext =
  /(?:(?:谨防|警惕|提防|当心)(?!假冒|假货|仿冒|冒牌|山寨|盗版|误购|错过|诈骗[,。!]?$)|小心被|别信|莫信|勿信|轻信|听信|误信|不要信|不得|严禁|禁止|切勿|请勿|非法|冒充|冒用|谎称|假冒|辟谣)$|(?:(?:谨防|警惕|提防|当心)(?!假冒|假货|仿冒|冒牌|山寨|盗版|误购|错过|诈骗[,。!]?$)|别信|莫信|勿信|轻信|不得|严禁|禁止|切勿|请勿|冒充|冒用|谎称|辟谣|查处|取缔|打击|查获)[^,。!?;:\s]{1,20}$/
const ascribes =
  /(?:凡是?|任何|谁要?是?|所有|一切|那些|但凡|有人|发现|遇到|看到|收到|出现|网上|群里|陌生人|骗子|提醒|提示|有的[^,]{0,4}|声称|自称|谎称|号称|宣称|网传|所谓的?|听说|传言|推销|兜售|打着)[^。!?;]{0,30}$/
/** Behind bare words in their sentence, about them. */
const judges =
  /^[^。!?;]{0,36}(?:(?:是|属|为|系|都|均|全|皆)[^,。!?;]{0,4}(?:骗|诈骗|假的?|违法|违规|虚假|噱头|套路|陷阱|谣言|误导|坑人|个坑)|骗局|骗术|不可信|不能信|不要(?:买|听信)|(?:别|不要|勿|莫|请勿|切勿|千万别)(?:轻|相|听)?信(?:$|[,。!?;]|这|那|它|此|了)|(?:请勿|切勿|勿|别|莫)(?:购买|上当|参与|理会|转账|点击|点)|(?:没有|缺乏|毫无|并无)[^,。]{0,6}(?:依据|证据|道理|根据)|请(?:举报|报警)|一定在骗|十有八九(?:是|都)?[^,。]{0,2}(?:坑|骗|假)|字样|请(?:您|你|大家|直接|立即|马上|尽快)*(?:退出|退群|挂断|关闭|拉黑|走开|绕行|远离|离开)|(?:不要|千万别|别|勿)(?:碰|理会|填|垫)|被(?:立案|查|罚|处罚|叫停|下架|约谈|取缔))/
/** What somebody says is refuted, or told to be kept away from. */
const refutes =
  /骗|诈|假|谎|坑|套路|噱头|陷阱|违法|违规|不可信|别信|不要信|勿信|轻信|请?绕[行开]|走开|离开|拉黑|挂断|举报|报警|投诉|核实|查一?查|看清|先[^,。]{0,4}(?:看|问|查)|不要|请勿|切勿|别[^人家致]|不是(?:我们|本)|无关|不实|可能(?:收集|泄露|窃取|造成|构成)|查处|立案|12315|12313|12345|12320|96110|没有[^,。]{0,6}(?:依据|证据)/

/** Verbs by which what follows in the clause is not claimed. */
const denies =
  /(?<!就|还|又|再|岂|会|能|是|要|行|没有)(?:不(?:做|搞|玩|卖|销售|出售|承诺|保证|宣称|宣传|声称|说|写|讲|提供|接受|参与|支持|鼓励|提倡|敢[说称讲保承夸]|存在|具备?有?|构成|代表|等于|属于|涉及|算|是|追求|标榜|劝|能|会|可以?|得|允许|设|收|要求|需要|看|以|向|送|返|给|奖|产生|计入)|没有(?:[人谁哪]|任何|什么|一[种个款项位家]|所谓)|从(?:不|未|来不|来没)|绝(?:不|非)|并(?:不|非|未|没有)|不一定|不治|不包|未(?:曾|经)|谢绝|抵制|反对|(?:治|替代|代替|当|帮|解决)不了|谈不上|称不上|算不上|哪有|岂有|无(?:任何))/g
/** And what stands directly before the words. */
const deniesHere =
  /(?<!还|又|岂)(?:不|没有?|无|未|(?<![特个级区分告识性离差类送])别|勿|(?<![除是北南西莫])非|莫|拒绝|反对|不搞|不做|不用)$/
/** Negations that affirm, or that belong to the next words. */
const affirms =
  /^(?:不(?:仅|但|止|只|光|愧|输|一样|同|错|少|断|得不|限|容|过|妨|凡|俗|可多得|可或缺|可错过|可思议|能错过|会错|要错过|能不|会不|得了|看广告|需要?等|做作|是吹|是(?:梦|吹|问题|事儿?|说说|传说|[^,]{0,8}而是)|会[^,]{1,6}的(?:男|女|人|孩|家长|妈)|管|论)|没有(?:什么[^,]{0,10}不|之一|不|人不|谁不|一个不|哪个不)|无(?:论|不|与伦比|可|敌|双)|非(?:常|凡|遗|你|他|同|比|洲|转|油炸|卖品)|别(?:人|家|的|样|致|墅|错过|犹豫|等|再|担心))/
/** Ends what a negation governs: "no injection, and still ...". */
const resumes = /的$|就|即|也[能可]|都能|便|而是|照样|只要|还能|直接|轻松|一样能|依然/

/** The words are asked for, not claimed, unless the answer is yes. */
const asksOf = /(?:是不是|能不能|会不会|有没有|可不可以|是否|能否|算不算|管不管)[^,。!?;:\s还想在要]{0,4}$/
const answersYes = /^[^。]{0,6}(?:是的|当然|没错|肯定|必须(?:的|[!,。])|答案是(?:能|会|有|是|肯定)|真的|可以|能[!,。])/

const deniesBehind =
  /^[^,。!?;]{0,4}[?,”」』"]{0,2}(?:的)?(?:不敢[当说称]|谈不上|说不上|算不上|称不上|不存在|没有的事)|^[^。!?;,]{0,10}[,?]\s*(?:不能|不会|没有|不可以|不行|不是)[,。!]/
/** Behind a question about the words. */
const answersNo =
  /^\s*(?:其实|真相是?|答案是?|医生|专家|抱歉|当然|很遗憾|[:,\s])*(?:[^。!?,]{0,10}(?:不(?:能|会|可以|行|存在|可能|一定|敢当|具)|没有(?:这|证据|依据|科学|哪|任何|的事|那么|治疗)|并非|并不|假的|不是真)|没有|不是|错|请先|未必|别(?:信|急))|^\s*(?:我们|本店|小店|这里|咱)[^,。]{0,3}(?:只|不|没|从)/

/** `text` is that of the view. */
export function claimsOf({ starts }: View, text: string): Claims {
  const quotations = [...text.matchAll(quoted)].map(({ index, 0: { length } }): TextRange => [index, index + length])
  const own = withoutQuotations(text, quotations)
  /** The first unit of the view that was made of what begins at `position`, or behind it. */
  const unitFrom = (position: number) => countBefore(starts.length, at => (starts[at] ?? 0) < position)
  const isNotice = text.length <= noticeLength
  const isNoticeOfWarning = isNotice && isWarning.test(own)
  if (isNotice && isAgainstFraud.test(text) && !sells.test(own)) return { isClaimed: () => false }
  return {
    isClaimed: ([start, end]) => {
      const range: TextRange = [unitFrom(start), unitFrom(end)]
      const quotation = quotations[countBefore(quotations.length, at => (quotations[at] as TextRange)[1] <= range[0])]
      if (quotation === undefined || quotation[0] >= range[1])
        return !isDenied(own, range) && !isSpokenOf(own, range, isNoticeOfWarning)
      // What is quoted may deny itself: "this cannot replace a medicine".
      return !isQuotedOnly(own, quotation, isNoticeOfWarning) && !isDenied(text, range)
    },
  }
}

function withoutQuotations(text: string, quotations: readonly TextRange[]): string {
  let own = ''
  let at = 0
  for (const [from, to] of quotations) {
    own += text.slice(at, from) + blank.repeat(to - from)
    at = to
  }
  return own + text.slice(at)
}

function isQuotedOnly(own: string, quotation: TextRange, isNoticeOfWarning: boolean): boolean {
  const [before = '', behind = '', next = ''] = aroundInSentence(own, quotation).map(part =>
    part.replace(blanks, blank),
  )
  if (adopts.test(before)) return false
  if (isName.test(behind)) return true
  if (warns.test(before) || warns.test(behind) || mentions.test(before) || mentions.test(behind)) return true
  if (deniesNext.test(before) && !affirms.test(before.slice(before.search(deniesNext)))) return true
  return deniesLast.test(behind) || (behind.endsWith('?') && answersNo.test(next)) || isNoticeOfWarning
}

function isSpokenOf(own: string, range: TextRange, isNoticeOfWarning: boolean): boolean {
  const [before, behind] = aroundInSentence(own, range)
  const clause = before.slice(clauseStart(before))
  if (warnsOfNext.test(clause) || judges.test(behind)) return true
  return ascribes.test(before) && (isNoticeOfWarning || refutes.test(behind))
}

function isDenied(own: string, range: TextRange): boolean {
  const [before, behind, next] = aroundInSentence(own, range)
  const words = own.slice(range[0], range[1])
  const clause = before.slice(clauseStart(before))
  const here = clause.search(deniesHere)
  if (here >= 0 && !affirms.test(clause.slice(here) + words)) return true
  // A pattern's match may begin before what denies its last words; a denial that it begins with is part of what is claimed.
  const sentence = before + words + behind
  const last = before.length + words.length - 1
  const from = clauseStart(sentence.slice(0, last))
  for (const { index, 0: negation } of sentence.slice(from, last).matchAll(denies)) {
    const at = from + index
    if (at === before.length) continue
    const governed = sentence.slice(at + negation.length, at < before.length ? before.length : last)
    if (governed.length <= 12 && !resumes.test(governed) && !affirms.test(sentence.slice(at))) return true
  }
  if (asksOf.test(clause) && !answersYes.test(behind + next)) return true
  return deniesBehind.test(behind) || (behind.endsWith('?') && answersNo.test(next))
}

const sentenceEnd = /[。!?;\n]/
const clauseEnd = /[,:。!?;\s]/

/** What stands before the range in its sentence, behind it to the end of the sentence, and next. */
function aroundInSentence(own: string, [from, to]: TextRange): [string, string, string] {
  let start = from
  while (start > 0 && from - start < reach && !sentenceEnd.test(own[start - 1] ?? '')) start -= 1
  let end = to
  while (end < own.length && end - to < reach && !sentenceEnd.test(own[end - 1] ?? '')) end += 1
  return [own.slice(start, from), own.slice(to, end), own.slice(end, end + 30)]
}

function clauseStart(before: string): number {
  let start = before.length
  while (start > 0 && !clauseEnd.test(before[start - 1] ?? '')) start -= 1
  return start
}
