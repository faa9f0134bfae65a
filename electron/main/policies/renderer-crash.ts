/** How often the window is reloaded by itself before it is left alone: a page that dies at once would loop for ever. */
const reloads = { count: 3, withinMs: 60_000 } as const

export function afterRendererGone(crashTimesMs: readonly number[], nowMs: number): 'reload' | 'give-up' {
  const recent = crashTimesMs.filter(time => nowMs - time < reloads.withinMs)
  return recent.length < reloads.count ? 'reload' : 'give-up'
}

/** So long a window may fail to answer before it is taken for hung and reloaded. */
export const unresponsiveMs = 20_000

export const rendererGoneText = {
  zh: '窗口意外停止，已重新载入。正在进行的批次不受影响，机审结论和人工结论都在。',
  en: 'The window stopped unexpectedly and was reloaded. Running batches were not affected; all verdicts and decisions are kept.',
} as const

export const rendererLostText = {
  zh: '窗口反复停止，无法恢复。机审结论和人工结论都在，请重新启动预审台。',
  en: 'The window keeps stopping and cannot be restored. All verdicts and decisions are kept; please start Prescreen again.',
} as const
