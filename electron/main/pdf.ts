import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { BrowserWindow } from 'electron'
import { Problem } from '../../shared/problems.ts'
import { writeFileAtomically } from '../engine/base/atomic-file.ts'
import { log } from './log.ts'
import { reportUrl } from './policies/address.ts'
import { errorCode } from './settings-store.ts'

export interface PdfMaker {
  /** HTML file behind a report's address while it is being printed. */
  reportFile(id: string): string | undefined
  makePdf<Result>(target: string, signal: AbortSignal, write: (htmlFile: string) => Promise<Result>): Promise<Result>
  /** Removes reports that were being printed: after the program was killed, and before it ends. */
  removeUnfinished(): void
}

/**
 * Prints the engine's HTML report in a hidden window that runs no script. The report may show pictures clearly, so it lies
 * in our own folder, which the next start empties, and not among everybody's temporary files.
 */
export function createPdfMaker(dataDir: string): PdfMaker {
  const printing = join(dataDir, 'printing')
  const reports = new Map<string, string>()
  return {
    reportFile: id => reports.get(id),
    async makePdf(target, signal, write) {
      await mkdir(printing, { recursive: true, mode: 0o700 })
      const folder = await mkdtemp(join(printing, 'report-'))
      const id = randomUUID()
      try {
        const htmlFile = join(folder, 'report.html')
        const result = await write(htmlFile)
        reports.set(id, htmlFile)
        await place(target, await print(reportUrl(id), signal))
        return result
      } finally {
        reports.delete(id)
        await rm(folder, { recursive: true, force: true })
      }
    },
    removeUnfinished() {
      try {
        rmSync(printing, { recursive: true, force: true })
      } catch (error) {
        // The next start tries again.
        log('unfinished report not removed', { error: String(error) })
      }
    },
  }
}

async function print(url: string, signal: AbortSignal): Promise<Uint8Array> {
  const window = new BrowserWindow({ show: false, webPreferences: { javascript: false, spellcheck: false } })
  const cancelled = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Problem('cancelled')), { once: true })
  })
  try {
    if (signal.aborted) throw new Problem('cancelled')
    await Promise.race([window.loadURL(url), cancelled])
    const printing = window.webContents.printToPDF({ pageSize: 'A4', printBackground: true })
    return await Promise.race([printing, cancelled])
  } finally {
    // The end of the program closes every window.
    if (!window.isDestroyed()) window.destroy()
  }
}

async function place(target: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeFileAtomically(target, bytes)
  } catch (error) {
    const code = errorCode(error)
    if (code === 'ENOSPC' || code === 'EDQUOT') throw new Problem('disk_full', code, { cause: error })
    // Windows answers so when Acrobat or a preview pane holds the file.
    if (code === 'EBUSY' || code === 'EPERM') throw new Problem('file_in_use', target, { cause: error })
    throw new Problem('write_failed', code ?? '', { cause: error })
  }
}
