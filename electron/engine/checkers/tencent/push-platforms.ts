/** The platforms whose verdicts on media come as pushes; those that the relay has an address for. */
export const pushPlatforms = ['wechat', 'qq'] as const
