/** A Chromium as the engine knows it: hidden pages, each by itself, driven over the DevTools protocol. Nobody but us can reach them. */

/** Whoever has a Chromium: the window's own, the stand-in's, an installed one. Methods reject with an `Error` when it is not to be had. */
export interface Chromium {
  /** Opens a blank page in a profile of its own, which keeps nothing and reaches no network. It is closed when the signal aborts. */
  open(size: PageSize, signal: AbortSignal): Promise<DevToolsPage>
  /** Ends it where it was started for us, and closes its pages. */
  close(): Promise<void>
}

/** Of the viewport, in CSS pixels. */
export interface PageSize {
  readonly width: number
  readonly height: number
}

export type Fields = Readonly<Record<string, unknown>>

/** The conversation with one page (https://chromedevtools.github.io/devtools-protocol/). */
export interface DevToolsPage {
  /** Rejects when Chromium refuses the command, and when the page is gone before it answers. */
  send(method: string, params?: Fields): Promise<Fields>
  /** Returns how to stop listening. */
  on(listener: (method: string, params: Fields) => void): () => void
  /** Begins to load an address, as no page can by itself. Rejects when it cannot be loaded. */
  navigate(url: string): Promise<void>
  /** Resolves when the page is gone, for whatever reason. */
  readonly gone: Promise<void>
  close(): Promise<void>
}
