import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'
import type { Plugin } from 'vite'
import { preparedName } from './electron/engine/checkers/rules/prepared.ts'
import { prepareBooks } from './electron/engine/checkers/rules/read-book.ts'
import packageJson from './package.json' with { type: 'json' }

const source = (path: string) => resolve(import.meta.dirname, path)

/**
 * What every start needs goes into our own files: four hundred small ones, each looked for, take longer to read in than all the rest.
 * Native addons cannot, nor what finds its WebAssembly beside itself; what is read in by need does not have to, and what its licence wants to be
 * replaceable must not.
 */
const apart = ['better-sqlite3', 'sharp', 'fastify', 'libheif-js', '@embedpdf/pdfium', 'node-unrar-js', 'mediabunny']
const bundled = Object.keys(packageJson.dependencies).filter(name => !apart.includes(name))

/** The files of the rule books that come with the program. */
const shippedBooks = () => {
  const folder = source('resources/rules')
  return readdirSync(folder).map(name => readFileSync(join(folder, name)))
}

/** Writes what they are read as beside the program (electron/engine/checkers/rules/prepared.ts). */
function prepareShippedBooks(): Plugin {
  return {
    name: 'prepare-shipped-books',
    async generateBundle() {
      const prepared = JSON.stringify(await prepareBooks(shippedBooks()))
      this.emitFile({ type: 'asset', fileName: preparedName, source: prepared })
    },
  }
}

/** Writes the licences of others beside the program, which opens them from its menu. A script of its own knows where it lies. */
function gatherNotices(): Plugin {
  const texts = () =>
    execFileSync(process.execPath, [source('resources/licences.ts'), '--texts'], { maxBuffer: 1 << 26 })
  return {
    name: 'gather-notices',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: 'licences.txt', source: texts() })
    },
  }
}

export default defineConfig(({ command }) => {
  // Development has an entry and a folder of its own: what is shipped and tested knows nothing of it.
  const isDevelopment = command === 'serve'
  const out = isDevelopment ? 'out/dev' : 'out'
  return {
    main: {
      plugins: [prepareShippedBooks(), gatherNotices()],
      build: {
        outDir: `${out}/main`,
        externalizeDeps: { exclude: bundled },
        rolldownOptions: {
          input: {
            index: source(isDevelopment ? 'electron/main/dev.ts' : 'electron/main/index.ts'),
            ...(isDevelopment ? {} : { cli: source('electron/cli/index.ts') }),
            'imaging-worker': source('electron/engine/imaging/worker.ts'),
            'media-page': source('electron/media/page.ts'),
            'document-worker': source('electron/engine/formats/documents/worker.ts'),
            'bring-up-worker': source('electron/engine/store/bring-up-worker.ts'),
            'verify-copy-worker': source('electron/engine/store/verify-copy-worker.ts'),
            'book-worker': source('electron/engine/library/book-worker.ts'),
            'verify-worker': source('electron/engine/ledger/verify-worker.ts'),
            'rules-worker': source('electron/engine/checkers/rules/rules-worker.ts'),
          },
          output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
        },
      },
    },
    preload: {
      build: {
        outDir: `${out}/preload`,
        // A sandboxed preload may require only 'electron', and only as CommonJS: it is bundled whole.
        externalizeDeps: false,
        lib: { entry: source('electron/preload/index.ts'), formats: ['cjs'] },
        rolldownOptions: { output: { entryFileNames: 'index.cjs' } },
      },
    },
    renderer: {
      root: source('renderer'),
      cacheDir: source('node_modules/.cache/vite'),
      plugins: [react()],
      build: {
        outDir: source('out/renderer'),
        // Half the text to read before the window is there; electron-vite leaves it long.
        minify: true,
        rolldownOptions: {
          input: source('renderer/index.html'),
          // What the window begins with is one file, however much of it other views use too: each file is a request.
          output: { codeSplitting: { groups: [{ name: 'window', tags: ['$initial'] }] } },
        },
        // The content security policy has no data: scripts or workers.
        assetsInlineLimit: 0,
      },
    },
  }
})
