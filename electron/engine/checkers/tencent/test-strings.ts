/**
 * What both platforms' pages on msgSecCheck give under 测试用例: "开发者可使用以上两段文本进行测试，若接口errcode返回87014…则对接成功"
 * (WeChat v1 and QQ; spec §2.1, §4). WeChat's v2 lets them pass, as its staff say.
 */
export const documentedTestStrings = [
  '特3456书yuuo莞6543李zxcz蒜7782法fgnv级',
  '完2347全dfji试3726测asad感3847知qwez到',
] as const
