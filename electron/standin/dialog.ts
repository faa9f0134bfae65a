import { existsSync } from 'node:fs'
import { basename, dirname, extname, join, parse } from 'node:path'
import type { OpenDialogOptions, OpenDialogReturnValue, SaveDialogOptions, SaveDialogReturnValue } from 'electron'
import type { Page } from 'playwright'
import { firstPage } from './browser-window.ts'
import { isControlled, onCommand, report } from './control.ts'
import { onlyAfterReady } from './lifecycle.ts'
import { strict } from './strict.ts'

const answers: Record<'open' | 'save', (string[] | null)[]> = { open: [], save: [] }
onCommand('answer', ({ dialog: kind, paths }) => answers[kind].push(paths))

/** Dialogs of the system, answered by a test, or as far as a browser has them. */
export const dialog = strict('dialog', {
  async showOpenDialog(_window: unknown, options: OpenDialogOptions): Promise<OpenDialogReturnValue> {
    onlyAfterReady('dialog.showOpenDialog')
    report({ kind: 'dialog', dialog: 'open', options })
    const page = firstPage()
    const filePaths = isControlled ? (answers.open.shift() ?? []) : page === null ? [] : await pick(page, options)
    return { canceled: filePaths.length === 0, filePaths }
  },
  /** A browser saves nowhere but among the downloads, and asks nobody: the name offered is taken, made unique. */
  async showSaveDialog(_window: unknown, options: SaveDialogOptions): Promise<SaveDialogReturnValue> {
    onlyAfterReady('dialog.showSaveDialog')
    report({ kind: 'dialog', dialog: 'save', options })
    const filePath = isControlled ? (answers.save.shift()?.[0] ?? '') : unusedName(options.defaultPath ?? 'export')
    return { canceled: filePath === '', filePath }
  },
  showErrorBox(title: string, content: string): void {
    report({ kind: 'error-box', title, content })
    process.stderr.write(`${title}\n${content}\n`)
  },
})

/** The browser's own file chooser; what was chosen is looked up by the DevTools protocol. */
async function pick(page: Page, { properties = [] }: OpenDialogOptions): Promise<string[]> {
  const session = await page.context().newCDPSession(page)
  const isFolder = properties.includes('openDirectory')
  try {
    const { result } = await session.send('Runtime.evaluate', {
      expression: `new Promise(resolve => {
        const input = document.createElement('input')
        input.type = 'file'
        input.multiple = ${properties.includes('multiSelections')}
        input.webkitdirectory = ${isFolder}
        input.addEventListener('change', () => resolve(Array.from(input.files)))
        input.addEventListener('cancel', () => resolve([]))
        input.click()
      })`,
      awaitPromise: true,
      userGesture: true,
    })
    if (result.objectId === undefined) return []
    const listed = await session.send('Runtime.getProperties', { objectId: result.objectId, ownProperties: true })
    const chosen = new Set<string>()
    for (const { name, value } of listed.result) {
      if (!/^\d+$/.test(name) || value?.objectId === undefined) continue
      const { path } = await session.send('DOM.getFileInfo', { objectId: value.objectId })
      if (!isFolder) {
        chosen.add(path)
        continue
      }
      // The chooser lists the files inside; one is enough to find the folder above them.
      const relative = await session.send('Runtime.callFunctionOn', {
        objectId: value.objectId,
        functionDeclaration: 'function () { return this.webkitRelativePath }',
        returnByValue: true,
      })
      const depth = String(relative.result.value).split('/').length - 1
      chosen.add(Array.from({ length: depth }).reduce<string>(folder => dirname(folder), path))
      break
    }
    return [...chosen]
  } finally {
    await session.detach().catch(() => undefined)
  }
}

function unusedName(wanted: string): string {
  if (!existsSync(wanted)) return wanted
  const { dir, name } = parse(wanted)
  for (let number = 2; ; number += 1) {
    const candidate = join(dir, `${basename(name)} (${number})${extname(wanted)}`)
    if (!existsSync(candidate)) return candidate
  }
}
