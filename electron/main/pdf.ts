import { randomUUID } from 'node:crypto'
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { app, BrowserWindow } from 'electron'
import { Problem } from '../../shared/problems.ts'
import { reportUrl } from './policies/address.ts'
import { errorCode } from './settings-store.ts'

export interface PdfMaker {
  /** HTML file behind a report's address while it is being printed. */
  reportFile(id: string): string | undefined
  makePdf<Result>(target: string, signal: AbortSignal, write: (htmlFile: string) => Promise<Result>): Promise<Result>
}

/** Prints the engine's HTML report in a hidden window that runs no script. */
export function createPdfMaker(): PdfMaker {
  const reports = new Map<string, string>()
  return {
    reportFile: id => reports.get(id),
    async makePdf(target, signal, write) {
      const folder = await mkdtemp(join(app.getPath('temp'), 'prescreen-'))
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
    window.destroy()
  }
}

/** A partial file never bears the final name. */
async function place(target: string, bytes: Uint8Array): Promise<void> {
  const partial = `${target}.${randomUUID()}.partial`
  try {
    await writeFile(partial, bytes)
    await rename(partial, target)
  } catch (error) {
    await rm(partial, { force: true })
    const code = errorCode(error)
    if (code === 'ENOSPC' || code === 'EDQUOT') throw new Problem('disk_full', code, { cause: error })
    // Windows answers so when Acrobat or a preview pane holds the file.
    if (code === 'EBUSY' || code === 'EPERM') throw new Problem('file_in_use', target, { cause: error })
    throw new Problem('write_failed', code ?? '', { cause: error })
  }
}
