import { once } from 'node:events'
import type { Plugin, ViteDevServer } from 'vite'

/**
 * What Vite tells the page of changes, without a socket: browsers let no page but one of the machine's own open one to loopback. The
 * page asks the address below for what is new, by way of the main process as for everything else, and is answered when there is any.
 */
const address = '/__updates'
/** An answer without news comes sooner than anybody on the way gives up. */
const patienceMs = 30_000

export function windowUpdates(): Plugin {
  const messages: string[] = []
  let waiting: (() => void)[] = []
  let socket: WebSocket | null = null
  const listen = (server: ViteDevServer) => {
    const { port } = server.config.server
    socket = new WebSocket(`ws://127.0.0.1:${port}/?token=${server.config.webSocketToken}`, 'vite-hmr')
    socket.addEventListener('message', event => {
      messages.push(String(event.data))
      for (const answer of waiting) answer()
      waiting = []
    })
  }
  return {
    name: 'window-updates',
    configureServer(server) {
      server.httpServer?.once('listening', () => listen(server))
      server.middlewares.use(address, (request, response) => {
        const query = new URL(request.url ?? '', 'http://localhost').searchParams
        const said = query.get('say')
        if (said !== null) socket?.send(said)
        const from = Number(query.get('from') ?? messages.length)
        const answer = () => response.end(JSON.stringify({ news: messages.slice(from), next: messages.length }))
        if (said !== null || !query.has('from') || messages.length > from) {
          answer()
          return
        }
        waiting.push(answer)
        const timer = setTimeout(() => {
          waiting = waiting.filter(each => each !== answer)
          answer()
        }, patienceMs)
        void once(response, 'close').then(() => clearTimeout(timer))
      })
    },
    transformIndexHtml: () => [{ tag: 'script', injectTo: 'head-prepend', children: pageScript }],
  }
}

/** Vite's client knows sockets only: this one asks again and again. */
const pageScript = `globalThis.WebSocket = class extends EventTarget {
  static OPEN = 1
  readyState = 0
  constructor() {
    super()
    void this.ask('')
  }
  async ask(query) {
    try {
      const { news, next } = await (await fetch('${address}' + query)).json()
      if (this.readyState === 0) {
        this.readyState = 1
        this.dispatchEvent(new Event('open'))
      }
      for (const data of news) this.dispatchEvent(new MessageEvent('message', { data }))
      void this.ask('?from=' + next)
    } catch {
      setTimeout(() => this.ask(query), 1000)
    }
  }
  send(data) {
    void fetch('${address}?say=' + encodeURIComponent(data))
  }
  close() {}
}`
