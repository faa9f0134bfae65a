import { afterEach, expect, test, vi } from 'vitest'
import {
  formatClock,
  formatDay,
  formatMoment,
  formatNumber,
  formatPercent,
  formatTime,
  i18n,
} from '../../../../renderer/base/i18n/index.ts'

afterEach(() => vi.restoreAllMocks())

test('a thousand times and numbers are written with formats that are made once for each language', async () => {
  const dates = vi.spyOn(Intl, 'DateTimeFormat')
  const numbers = vi.spyOn(Intl, 'NumberFormat')
  const written = new Set<string>()
  for (const language of ['zh', 'en', 'zh']) {
    await i18n.changeLanguage(language)
    for (let at = 0; at < 1000; at += 1) {
      const said = [formatTime(at), formatDay(at), formatClock(at), formatNumber(12_345), formatPercent(0.61)]
      written.add(said.slice(3).join(' '))
    }
    // In the language of the moment all the same.
    expect(formatDay(Date.UTC(2026, 10, 21, 12))).toBe(language === 'zh' ? '2026年11月21日' : '21 Nov 2026')
  }
  expect(written).toContain('12,345 61%')
  expect(dates.mock.calls.length).toBeLessThanOrEqual(6)
  expect(numbers.mock.calls.length).toBeLessThanOrEqual(4)
})

test('a time of another day has its date, in a plan of days as in a wait until tomorrow', async () => {
  const now = new Date(2026, 10, 21, 15, 4).getTime()
  const tomorrow = new Date(2026, 10, 22, 0, 5).getTime()
  await i18n.changeLanguage('en')
  expect(formatMoment(now + 60_000, now)).toBe('15:05')
  expect(formatMoment(tomorrow, now)).toBe('22 Nov, 00:05')
  await i18n.changeLanguage('zh')
  expect(formatMoment(tomorrow, now)).toBe('11月22日 00:05')
})
