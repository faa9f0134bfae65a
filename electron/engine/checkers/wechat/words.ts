import type { PlatformLinks, ProfileField } from '../../../../shared/platforms.ts'
import type { Said } from '../../../../shared/problems.ts'

export const wechatLinks: PlatformLinks = {
  docs: 'https://developers.weixin.qq.com/miniprogram/dev/',
  docsName: { zh: '微信开放文档', en: 'WeChat documentation' },
  console: 'https://mp.weixin.qq.com/',
}

/** What a WeChat profile holds beyond what every profile does. */
export const wechatFields: readonly ProfileField[] = [
  {
    kind: 'lines',
    id: 'openids',
    section: 'checks',
    label: { zh: 'OpenID（每行一个）', en: 'OpenIDs (one per line)' },
    help: {
      zh: '微信的新版文本检查要求一个近两小时内打开过该小程序的用户。请让同事打开小程序，再把他的 OpenID 填在这里；超过两小时需要再打开一次。留空则使用旧版文本检查，不返回标签和命中词。OpenID 以明文存于本机的设置和批次记录中，不会写进日志、证据和报告。',
      en: "WeChat's current text check needs a user who opened the mini program within the last two hours. Ask a colleague to open it and enter their OpenID here; after two hours it has to be opened again. Without one, the older text check is used, which returns no labels and no matched words. OpenIDs are kept in clear in the settings and batches on this computer; logs, evidence and reports leave them out.",
    },
    counted: { zh: '共 {{count}} 个', en: '{{count}} in all' },
  },
  {
    kind: 'choice',
    id: 'scene',
    section: 'checks',
    label: { zh: '文本场景', en: 'Scene of the texts' },
    help: {
      zh: '同一段文字在不同场景下结论可能不同，请选择实际使用的场景。',
      en: 'The same text can get different verdicts in different scenes; choose the one it is really used in.',
    },
    options: [
      { value: 1, label: { zh: '资料（昵称、签名等）', en: 'Profile (nickname, signature)' } },
      { value: 2, label: { zh: '评论', en: 'Comment' } },
      { value: 3, label: { zh: '论坛', en: 'Forum' } },
      { value: 4, label: { zh: '社交日志', en: 'Social log' } },
    ],
  },
  {
    kind: 'line',
    id: 'controlKeyword',
    section: 'control',
    label: { zh: '对照关键词', en: 'Control keyword' },
    help: {
      zh: '用于 2.0 文本检查。先在平台后台添加一个自定义关键词，再填在这里；以明文存在本机。',
      en: "For the version 2 text check. Add a custom keyword in the platform's console, then enter it here; it is kept in clear on this computer.",
    },
    isRequired: false,
    placeholder: null,
    pattern: null,
    wrong: null,
  },
  {
    kind: 'switch',
    id: 'cloud',
    section: { zh: '云函数', en: 'Cloud function' },
    label: { zh: '经由云函数调用', en: 'Call through a cloud function' },
    help: {
      zh: '在小程序的云环境里部署随附的云函数，由它调用检查接口。',
      en: "Deploy the supplied function to the mini program's cloud environment; it then makes the calls.",
    },
    fields: [
      {
        kind: 'line',
        id: 'cloudEnv',
        section: 'access',
        label: { zh: '云环境 ID', en: 'ID of the cloud environment' },
        help: null,
        isRequired: true,
        placeholder: null,
        pattern: null,
        wrong: null,
      },
      {
        kind: 'line',
        id: 'cloudFunction',
        section: 'access',
        label: { zh: '云函数名', en: 'Name of the function' },
        help: null,
        isRequired: true,
        placeholder: null,
        pattern: null,
        wrong: null,
      },
    ],
  },
]

/** Told by the test of a profile. */
export const withoutUser: Said = {
  zh: '没有 OpenID：文本走 1.0 接口（2021 年起不再更新）。填入近两小时内打开过小程序的用户的 OpenID，即可使用 2.0。',
  en: 'No OpenID: text goes through version 1.0, not updated since 2021. Add the OpenID of a user who opened the mini program within two hours to use 2.0.',
}
