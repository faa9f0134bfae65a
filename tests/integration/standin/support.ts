import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build, type InlineConfig } from 'vite'

const repository = resolve(import.meta.dirname, '../../..')

const bundle = (entry: string, outDir: string, file: string, format: 'es' | 'cjs', external: (id: string) => boolean) =>
  build({
    configFile: false,
    logLevel: 'warn',
    root: repository,
    ssr: { noExternal: true },
    build: {
      ssr: true,
      outDir,
      emptyOutDir: false,
      minify: false,
      rolldownOptions: { input: entry, external, output: { entryFileNames: file, format } },
    },
  } satisfies InlineConfig)

const isBuiltin = (id: string) => id.startsWith('node:') || builtinModules.includes(id)

/** The real main process and preload around the echo engine, built as the product is, with a page that does nothing. */
export async function buildEchoProgram(): Promise<{ folder: string; main: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'prescreen-standin-'))
  // Packages that stay outside of the bundle are found from here.
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'), 'junction')
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'Prescreen', version: '1.2.3', type: 'module' }))
  await Promise.all([
    bundle(
      join(import.meta.dirname, 'fixtures/echo-main.ts'),
      join(folder, 'main'),
      'index.js',
      'es',
      id => isBuiltin(id) || id === 'electron' || id === 'electron-store',
    ),
    bundle(
      join(repository, 'electron/preload/index.ts'),
      join(folder, 'preload'),
      'index.cjs',
      'cjs',
      id => isBuiltin(id) || id === 'electron',
    ),
  ])
  mkdirSync(join(folder, 'renderer'))
  writeFileSync(
    join(folder, 'renderer/index.html'),
    '<!doctype html><title>echo</title><body style="margin:0;height:100vh"><input id="field"><a id="out" href="https://example.com/">out</a><a id="blank" target="_blank" href="https://developers.weixin.qq.com/x">blank</a><script type="module" src="/page.js"></script>',
  )
  writeFileSync(
    join(folder, 'renderer/page.js'),
    `window.received = []
if (location.search !== '?loupe') for (const name of ['plan', 'batch', 'grid', 'queue', 'problem', 'exportProgress', 'command', 'opened', 'goTo', 'loupeClosed'])
  prescreen.on(name, event => received.push({ name, event }))
addEventListener('dragover', event => event.preventDefault())
addEventListener('drop', event => {
  event.preventDefault()
  window.dropped = Array.from(event.dataTransfer.files, file => prescreen.pathOf(file))
  document.body.dataset.dropped = 'true'
})
window.info = await prescreen.invoke('app.info', {})
document.body.dataset.ready = 'true'`,
  )
  return { folder, main: join(folder, 'main/index.js') }
}
