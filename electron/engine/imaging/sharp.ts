/** Loads sharp so that it lives in the same process as Electron, and reduces it to what this product decodes. */

import os from 'node:os'
import process from 'node:process'

/**
 * On Linux, Electron brings its own GLib, whose symbols would be found before those inside libvips, and the process aborts.
 * RTLD_DEEPBIND makes the addon find its own first.
 */
function loadAddonsDeepBound(): () => void {
  const { RTLD_LAZY, RTLD_DEEPBIND } = os.constants.dlopen
  if (process.platform !== 'linux' || RTLD_DEEPBIND === undefined) return () => undefined
  const open = process.dlopen
  process.dlopen = (module: object, filename: string, flags: number = RTLD_LAZY) =>
    open.call(process, module, filename, flags | RTLD_DEEPBIND)
  return () => {
    process.dlopen = open
  }
}

const restore = loadAddonsDeepBound()
export const { default: sharp } = await import('sharp')
restore()

// One file is seen once: a cache only holds memory. The processes share the cores, so each gets one thread.
sharp.cache(false)
sharp.concurrency(1)
// libvips reads dozens of formats; those that nobody asked for are only ways in.
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({
  operation: ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Heif', 'Tiff', 'Svg'].map(format => `VipsForeignLoad${format}Buffer`),
})
