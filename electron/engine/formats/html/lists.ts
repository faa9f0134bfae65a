/** What is known of a page's elements and attributes. What stands on none of these lists is read, or left out. */

const words = (text: string) => new Set(text.trim().split(/\s+/))

/** Elements that do not interrupt a line: a word may go on across their tags. */
export const inlineElements = words(`
  a abbr acronym b bdi bdo big blink cite code data del dfn em font i ins kbd mark nobr noscript output q rb rbc rtc ruby s samp slot small
  span strike strong sub sup template time tt u var wbr
  math mi mn mo ms mtext mrow mstyle msub msup msubsup mover munder munderover mfrac msqrt mroot mpadded mphantom semantics`)

/** Elements that stand on lines of their own. Those on neither list, such as labels, buttons and what a page makes up, may do either. */
export const blockElements = words(`
  address article aside base basefont blockquote body br caption center col colgroup dd details dialog dir div dl dt fieldset figcaption
  figure footer form frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html legend li link listing main menu meta nav noframes ol optgroup
  option p param plaintext pre script search section select style summary table tbody td textarea tfoot th thead title tr ul xmp`)

/** Elements whose words stand, to most programs, not where they are: within a line they tear no word apart. */
export const unseenElements = words(`
  template datalist noscript noframes noembed annotation annotation-xml title param rp script style iframe object audio video canvas
  meter progress select textarea menuitem option optgroup map dialog`)

/** Attributes whose value is read to people, or shown to them over or in the place of the element. */
export const spokenAttributes = words(
  'alt title placeholder aria-label aria-description aria-valuetext aria-roledescription aria-placeholder label summary standby abbr prompt data-title data-content data-tooltip data-tip data-original-title data-label data-text',
)

/** Names and settings: no program shows their values. */
const silentAttributes = words(`
  class id name for form lang dir type role rel rev rules frame scope headers media charset hreflang target method enctype accept
  accept-charset accesskey autocapitalize autocomplete autocorrect autofocus autoplay align valign bgcolor border bordercolor cellpadding
  cellspacing char charoff clear color cols colspan rows rowspan compact controls controlslist contenteditable coords shape crossorigin
  datetime decoding default defer async disabled download draggable enterkeyhint face fetchpriority height width hidden high hspace vspace
  http-equiv imagesizes inert inputmode integrity is ismap itemid itemprop itemref itemscope itemtype kind language link alink vlink text
  list loading loop low marginheight marginwidth leftmargin topmargin max maxlength min minlength multiple muted nohref nomodule nonce
  noresize noshade novalidate nowrap open optimum part pattern playsinline popover popovertarget popovertargetaction preload property
  readonly referrerpolicy required reversed sandbox scrolling selected size sizes slot span spellcheck start step tabindex translate
  typeof vocab prefix about resource datatype inlist usemap version xmlns shadowrootmode shadowrootdelegatesfocus allow allowfullscreen
  allowtransparency frameborder content-type unselectable mathvariant display mathsize mathcolor stretchy fence separator lspace rspace
  columnalign rowalign columnspacing rowspacing displaystyle scriptlevel accent accentunder epub:type epub:prefix
  data-w data-h data-width data-height data-ratio data-type data-id data-index data-toggle data-target data-dismiss data-bs-toggle
  data-bs-target data-bs-dismiss data-spy data-slide data-slide-to data-parent data-placement data-reactid data-reactroot data-s data-v`)

/** Addresses of pages that a link leads to, of forms and of sources that are named and not shown. */
const linkingAttributes = words(
  'action formaction cite longdesc profile ping manifest codebase archive classid data-href data-link data-permalink',
)

export function isSilentAttribute(name: string): boolean {
  return (
    silentAttributes.has(name) ||
    linkingAttributes.has(name) ||
    /^(?:aria-|xmlns:|xml:|data-v-|xlink:(?:role|arcrole|type|show|actuate)$|[\w-]*namespace$)/.test(name)
  )
}

/** What a link element may name: pages, servers, and the icon of the tab; nothing that is on the page. */
export const silentRelations = words(`
  icon shortcut shortcut-icon apple-touch-icon apple-touch-icon-precomposed mask-icon fluid-icon canonical alternate preload prefetch prerender
  modulepreload dns-prefetch preconnect next prev previous first last start up top contents index glossary chapter section subsection
  appendix bookmark copyright author license help search manifest pingback edituri wlwmanifest shortlink amphtml profile publisher me
  archives home nofollow noopener external tag made schema.dc schema.dcterms schema.dct apple-touch-startup-image image_src`)

/** Scripts that count visits, or open the functions of the app around the page: they show nothing on it. */
const silentScriptHosts =
  /^(?:(?:hm|push\.zhanzhang)\.baidu\.com|zz\.bdstatic\.com|(?:[\w-]+\.)?google-analytics\.com|(?:[\w-]+\.)?googletagmanager\.com|(?:[\w-]+\.)?cnzz\.com|(?:sdk|js\.users)\.51\.la|res2?\.wx\.qq\.com|static\.cloudflareinsights\.com|(?:[\w-]+\.)?scorecardresearch\.com|(?:[\w-]+\.)?quantserve\.com|plausible\.io)$/

export function isSilentScript(address: string): boolean {
  const url = URL.parse(address, 'https://page.invalid/')
  return url !== null && silentScriptHosts.test(url.hostname)
}

/** Places that a script fills with all that such a page shows. */
export const mountNames =
  /^(?:app|root|__next|__nuxt|___gatsby|react-root|svelte|q-app|main-app|app-root|mount|application|container-app)$/i

const mediaEnding =
  /\.(?:a?png|jpe?g|jfif|gif|webp|avif|svgz?|bmp|ico|tiff?|heic|mp4|webm|mov|m3u8|flv|mp3|m4a|wav|ogg|swf|pdf)(?![\w-])/i

export function isPictureAddress(value: string): boolean {
  return (
    value.length < 4000 &&
    /^(?:data:image\/|\S+\.(?:a?png|jpe?g|gif|webp|avif|svg|bmp)(?:[?#]\S*)?$)/i.test(value.trim())
  )
}

export function isMediaAddress(value: string): boolean {
  return mediaEnding.test(value)
}

/** Whether a value may be where something lies that a program would fetch and show. */
export function holdsAddress(value: string): boolean {
  return (
    /(?:^|[\s"'(,=])(?:(?:[a-z][a-z\d+.-]{0,20}:)?\/\/[^\s/]|\.{0,2}\/[\w%-]|data:[a-z]|blob:)/i.test(value) ||
    mediaEnding.test(value)
  )
}
