import { dirname, join } from 'node:path'
import { app, type BrowserWindow, ClipboardItem, clipboard, dialog, shell } from 'electron'
import type { AppInfo } from '../../shared/ipc.ts'
import { popUpMenu } from './context-menu.ts'
import { dragIcon } from './drag-icon.ts'
import type { Desktop } from './handlers.ts'
import type { PdfMaker } from './pdf.ts'

export function osOf(platform: NodeJS.Platform): AppInfo['os'] {
  if (platform === 'win32') return 'windows'
  return platform === 'darwin' ? 'mac' : 'linux'
}

/** Dialogs, clipboard and file manager around the window. */
export function createDesktop(window: () => BrowserWindow | null, pdf: PdfMaker): Desktop {
  let exportFolder = app.getPath('documents')
  return {
    version: app.getVersion(),
    os: osOf(process.platform),
    systemLocale: app.getLocale(),
    async chooseInputs(what) {
      const parent = window()
      if (parent === null) return []
      const { canceled, filePaths } = await dialog.showOpenDialog(parent, {
        properties: what === 'files' ? ['openFile', 'multiSelections'] : ['openDirectory', 'multiSelections'],
      })
      return canceled ? [] : filePaths
    },
    async chooseReports() {
      const parent = window()
      if (parent === null) return []
      const { canceled, filePaths } = await dialog.showOpenDialog(parent, {
        defaultPath: exportFolder,
        properties: ['openFile', 'multiSelections'],
        filters: [{ name: 'CSV, XLSX, HTML, PDF, JSONL', extensions: ['csv', 'xlsx', 'html', 'pdf', 'jsonl', 'json'] }],
      })
      return canceled ? [] : filePaths
    },
    async chooseList() {
      const parent = window()
      if (parent === null) return null
      const { canceled, filePaths } = await dialog.showOpenDialog(parent, {
        properties: ['openFile'],
        filters: [{ name: 'CSV, TSV, TXT, XLSX', extensions: ['csv', 'tsv', 'txt', 'xlsx'] }],
      })
      return canceled ? null : (filePaths[0] ?? null)
    },
    async chooseTarget(name, format) {
      const parent = window()
      if (parent === null) return null
      const { canceled, filePath } = await dialog.showSaveDialog(parent, {
        defaultPath: join(exportFolder, name),
        filters: [{ name: format.toUpperCase(), extensions: [format] }],
      })
      if (canceled || filePath === '') return null
      exportFolder = dirname(filePath)
      return filePath
    },
    writeClipboard: ({ text, html, png }) =>
      clipboard.write([
        new ClipboardItem({
          ...(text === undefined ? {} : { 'text/plain': text }),
          ...(html === undefined ? {} : { 'text/html': html }),
          ...(png === undefined ? {} : { 'image/png': new Blob([Uint8Array.from(png)], { type: 'image/png' }) }),
        }),
      ]),
    startDrag: ([file = '', ...others], icon) =>
      window()?.webContents.startDrag({ file, files: [file, ...others], icon: dragIcon(icon) }),
    popUpMenu: async (entries, at) => {
      const parent = window()
      return parent === null ? null : popUpMenu(parent, entries, at)
    },
    showInFolder: path => shell.showItemInFolder(path),
    // Answers with words where it has failed, and with none where it has not.
    openFile: async path => (await shell.openPath(path)) === '',
    makePdf: pdf.makePdf,
  }
}
