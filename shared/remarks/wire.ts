import type { RemarkTable } from './remark.ts'

/** Of calls, replies, pushes, tokens and the relay. */
export const wireRemarks = {
  // On the way to a platform, a broker or the relay; `name` is the system's code.
  not_http_address: {
    zh: ({ name }) => `不是 http(s) 地址：${name}`,
    en: ({ name }) => `not an http(s) address: ${name}`,
  },
  network_error: { zh: ({ name }) => `网络错误 ${name}`, en: ({ name }) => `network error ${name}` },
  broke_off: {
    zh: ({ name }) => `连接在回复到齐前断开（${name}）`,
    en: ({ name }) => `broke off before the reply was complete (${name})`,
  },
  no_answer_in_time: {
    zh: ({ limit }) => `${limit} 毫秒内没有回复`,
    en: ({ limit }) => `no answer within ${limit} ms`,
  },
  reply_too_long: {
    zh: ({ limit }) => `回复超过 ${limit} 字节`,
    en: ({ limit }) => `the reply is over ${limit} bytes`,
  },
  not_http: { zh: () => '收到的不是 HTTP', en: () => 'what came back is not HTTP' },
  compression_damaged: {
    zh: ({ name }) => `回复的压缩（${name}）无法解开`,
    en: ({ name }) => `the reply's compression (${name}) cannot be undone`,
  },
  cache_answered: {
    zh: () => 'HTTP 304，来自途中的缓存',
    en: () => 'HTTP 304, from a cache on the way',
  },
  // In a reply.
  empty_reply: { zh: () => '回复为空', en: () => 'the reply is empty' },
  not_json_object: { zh: () => '回复不是 JSON 对象', en: () => 'the reply is not a JSON object' },
  no_errcode: { zh: () => '没有 errcode', en: () => 'no errcode' },
  errcode_not_integer: { zh: () => 'errcode 不是一个整数', en: () => 'errcode is not one integer' },
  zero_without_field: {
    zh: ({ name }) => `errcode 为 0，却没有 ${name}`,
    en: ({ name }) => `errcode 0 without ${name}`,
  },
  zero_with_other_field: {
    zh: ({ name }) => `errcode 为 0，${name} 却另有说法`,
    en: ({ name }) => `errcode 0, but ${name} says otherwise`,
  },
  zero_added_by_sdk: {
    zh: () => '云函数收到的不是检查接口的回复，errcode 0 是 SDK 补上的',
    en: () => "what the cloud function got is no reply of the check; errcode 0 is the SDK's addition",
  },
  strategies_failed: {
    zh: ({ count }) => `结论为 pass，但全部 ${count} 项检查策略都出错`,
    en: ({ count }) => `the result is pass, but all its strategies failed (${count})`,
  },
  unreadable_field: { zh: ({ name }) => `${name} 无法识别`, en: ({ name }) => `${name} cannot be read` },
  missing_field: { zh: ({ name }) => `没有 ${name}`, en: ({ name }) => `no ${name}` },
  accepted_for_later: {
    zh: () => '同步检查被当作异步受理',
    en: () => 'a synchronous check was accepted for later',
  },
  // What is not sent.
  wrong_endpoint: {
    zh: ({ name }) => `${name} 不接受这种内容`,
    en: ({ name }) => `${name} does not take this kind of part`,
  },
  empty_part: { zh: () => '内容为空', en: () => 'it is empty' },
  bytes_over: {
    zh: ({ count, limit }) => `${count} 字节，上限 ${limit}`,
    en: ({ count, limit }) => `${count} of at most ${limit} bytes`,
  },
  units_over: {
    zh: ({ count, limit }) => `${count} 个字符单位，上限 ${limit}`,
    en: ({ count, limit }) => `${count} of at most ${limit} UTF-16 units`,
  },
  openids_refused: {
    zh: ({ count }) => `全部 ${count} 个 OpenID 都被拒绝`,
    en: ({ count }) => (count === 1 ? 'the only openid was refused' : `all ${count} openids were refused`),
  },
  // Tokens.
  no_such_token_mode: {
    zh: ({ name }) => `平台没有这种取令牌的方式：${name}`,
    en: ({ name }) => `the platform has no ${name} tokens`,
  },
  no_static_token: { zh: () => '没有 cloudbase_access_token', en: () => 'no cloudbase_access_token' },
  static_token_refused: {
    zh: () => '平台不接受这个 cloudbase_access_token',
    en: () => 'the cloudbase_access_token was refused',
  },
  refused_after_reread: {
    zh: () => '重新取得后仍不接受',
    en: () => 'refused also after it was read again',
  },
  // Counts.
  used_today: { zh: ({ count }) => `今日已用 ${count}`, en: ({ count }) => `${count} used today` },
  used_of_day: {
    zh: ({ count, limit }) => `今日已用 ${count}，上限 ${limit}`,
    en: ({ count, limit }) => `${count} of ${limit} used today`,
  },
  used_says_platform: {
    zh: ({ count, limit }) => `平台记录：今日已用 ${count}，上限 ${limit}`,
    en: ({ count, limit }) => `${count} of ${limit} used today, as the platform says`,
  },
  // The relay.
  relay_said: { zh: ({ name }) => `中继回复 ${name}`, en: ({ name }) => `the relay says ${name}` },
  relay_other_form: {
    zh: () => '回复的格式不是中继的',
    en: () => "the answer does not have a relay's form",
  },
  relay_out_of_order: { zh: () => '事件的次序不对', en: () => 'events are out of order' },
  other_media_type: {
    zh: ({ name }) => `文件的实际类型是 ${name}`,
    en: ({ name }) => `the file is really ${name}`,
  },
  // Pushes.
  push_without_verdict: {
    zh: () => '推送里没有 result 和 isrisky',
    en: () => 'the push has neither result nor isrisky',
  },
} as const satisfies RemarkTable
