import type { PlatformInfo } from '../../../../shared/platforms.ts'

/** What both consoles call an app. */
export const miniProgram: PlatformInfo['account'] = {
  label: { zh: 'AppID', en: 'AppID' },
  help: {
    zh: '在平台后台的“开发设置”里。须是小程序或小游戏，公众号不能调用这些接口。',
    en: "In the development settings of the platform's console. It must be a mini program or mini game; official accounts may not call these APIs.",
  },
}
