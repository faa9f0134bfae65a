/** PDFium as WebAssembly, one instance a document: what a hostile file does to it ends with that file. */

import type { Methods } from '@embedpdf/pdfium'
import { readWebAssembly } from '../../base/web-assembly.ts'

/** What of Emscripten's runtime is used; the package's own types need a package of types for it. */
interface Runtime {
  /** Of the memory as it is now: another one after it grew. */
  readonly HEAPU8: Uint8Array
  readonly wasmExports: Calls & { malloc(bytes: number): number; free(address: number): void }
  /** One function has one number, whatever signature it is added with again. */
  addFunction(called: (...args: number[]) => number | undefined, signature: string): number
}

/** Texts are given by their address, and yes is 1. */
type Calls = Readonly<Record<keyof Methods, (...values: number[]) => number>>

export interface Pdfium extends Calls {
  readonly runtime: Runtime
  /** Calls with the address of `bytes` zeroed bytes, which it frees afterwards. */
  withMemory<T>(bytes: number, use: (address: number) => T): T
  /** `length` bytes of its memory, which stay what they are until it is called again. */
  view(address: number, length: number): DataView
}

/** As the runtimes have it; the types of Node leave it out. */
interface WebAssemblyEngine {
  compile(bytes: Uint8Array): Promise<object>
  instantiate(program: object, imports: object): Promise<object>
}
const engine = (globalThis as unknown as { readonly WebAssembly: WebAssemblyEngine }).WebAssembly

let compiled: Promise<object> | null = null

/** The package would fetch its program over the network. */
function compile(): Promise<object> {
  compiled ??= engine.compile(readWebAssembly('@embedpdf/pdfium/pdfium.wasm'))
  return compiled
}

export async function startPdfium(): Promise<Pdfium> {
  const [{ init }, module] = await Promise.all([import('@embedpdf/pdfium'), compile()])
  const silent = () => undefined
  const instantiateWasm = (imports: object, receive: (instance: object) => void) => {
    engine.instantiate(module, imports).then(receive, silent)
    return {}
  }
  const overrides: object = { instantiateWasm, print: silent, printErr: silent }
  const { pdfium } = await init(overrides as Parameters<typeof init>[0])
  const runtime = pdfium as unknown as Runtime
  // What the package wraps them in takes longer than most of them do.
  const calls = runtime.wasmExports
  const { malloc, free } = calls
  const withMemory = <T>(bytes: number, use: (address: number) => T): T => {
    const address = malloc(Math.max(1, bytes))
    if (address === 0) throw new Error('no memory left for PDFium')
    try {
      runtime.HEAPU8.fill(0, address, address + bytes)
      return use(address)
    } finally {
      free(address)
    }
  }
  const view = (address: number, length: number) => new DataView(runtime.HEAPU8.buffer, address, length)
  calls.FPDF_InitLibrary()
  return { ...calls, runtime, withMemory, view }
}
