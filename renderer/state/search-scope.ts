import { create } from 'zustand'

/** There is one search: of the assets of the open batch, which narrows the grid, or of all batches, which lists what it finds. */
export type SearchScope = 'batch' | 'all'

/** `query` is that of all batches; the grid's is in its filter. */
export const useSearchScope = create<{ readonly scope: SearchScope; readonly query: string }>()(() => ({
  scope: 'batch',
  query: '',
}))
