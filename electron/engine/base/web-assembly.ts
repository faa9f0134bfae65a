/** The WebAssembly that is used: read from disk by path, and run only if it is the build that was tried. No page of the window has any. */

import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

/** By the name under which its package exports it; SHA-256 in hexadecimal. A new version of a package brings another one. */
export const webAssemblies = {
  '@embedpdf/pdfium/pdfium.wasm': '5e4cd023c3dad4a895b3571ca573d3fc51bac6de48360d95283134385b954eaa',
  'libheif-js/libheif-wasm/libheif.wasm': 'e4aa8333fbe55ec7c6c776f735236f40bed9103188498f8131d4e52b73cdfee8',
  'node-unrar-js/dist/js/unrar.wasm': 'c7d79f869196e3c79c053ba74a8f629116de8293a94f60cc851bbcd7977d0c2b',
} as const

export type WebAssemblyName = keyof typeof webAssemblies

/** The build is missing or is another one: nothing can be said about the file that it was wanted for. */
export class UnusableDecoder extends Error {
  /** By which people find the file. */
  readonly build: WebAssemblyName

  constructor(build: WebAssemblyName) {
    super(build)
    this.name = 'UnusableDecoder'
    this.build = build
  }
}

/** Its bytes. Throws `UnusableDecoder`. */
export function readWebAssembly(name: WebAssemblyName): Uint8Array {
  let bytes: Uint8Array
  try {
    bytes = readFileSync(createRequire(import.meta.url).resolve(name))
  } catch {
    throw new UnusableDecoder(name)
  }
  if (hash('sha256', bytes) !== webAssemblies[name]) throw new UnusableDecoder(name)
  return bytes
}
