import { create } from 'zustand'

/** What a screen reader says next; the number makes the same words said again be heard again. */
export const useAnnouncement = create<{ readonly text: string; readonly count: number }>()(() => ({
  text: '',
  count: 0,
}))

export function announce(text: string): void {
  useAnnouncement.setState(state => ({ text, count: state.count + 1 }))
}
