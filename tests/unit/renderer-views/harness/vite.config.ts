import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'"

/** The side views alone: `vite build -c tests/unit/renderer-views/harness/vite.config.ts`, then `vite preview`. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [react()],
  build: {
    target: 'chrome140',
    modulePreload: { polyfill: false },
    outDir: '../../../../out/side-views',
    emptyOutDir: true,
  },
  preview: { host: '127.0.0.1', port: 4188, headers: { 'Content-Security-Policy': policy } },
})
