/**
 * Run in the page, in a world of its own (https://chromedevtools.github.io/devtools-protocol/tot/Page/#method-createIsolatedWorld): finds
 * out what of it can be seen when it is left alone. Whatever it is not sure of counts as unseen, or as changing.
 */
export const surveyScript = `(() => {
  const most = 50000
  const root = document.documentElement
  const page = { left: 0, top: 0, right: Math.max(root.scrollWidth, innerWidth), bottom: Math.max(root.scrollHeight, innerHeight) }
  const nothing = new Set(['head', 'script', 'style', 'template', 'link', 'meta', 'title', 'base', 'param', 'source', 'track', 'area', 'map',
    'datalist', 'option', 'optgroup', 'col', 'colgroup', 'br', 'wbr', 'rp'])
  const isWithin = (inner, outer) => inner.left >= outer.left - 1 && inner.top >= outer.top - 1 && inner.right <= outer.right + 1 && inner.bottom <= outer.bottom + 1
  const isCut = (element, rect) => {
    if (rect.width === 0 || rect.height === 0) return false
    if (!isWithin(rect, page)) return true
    for (let at = element; at !== null && at !== root && at !== document.body; at = at.parentElement) {
      const style = getComputedStyle(at)
      if (style.clipPath !== 'none' || style.clip !== 'auto' || !/^(none|)$/.test(style.maskImage || style.webkitMaskImage)) return true
      if (at !== element && style.overflow !== 'visible' && !isWithin(rect, at.getBoundingClientRect())) return true
    }
    return false
  }
  const isShown = element => element.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true })
  const scrolled = () => scrollTo({ left: 0, top: 0, behavior: 'instant' })
  scrolled()
  // What a script may show is not in sight.
  const isData = script => /json|^(?:speculationrules|importmap)$/i.test(script.type)
  let unseen = [...document.scripts].filter(script => !isData(script)).length
  const elements = (document.body ?? root).querySelectorAll('*:not(svg *):not(math *)')
  if (elements.length > most) unseen = elements.length
  else for (const element of elements) {
    if (nothing.has(element.localName)) continue
    if (element.getAttributeNames().some(name => name.startsWith('on'))) unseen += 1
    if (!isShown(element)) unseen += 1
    else if (element.childElementCount === 0 && element.getClientRects().length > 0 && isCut(element, element.getBoundingClientRect())) unseen += 1
    else for (const node of element.childNodes) {
      if (node.nodeType !== 3 || node.data.trim() === '') continue
      const range = document.createRange()
      range.selectNodeContents(node)
      const parts = [...range.getClientRects()]
      if (parts.length === 0 || parts.some(part => isCut(node.parentElement, part))) { unseen += 1; break }
    }
  }
  const outside = /url\\(\\s*["']?(?!["']?#)|<(?:script|image|feimage|foreignobject|iframe|video|audio|canvas|animate|set|discard)/i
  const isWhole = svg => {
    if (!isShown(svg) || outside.test(svg.outerHTML)) return false
    const rect = svg.getBoundingClientRect()
    if (rect.width === 0 || rect.height === 0 || isCut(svg, rect)) return false
    const links = [...svg.querySelectorAll('*')].flatMap(each => ['href', 'xlink:href'].map(name => each.localName === 'a' ? null : each.getAttribute(name)))
    if (links.some(link => link !== null && !link.trim().startsWith('#'))) return false
    // Whatever lies on it hides it.
    svg.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' })
    const now = svg.getBoundingClientRect()
    return [[0.5, 0.5], [0.1, 0.1], [0.9, 0.1], [0.1, 0.9], [0.9, 0.9]].every(([x, y]) => {
      const at = [now.left + now.width * x, now.top + now.height * y]
      if (at[0] < 0 || at[1] < 0 || at[0] >= innerWidth || at[1] >= innerHeight) return true
      const top = document.elementFromPoint(...at)
      return top !== null && (svg.contains(top) || top.contains(svg))
    })
  }
  const svgs = [...document.querySelectorAll('svg')]
  const svgsSeen = svgs.length > 1000 ? 0 : svgs.filter(isWhole).length
  scrolled()
  const still = new Set(['before', 'after', 'marker', 'first-letter', 'first-line', 'root', 'link', 'first-child', 'last-child', 'only-child',
    'nth-child', 'nth-last-child', 'first-of-type', 'last-of-type', 'only-of-type', 'nth-of-type', 'nth-last-of-type', 'not', 'is', 'where', 'empty', 'lang', 'dir'])
  const harmless = /^(?:(?:-webkit-)?(?:text-decoration.*|border.*color|outline.*|cursor|color|background-color|fill|stroke|box-shadow|transition.*|user-select|tap-highlight-color))$/
  const changesIn = rules => [...rules].some(rule => {
    if (rule instanceof CSSMediaRule && !matchMedia(rule.conditionText).matches) return !/^(?:only )?(?:print|speech)\\b/.test(rule.conditionText)
    if (rule instanceof CSSStyleRule) {
      const states = [...rule.selectorText.matchAll(/::?([a-z-]+)/g)].map(match => match[1])
      const isHarmless = [...rule.style].every(name => harmless.test(name))
      if (!isHarmless && states.some(state => !still.has(state))) return true
      return rule.cssRules.length > 0 && changesIn(rule.cssRules)
    }
    if (rule instanceof CSSMediaRule || rule instanceof CSSSupportsRule || rule instanceof CSSLayerBlockRule) return changesIn(rule.cssRules)
    return !(rule instanceof CSSFontFaceRule || rule instanceof CSSKeyframesRule || rule instanceof CSSLayerStatementRule || rule instanceof CSSNamespaceRule)
  })
  const isElsewhere = media => media !== '' && !matchMedia(media).matches
  const readsSheets = () => [...document.styleSheets].some(sheet => sheet.disabled || isElsewhere(sheet.media.mediaText) || changesIn(sheet.cssRules))
  const moves = document.getAnimations().length > 0 ||
    document.querySelector('marquee,blink,animate,animateMotion,animateTransform,set,discard,details,dialog,[popover],canvas,video,audio,iframe,object,embed,frame') !== null
  let changes = moves
  try { changes ||= readsSheets() } catch { changes = true }
  return { svgsSeen, svgs: svgs.length, unseen, changes }
})()`
