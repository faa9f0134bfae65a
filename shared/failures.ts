/**
 * Every reason for which an asset can be `unchecked`, with the sentence a person reads: what happened and what to do next.
 * A failure is never a verdict; there is no way to turn one into `pass`.
 */

/** What the client does about a failure (spec §6.1). */
export const failureClasses = ['TOKEN', 'RETRY', 'MINUTE', 'DAY', 'CONFIG', 'WAIT_H', 'INPUT', 'BUG'] as const
export type FailureClass = (typeof failureClasses)[number]

interface FailureText {
  /** What happened, and what to do next. */
  readonly zh: string
  readonly en: string
}

const texts = {
  // The account and its credentials.
  secret_missing: {
    zh: '没有 AppSecret。请在档案里填写（命令行用 --secret-env 指定存放它的环境变量），再试。',
    en: 'There is no AppSecret. Enter it in the profile (on the command line, name the environment variable that holds it with --secret-env) and try again.',
  },
  secret_rejected: {
    zh: '平台不接受这个 AppSecret。请到平台后台核对（注意不要带空格），更新档案后再试。',
    en: "The platform refuses this AppSecret. Check it against the platform's console (watch for stray spaces), update the profile and try again.",
  },
  secret_frozen: {
    zh: 'AppSecret 已在平台后台被冻结。请管理员在后台解冻后再试。',
    en: "The AppSecret is frozen in the platform's console. Ask an administrator to unfreeze it, then try again.",
  },
  appid_rejected: {
    zh: '平台不接受这个 AppID。请核对档案中的 AppID 与平台是否对应，改正后再试。',
    en: 'The platform refuses this AppID. Check the AppID in the profile and that it belongs to this platform, then try again.',
  },
  ip_not_allowed: {
    zh: '本机的出口 IP 不在白名单。请把详情里的 IP 加到平台后台的“API IP 白名单”，几分钟后再试。',
    en: 'This computer\'s public IP is not on the allow-list. Add the IP in the details to the "API IP allowlist" in the platform\'s console and try again a few minutes later.',
  },
  admin_confirmation: {
    zh: '平台要求管理员确认这个 IP。请管理员在微信里点击确认，再重试。',
    en: 'The platform wants an administrator to confirm this IP. Ask the administrator to confirm in WeChat, then try again.',
  },
  admin_refused: {
    zh: '管理员拒绝了这个 IP 的调用，平台会暂停一段时间。请与管理员沟通后再试。',
    en: 'An administrator refused calls from this IP, and the platform blocks them for a while. Settle it with the administrator, then try again.',
  },
  token_rejected: {
    zh: '平台不接受访问令牌，重新取得后仍然如此。请检查是否有别的程序在刷新同一个 AppID 的令牌，然后再试。',
    en: 'The platform refuses the access token, even after it was read again. Check whether another program refreshes the token of this AppID, then try again.',
  },
  token_superseded: {
    zh: '平台不接受访问令牌：它还没到期就失效了，多半是另一台机器或程序取了新的普通令牌（每取一次，前一个就作废）。请让各处改用稳定版令牌或同一个中控服务，然后再试。',
    en: 'The platform refuses the access token before its time: most likely another machine or program fetched a classic token, and each one ends the one before. Have all of them use the stable token or one token broker, then try again.',
  },
  token_quota: {
    zh: '今天取访问令牌的次数已用完（检查的额度另计）。请检查是否有别的程序在不停地取这个 AppID 的令牌，或改用稳定版令牌；额度恢复后继续该批次。',
    en: "Today's quota for fetching access tokens is used up; that of the checks is another one. See whether some program keeps fetching tokens of this AppID, or use the stable token, and resume the batch when the quota is back.",
  },
  broker_unavailable: {
    zh: '暂时从中控服务取不到令牌：连不上、没有及时回复或正忙。请检查网络和档案里的中控服务地址，或联系它的管理员，然后继续该批次。',
    en: 'No token can be had from the token broker at present: it cannot be reached, is late or busy. Check the network and its address in the profile, or ask its administrator, then resume the batch.',
  },
  broker_refused: {
    zh: '中控服务拒绝了请求，没有给出令牌。请核对档案里的中控服务地址和口令，或联系它的管理员，然后再试。',
    en: 'The token broker refused and gave no token. Check its address and password in the profile, or ask its administrator, then try again.',
  },
  broker_malformed: {
    zh: '中控服务的回复不是约定的格式：{"access_token": "…", "expires_in": 剩余秒数}。请让它的管理员按 docs/protocol.md 更正，然后再试。',
    en: 'The reply of the token broker is not of the agreed form: {"access_token": "…", "expires_in": remaining seconds}. Ask its administrator to follow docs/protocol.md, then try again.',
  },
  cloud_permission: {
    zh: '云函数没有调用这个接口的权限。请连同它的 config.json 一起重新部署，约 10 分钟后再试。',
    en: 'The cloud function has no permission to call this API. Deploy it again with its config.json, and try again about 10 minutes later.',
  },
  cloud_function: {
    zh: '云环境或云函数不对，或云函数运行出错。请核对档案里的云环境 ID 和函数名，按说明重新部署 prescreen-check，然后再试。',
    en: 'The cloud environment or the function is wrong, or the function failed. Check the id of the environment and the name of the function in the profile, deploy prescreen-check again as its page says, then try again.',
  },
  account_restricted: {
    zh: '平台限制或冻结了这个账号的接口。请在平台后台查看通知，解除后再试。',
    en: "The platform has restricted or frozen this account's APIs. Look for its notice in the platform's console, and try again once they are released.",
  },
  api_not_authorised: {
    zh: '这个账号没有该接口的权限（例如公众号不能调用）。请换用小程序的 AppID，或在平台后台开通。',
    en: "This account may not call this API (an official account cannot, for example). Use the AppID of a mini program, or have the API enabled in the platform's console.",
  },
  // Limits.
  rate_minute: {
    zh: '调用太频繁，平台要求等到下一分钟；等过几次仍然如此。请稍后继续该批次，或降低档案的份额。',
    en: "Calls were too frequent for the platform, even after waiting a few times. Resume the batch later, or lower the profile's share.",
  },
  quota_day: {
    zh: '今日额度已用完，剩余素材未检。额度恢复后继续该批次即可。',
    en: "Today's quota is used up, and the remaining assets are not checked. Resume the batch when the quota is back.",
  },
  // The request.
  openid_missing: {
    zh: '这个检查需要一个近两小时内打开过小程序的用户的 OpenID。请在档案里添加。',
    en: 'This check needs the OpenID of a user who opened the mini program within the last two hours. Add one to the profile.',
  },
  openid_inactive: {
    zh: 'OpenID 对应的用户两小时内没有打开过小程序。请让该用户打开小程序后重试，或改用不需要 OpenID 的检查。',
    en: 'The user with this OpenID has not opened the mini program within two hours. Have them open it and try again, or use the check that needs no OpenID.',
  },
  openid_foreign: {
    zh: 'OpenID 不属于这个 AppID。请检查档案里的 OpenID，改正后再试。',
    en: 'The OpenID does not belong to this AppID. Correct the OpenIDs in the profile and try again.',
  },
  openid_invalid: {
    zh: 'OpenID 无效。请检查档案里的 OpenID，改正后再试。',
    en: 'The OpenID is invalid. Correct the OpenIDs in the profile and try again.',
  },
  media_format_refused: {
    zh: '平台不接受这个图片格式。请另存为 JPEG 或 PNG 后重试。',
    en: 'The platform does not accept this image format. Save it as JPEG or PNG and try again.',
  },
  media_size_refused: {
    zh: '平台认为文件太大，缩小后仍被拒绝。请先压缩图片再试。',
    en: 'The platform says the file is too large, even after shrinking. Compress the image and try again.',
  },
  content_too_long: {
    zh: '平台认为文本太长。请拆分后重试。',
    en: 'The platform says the text is too long. Split it and try again.',
  },
  content_too_complex: {
    zh: '平台检查该内容超时。请稍后重试，或拆成更小的内容。',
    en: 'The platform timed out on this content. Try again later, or with smaller content.',
  },
  duplicate_submission: {
    zh: '同一内容提交得太频繁。请稍后重试。',
    en: 'The same content was submitted too often. Try again later.',
  },
  request_malformed: {
    zh: '平台说请求有误。这是本程序的问题，请把详情反馈给我们；该素材未检。',
    en: 'The platform says the request is malformed. This is a fault of this program: please report the details. The asset is not checked.',
  },
  // The reply, and the way to it.
  platform_busy: {
    zh: '平台繁忙，重试几次仍未成功。请稍后继续该批次。',
    en: 'The platform is busy, even after several tries. Resume the batch later.',
  },
  timeout: {
    zh: '平台没有及时回复，重试几次仍未成功。请检查网络后继续该批次。',
    en: 'The platform did not answer in time, even after several tries. Check the network and resume the batch.',
  },
  no_network: {
    zh: '网络到不了平台：找不到服务器，或建立不了连接。请检查网络、代理和档案里的服务器地址，然后继续该批次。',
    en: 'The network does not reach the platform: its server was not found, or no connection could be made. Check the network, the proxy and the server address in the profile, then resume the batch.',
  },
  unreachable: {
    zh: '连不上平台的服务器，或连接在回复到齐前断开，没有得到结论。请检查网络、代理和档案里的服务器地址，然后继续该批次。',
    en: "The platform's server cannot be reached, or the connection broke off before the reply was complete, so there is no verdict. Check the network, the proxy and the server address in the profile, then resume the batch.",
  },
  certificate_untrusted: {
    zh: '这台电脑不信任服务器的证书，因此没有连接，什么也没有发出。请先核对电脑的日期和档案里的服务器地址；如果公司的网关或安全软件会检查加密流量，请 IT 把它的根证书装进系统的证书库，再重启本程序；自己的中继或中控请换用公开机构签发的证书。',
    en: "This computer does not trust the server's certificate, so no connection was made and nothing was sent. Check the computer's date and the server address in the profile. Where a company's gateway or security software inspects encrypted traffic, have IT install its root certificate in the system's certificate store and restart the program; give a relay or broker of your own a certificate of a public authority.",
  },
  http_error: {
    zh: '收到的是 HTTP 错误，没有结论，多半来自途中的代理、网关或缓存。请检查代理和档案里的服务器地址，稍后继续该批次。',
    en: 'The answer was an HTTP error without a verdict, most likely from a proxy, gateway or cache on the way. Check the proxy and the server address in the profile, then resume the batch later.',
  },
  redirect_refused: {
    zh: '服务器要求跳转到别的地址，已拒绝以保护令牌。请检查档案里的服务器地址，改正后继续该批次。',
    en: 'The server redirects elsewhere, which was refused to protect the token. Correct the server address in the profile, then resume the batch.',
  },
  malformed_reply: {
    zh: '平台的回复不完整或无法识别，不能当作通过。请稍后重试；如反复出现，请把详情反馈给我们。',
    en: 'The reply is incomplete or cannot be understood, and is never taken for a pass. Try again later; if it keeps happening, report the details.',
  },
  unknown_code: {
    zh: '平台返回了未知的错误码，不能当作通过。请按详情中的代码查阅平台文档，稍后再试。',
    en: "The platform answered with an unknown code, which is never taken for a pass. Look up the code in the details in the platform's documentation, and try again later.",
  },
  push_overdue: {
    zh: '平台的推送没有在期限内到达。请检查消息推送的设置，再重新提交。',
    en: "The platform's push did not arrive in time. Check the message-push settings, then submit again.",
  },
  push_download_failed: {
    zh: '平台下载不到这个媒体地址。请确认该地址可以公开访问，再重新提交。',
    en: 'The platform could not download this media address. Make sure it can be reached publicly, then submit again.',
  },
  needs_relay: {
    zh: '这种素材只能异步检查，需要公开地址和中继。请在档案里设置中继。',
    en: 'This kind of asset can only be checked asynchronously, which takes a public address and a relay. Set up a relay in the profile.',
  },
  relay_unreachable: {
    zh: '连不上中继，素材因此没有公开地址。请检查网络和档案里的中继地址，然后再试。',
    en: 'The relay cannot be reached, so there is no public address for media. Check the network and the address of the relay in the profile, then try again.',
  },
  relay_busy: {
    zh: '中继暂时不接收，重试几次仍未成功。请稍后再试；如反复出现，请看中继的日志。',
    en: "The relay accepts nothing at present, even after several tries. Try again later; if it keeps happening, see the relay's log.",
  },
  relay_full: {
    zh: '中继放媒体的空间已满。请管理员清理，或调大它的 media.quotaMb，然后再试。',
    en: 'The relay has no room left for media. Ask its administrator to make room or to raise its media.quotaMb, then try again.',
  },
  relay_key_refused: {
    zh: '中继不接受这个密钥。请向管理员核对，在档案里更新，然后再试。',
    en: 'The relay refuses the key. Ask its administrator for the right one, update the profile and try again.',
  },
  relay_app_unknown: {
    zh: '中继的设置里没有这个 AppID，推送到不了。请管理员把它加到中继的 apps，然后再试。',
    en: 'The relay is not set up for this AppID, so no push would arrive. Have its administrator add it to the apps of the relay, then try again.',
  },
  relay_not_one: {
    zh: '档案里的中继地址没有中继应答，或版本不兼容。请核对地址，或更新中继，然后再试。',
    en: 'No relay answers at the relay address of the profile, or one of another version. Check the address or update the relay, then try again.',
  },
  relay_expired: {
    zh: '中继给出的地址马上就过期，平台来不及下载。请核对本机和中继的时钟，然后再试。',
    en: "The relay's addresses expire before the platform can download from them. Compare the clocks of this computer and of the relay, then try again.",
  },
  // The asset.
  column_not_chosen: {
    zh: '这是表格，还没有选择要检查的列。请填写列名或字母（命令行用 --text-column 或 --url-column）；详情里列出了它的列。',
    en: 'This is a table, and no column of it was chosen. Enter the name or letter of one (on the command line, --text-column or --url-column); the details list them.',
  },
  column_unknown: {
    zh: '表格里没有所选的列。请改填列名或字母（命令行用 --text-column 或 --url-column）；详情里列出了它的列。',
    en: 'The table has no such column. Correct the name or letter (on the command line, --text-column or --url-column); the details list its columns.',
  },
  column_ambiguous: {
    zh: '表格里有几列同名。请改填列的字母（命令行用 --text-column 或 --url-column）；详情里列出了它的列。',
    en: 'Several columns of the table have this name. Enter the letter of the column instead (on the command line, --text-column or --url-column); the details list them.',
  },
  left_out: {
    zh: '素材里有读不出来的部分，没有送检，因此不能算通过。请另行核对这些部分，或导出为图片、文本后再检。',
    en: 'Parts of this asset cannot be read and were not sent, so it cannot pass. Look at them yourself, or export them as an image or a text and screen that.',
  },
  unsupported_type: {
    zh: '不支持这种文件。请转换为图片或文本后重新添加。',
    en: 'This kind of file is not supported. Convert it to an image or a text file and add that.',
  },
  unreadable_file: {
    zh: '读不了这个文件或文件夹。请检查它是否还在、您是否有权限读取。',
    en: 'This file or folder cannot be read. Check that it is still there and that you may read it.',
  },
  changed_file: {
    zh: '文件在检查过程中被改动。请重新检查。',
    en: 'The file changed while it was being screened. Screen it again.',
  },
  unreadable_image: {
    zh: '图片损坏或无法解码。请重新导出后再添加。',
    en: 'The image is damaged or cannot be decoded. Export it again and add that.',
  },
  undecodable_text: {
    zh: '文本的编码不能确定，强行解码会漏检。请另存为 UTF-8 后重试。',
    en: 'The encoding of this text is not certain, and a guess could hide what it says. Save it as UTF-8 and try again.',
  },
  damaged_document: {
    zh: '文档损坏或不完整，强行读取会漏检。请用 Office 或 WPS 打开核对，另存后重试。',
    en: 'The document is damaged or incomplete, and reading what is left of it could hide the rest. Open it in its own program, save it again and try once more.',
  },
  empty: {
    zh: '没有可检查的内容。如果本应有内容，请检查文件后重新添加。',
    en: 'There is nothing in it to check. If there should be, look at the file and add it again.',
  },
  too_large: {
    zh: '文件超过上限。请缩小或拆分后重新添加。',
    en: 'The file is over the limit. Shrink or split it and add it again.',
  },
  symlink_loop: {
    zh: '符号链接指回上级文件夹，已略过。要检查那个文件夹，请直接添加它。',
    en: 'The symbolic link leads back to a folder above it and was skipped. To screen that folder, add it directly.',
  },
  url_refused: {
    zh: '没有下载这个地址。请填写不带用户名和密码的 http(s) 地址；内网地址请先下载，再添加文件，或在命令行加上 --allow-private-urls。',
    en: 'This address was not downloaded. Give an http(s) address without a user name or password; from a private network, download the file yourself and add it, or use --allow-private-urls on the command line.',
  },
  url_failed: {
    zh: '下载不到这个地址。请检查链接和网络，再试。',
    en: 'This address could not be downloaded. Check the link and the network, then try again.',
  },
  preparation_failed: {
    zh: '处理这个素材的子进程崩溃或超时。素材可能有问题，请重新导出。',
    en: 'The process that prepares this asset crashed or timed out. The asset may be at fault: export it again.',
  },
  // The run.
  cancelled: {
    zh: '批次已停止，该素材未检。需要结论时请重新检查。',
    en: 'The batch was stopped before this asset was checked. Check it again to get a verdict.',
  },
  interrupted: {
    zh: '批次中断，该素材尚未检完。继续该批次即可。',
    en: 'The batch was interrupted before this asset was done. Resume the batch.',
  },
  calls_over_limit: {
    zh: '要检完这个素材，需要的调用超过上限。它在等人同意：请允许并继续（命令行继续批次时给出更大的 --max-calls-per-asset 或 --max-calls-per-batch），或拆分文件。',
    en: 'Screening all of this asset takes more calls than are allowed, and waits for a yes: allow them and go on (on the command line: resume with a larger --max-calls-per-asset or --max-calls-per-batch), or split the file.',
  },
  internal_error: {
    zh: '程序内部错误，该素材未检。请把详情反馈给我们。',
    en: 'An internal error: the asset is not checked. Please report the details.',
  },
  // The source of verdicts.
  kind_not_taken: {
    zh: '该档案不能检查这种素材。请换用能检查它的档案。',
    en: 'This profile cannot check this kind of asset. Use one that can.',
  },
  no_platform_verdict: {
    zh: '只用本机规则检查过，没有命中；平台没有检查。需要平台的结论时，请用平台的档案检查。',
    en: "Checked by rules on this computer only, without a hit; no platform has checked it. Screen it with a platform's profile to get a verdict.",
  },
} as const satisfies Record<string, FailureText>

export type FailureCode = keyof typeof texts

export const failureCodes = Object.keys(texts) as FailureCode[]

export function failureText(code: FailureCode, language: 'zh' | 'en'): string {
  return texts[code][language]
}

export function isFailureCode(value: string): value is FailureCode {
  return Object.hasOwn(texts, value)
}
