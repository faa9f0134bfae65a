import type { EventEmitter } from 'node:events'
import type { BrowserWindowConstructorOptions, Rectangle } from 'electron'
import type { Page } from 'playwright'
import { createEmitter } from '../events.ts'
import { accelerators } from '../menu.ts'
import { type SessionState, stateOfSession } from '../session.ts'
import { createMailbox, type Mailbox } from './mailbox.ts'
import type { OwnMessage } from './own-message.ts'

export interface OpenDetails {
  readonly url: string
  readonly frameName: string
  readonly features: string
}

/** What a window is at present; all that makes it one reads and writes it. */
export interface WindowState {
  readonly id: number
  readonly windowEvents: EventEmitter
  readonly contentsEvents: EventEmitter
  readonly mailbox: Mailbox
  readonly isVisibleAtStart: boolean
  /** Null where it is in the default session. */
  readonly partition: SessionState | null
  hasMenu: boolean
  /** Null until the browser has opened it, and again when it is closed. */
  page: Page | null
  isDestroyed: boolean
  isFocused: boolean
  isMaximized: boolean
  isCrashed: boolean
  /** What was loaded last, as the program names it. */
  address: string
  isLoadingByMain: boolean
  /** Ends the menu that is open in the page. */
  answerPopup: ((id: number | null) => void) | null
  openHandler: ((details: OpenDetails) => { action: string }) | null
  /** In the screen's pixels, when the window is neither maximized nor minimized. */
  normalBounds: Rectangle
}

export function createWindowState(id: number, options: BrowserWindowConstructorOptions): WindowState {
  return {
    id,
    windowEvents: createEmitter(),
    contentsEvents: createEmitter(),
    mailbox: createMailbox(),
    isVisibleAtStart: options.show !== false,
    partition: stateOfSession(options.webPreferences?.session),
    hasMenu: true,
    page: null,
    isDestroyed: false,
    isFocused: false,
    isMaximized: false,
    isCrashed: false,
    address: '',
    isLoadingByMain: false,
    answerPopup: null,
    openHandler: null,
    normalBounds: {
      x: options.x ?? 0,
      y: options.y ?? 0,
      width: options.width ?? 800,
      height: options.height ?? 600,
    },
  }
}

export function setFocused(state: WindowState, isFocused: boolean): void {
  if (state.isFocused === isFocused) return
  state.isFocused = isFocused
  state.windowEvents.emit(isFocused ? 'focus' : 'blur')
}

export function tellPage(mailbox: Mailbox, message: OwnMessage): void {
  mailbox.postNow('', [message])
}

/** Tells the page which keys are the menu's. */
export function sendAccelerators({ mailbox, hasMenu }: WindowState): void {
  tellPage(mailbox, { kind: 'accelerators', names: hasMenu ? [...accelerators().keys()] : [] })
}
