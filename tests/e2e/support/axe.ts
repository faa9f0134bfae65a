import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright'

const summarised = 'label-content-name-mismatch'

/** What a theme changes, where it shows the same elements. */
export const ofColours = ['color-contrast', 'link-in-text-block']
export type Rules = typeof ofColours | 'all'

/** What axe calls serious or critical, as sentences. */
export async function violations(page: Page, rules: Rules): Promise<string[]> {
  const hasAxe = await page.evaluate(async () => {
    const ending = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity)
    await Promise.allSettled(ending.map(animation => animation.finished))
    return 'axe' in globalThis
  })
  // The browser of the stand-in allows no second page, which axe would otherwise put its results together in.
  const axe = new AxeBuilder(hasAxe ? { page, axeSource: ';' } : { page }).setLegacyMode(true)
  const runOnly = rules === 'all' ? {} : { runOnly: { type: 'rule' as const, values: rules } }
  // What passed is not told in full, which takes most of the time; nobody looks at it.
  const { violations: found } = await axe.options({ resultTypes: ['violations'], preload: false, ...runOnly }).analyze()
  return (
    found
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      // A cell says "item 41 of 1 200, risky, …" instead of reading out the whole of the text in it.
      .map(({ id, nodes }) => ({
        id,
        nodes: nodes.filter(node => id !== summarised || !node.html.includes('gridcell')),
      }))
      .flatMap(({ id, nodes }) => nodes.map(node => `${id}: ${node.html.slice(0, 160)} (${node.failureSummary ?? ''})`))
  )
}

/** Whether the page shows the elements that it showed when this was asked last, with all that they say of themselves. */
export const isSame = (page: Page) =>
  page.evaluate(() => {
    const elements = [...document.querySelectorAll('body *')].filter(element => element.checkVisibility())
    const shown = elements
      .map(element => element.cloneNode(false))
      .map(each => (each as Element).outerHTML)
      .join()
    const before = Reflect.get(globalThis, 'shown')
    Reflect.set(globalThis, 'shown', shown)
    return shown === before
  })
