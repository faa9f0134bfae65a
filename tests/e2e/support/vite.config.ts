import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import sharp from 'sharp'
import { defineConfig, type Plugin, type PreviewServer, type ViteDevServer } from 'vite'

/**
 * The window on its own, with the fake bridge. `npm run harness` serves every view and state, with changes at once; as it is shipped:
 * `vite build -c tests/e2e/support/vite.config.ts`, then `vite preview`.
 */

const repository = resolve(import.meta.dirname, '../../..')

// The policy that the main process sends with the window's pages; here too, so that a breach is seen while developing.
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

const pictures = new Map<string, Promise<Buffer>>()

async function picture(asset: number, width: number, height: number, blur: string, grey: boolean): Promise<Buffer> {
  const hue = (asset * 47) % 360
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 300 400">
    <rect width="300" height="400" fill="hsl(${hue} 45% 82%)"/><circle cx="${60 + ((asset * 31) % 180)}" cy="150" r="90" fill="hsl(${(hue + 40) % 360} 60% 60%)"/>
    <rect x="30" y="270" width="240" height="26" fill="hsl(${hue} 40% 30%)"/><rect x="30" y="310" width="${90 + ((asset * 17) % 140)}" height="14" fill="hsl(${hue} 30% 45%)"/></svg>`
  let image = sharp(Buffer.from(drawing)).resize(width, height, { fit: 'cover' })
  if (blur !== 'off') image = image.blur(blur === 'light' ? width / 28 : width / 9)
  if (grey) image = image.greyscale()
  return await image.jpeg({ quality: 70 }).toBuffer()
}

type Server = Pick<ViteDevServer | PreviewServer, 'middlewares'>

const pictureServer: Plugin = {
  name: 'fake-pictures',
  configureServer: servePictures,
  configurePreviewServer: servePictures,
}

function servePictures(server: Server): void {
  server.middlewares.use((request, response, next) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    const [, kind, id] = /^\/(thumbnail|original)\/(\d+)$/.exec(url.pathname) ?? []
    if (kind === undefined) {
      next()
      return
    }
    const size = Number(url.searchParams.get('size') ?? 0)
    const blur = url.searchParams.get('blur') ?? 'off'
    const grey = url.searchParams.get('grey') === '1'
    const page = Number(/\d+/.exec(url.searchParams.get('piece') ?? '')?.[0] ?? 0)
    const drawn = (Number(id) + page) % 48
    const key = `${kind}/${drawn}/${size}/${blur}/${grey}`
    const made =
      pictures.get(key) ??
      (kind === 'original'
        ? picture(drawn, 1500, 2668, 'off', false)
        : picture(drawn, Math.round((size * 1500) / 2668), size, blur, grey))
    pictures.set(key, made)
    made.then(bytes => {
      response.setHeader('Content-Type', 'image/jpeg')
      response.setHeader('Cache-Control', 'max-age=3600')
      response.end(bytes)
    }, next)
  })
}

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  cacheDir: `${repository}/node_modules/.cache/vite-harness`,
  plugins: [react(), pictureServer],
  build: {
    target: 'chrome140',
    modulePreload: { polyfill: false },
    outDir: process.env.PRESCREEN_FAKE_OUT ?? '../../../out/fake',
    emptyOutDir: true,
    rollupOptions: { input: `${import.meta.dirname}/fake.html` },
  },
  server: { host: '127.0.0.1', fs: { allow: [repository] } },
  preview: { host: '127.0.0.1', headers: { 'Content-Security-Policy': policy } },
})
