/**
 * Files that are being dragged out of the window: dropped on it, they are no new material. While the system drags, the page hears of no
 * pointer; so that a pointer without a button pressed means that it has ended.
 */
let isOut = false

export const isDraggedOut = (): boolean => isOut

export function beginDragOut(): void {
  isOut = true
}

/** To be told of every movement and press of the pointer. */
export function heardPointer(event: { readonly type: string; readonly buttons: number }): void {
  if (event.type === 'pointerdown' || event.buttons === 0) isOut = false
}
