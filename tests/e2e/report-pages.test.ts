import { chromium } from 'playwright'
import { expect, test } from 'vitest'
import { htmlReport } from '../../electron/engine/reports/html.ts'
import { stepHangMs } from '../hang.ts'
import { busyReport } from './support/busy-report.ts'

/** Of A4 at the margins that the report asks for, in CSS pixels. */
const page = { width: Math.round(((210 - 22) / 25.4) * 96), height: ((297 - 27) / 25.4) * 96 }

test('a printed report of 119 assets says all that counts on page one, and has twenty pages at most', async () => {
  const browser = await chromium.connectOverCDP(process.env.PRESCREEN_STANDIN_BROWSER ?? '', { timeout: stepHangMs })
  const context = await browser.newContext({ viewport: { width: page.width, height: 900 } })
  try {
    const printed = await context.newPage()
    // Paper has no scroll bar that takes width from what is printed.
    await (await context.newCDPSession(printed)).send('Emulation.setScrollbarsHidden', { hidden: true })
    for (const language of ['zh', 'en'] as const) {
      let html = ''
      for await (const piece of htmlReport(await busyReport(language))) html += piece
      await printed.unrouteAll()
      await printed.route('http://report.test/', route => route.fulfill({ contentType: 'text/html', body: html }))
      await printed.goto('http://report.test/')
      const pdf = await printed.pdf({ format: 'A4', printBackground: true })
      const pages = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0
      expect(pages).toBeGreaterThan(10)
      expect(pages).toBeLessThanOrEqual(20)
      await printed.emulateMedia({ media: 'print' })
      expect((await printed.locator('.cover').boundingBox())?.height).toBeLessThan(page.height)
      expect(await printed.locator('.cover').locator('.counts, .not-checked, .contacts, .signatures').count()).toBe(4)
      await printed.emulateMedia({ media: null })
    }
  } finally {
    await context.close()
    await browser.close()
  }
})
