import { create } from 'zustand'

export const sectionIds = ['appearance', 'review', 'keys', 'checks', 'data'] as const
export type Section = (typeof sectionIds)[number]

/** The section of the settings that is open; outside of the view, so that others can lead to one. */
const store = create<{ readonly section: Section }>()(() => ({ section: 'appearance' }))

export const useSection = (): Section => store(state => state.section)
export const showSection = (section: Section): void => store.setState({ section })
