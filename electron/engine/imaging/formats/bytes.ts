/** What all readers of picture files need: views of bytes, and names for what breaks off. */

import { type Refusal, unreadable } from '../refusal.ts'

export function latin1(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1', start, end)
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

export function cutShort(): Refusal {
  return unreadable('image_cut_short')
}

export function damaged(): Refusal {
  return unreadable('image_damaged')
}
