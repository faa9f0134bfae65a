interface Store<State> {
  getState(): State
  subscribe(listener: (state: State) => void): () => void
}

/** Resolves once the store's state fits; at once when it does already. */
export function waitUntil<State>(store: Store<State>, fits: (state: State) => boolean): Promise<void> {
  if (fits(store.getState())) return Promise.resolve()
  return new Promise(resolve => {
    const stop = store.subscribe(state => {
      if (!fits(state)) return
      stop()
      resolve()
    })
  })
}
