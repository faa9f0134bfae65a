/** Gives the keys to the assets: to the loupe where it lies over the grid, else to the grid. Not on screen yet, it takes them itself. */
export function focusAssets(): void {
  const assets =
    document.querySelector<HTMLElement>('[data-loupe]') ?? document.querySelector<HTMLElement>('[role=grid]')
  assets?.focus({ preventScroll: true })
}
