/** One waiter, any number of setters; an event that is set before the wait is not lost. */
export class AutoResetEvent {
  #isSet = false
  #release: (() => void) | null = null

  set(): void {
    this.#isSet = true
    this.#release?.()
  }

  async wait(): Promise<void> {
    if (!this.#isSet) {
      await new Promise<void>(resolve => {
        this.#release = resolve
      })
    }
    this.#release = null
    this.#isSet = false
  }

  /** Whether it is set; resets it. */
  consume(): boolean {
    const wasSet = this.#isSet
    this.#isSet = false
    return wasSet
  }
}
