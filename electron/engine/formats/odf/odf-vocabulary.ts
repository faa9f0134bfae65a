import { hasWords } from '../docx/office-vocabulary.ts'
import type { XmlAttribute, XmlElement } from '../xml/read-xml.ts'

/**
 * What the markup of OpenDocument files says of how things look, where they are and what they are called by programs (OASIS OpenDocument
 * 1.3, part 3, and LibreOffice's extensions). Whatever is on none of these lists and is made of words is sent.
 */

const wordsOf = (text: string): readonly string[] => text.trim().split(/\s+/)

/** Attributes that are never shown, by their prefix. */
const silent: Readonly<Record<string, ReadonlySet<string>>> = Object.fromEntries(
  Object.entries({
    anim: 'audio-level color-interpolation color-interpolation-direction command formula id iterate-interval iterate-type name sub-item value',
    calcext: `apply-style-name base-cell-address condition date formula target-range-address type value value-type color max-length
      negative-color icon-set-type show-value gradient axis-color axis-position`,
    chart: `auto-position auto-size class column-mapping data-source-has-labels dimension display-label error-category error-lower-range
      error-upper-range interpolation label-arrangement label-cell-address label-position label-position-negative legend-align
      legend-position name regression-type row-mapping series-source solid-type style-name symbol-name symbol-type tick-mark-position
      treat-empty-cells values-cell-range-address axis-position axis-label-position tick-marks-minor-inner`,
    chartooo: 'axis-type',
    dr3d: 'ambient-color back-scale lighting-mode normals-direction normals-kind projection shade-mode shadow texture-filter texture-generation-mode-x texture-generation-mode-y texture-kind texture-mode transform vrp vpn vup direction',
    draw: `align angle angled-line background-size border caption-angle-type caption-escape-direction caption-escape caption-id caption-type
      chain-next-name class-id class-names code color-mode color-inversion concave control copy-of cx cy decimal-places display display-name
      end-guide end-shape end-glue-point engine enhanced-path escape-direction extrusion-color extrusion-depth extrusion-light-face
      extrusion-origin extrusion-rotation-center extrusion-skew extrusion-viewpoint extrusion-specularity extrusion-first-light-direction
      extrusion-second-light-direction fill fill-gradient-name fill-hatch-name fill-image-name fill-image-ref-point fit-to-contour
      fit-to-size formula frame-display-border frame-display-scrollbar glue-point-leaving-directions glue-point-type glue-points
      handle-position handle-polar handle-range-x-maximum handle-range-x-minimum handle-range-y-maximum handle-range-y-minimum
      handle-radius-range-maximum handle-radius-range-minimum handle-switched id kind layer layer-name line-skew luminance marker-end
      marker-start master-page-name may-script measure-align measure-vertical-align mime-type mirror-horizontal modifiers name nav-order
      notify-on-update-of-ranges object ole-draw-aspect opacity-name page-number path-stretchpoint-x placing points protected regenerate-preview
      secondary-fill-color shadow shape-id start-shape start-guide stroke stroke-dash stroke-dash-names stroke-linejoin style style-name symbol-color
      text-areas text-path-mode text-path-scale text-rotate-angle text-style-name textarea-horizontal-align textarea-vertical-align
      tile-repeat-offset transform type unit visible-area-height wrap-influence-on-position z-index zoom-factor auto-grow-height`,
    drawooo: 'enhanced-path sub-view-size display text-path-same-letter-heights',
    fo: `background-color border border-bottom border-left border-right border-top break-after break-before clip color country
      font-family font-name font-size font-style font-variant font-weight hyphenate hyphenation-keep hyphenation-ladder-count keep-together
      keep-with-next language letter-spacing line-height margin padding script text-align text-align-last text-shadow text-transform width
      wrap-option`,
    form: `allow-deletes apply-design-mode application auto-complete bound-column button-type command-type control-implementation
      convert-empty-to-null data-field datasource echo-char enctype filter for id image-align image-position input-required line-number
      linked-cell list-linkage-type list-source list-source-type method name navigation-mode order orientation property-name selection-indices source-cell-range tab-cycle
      target-frame text-style-name type value-type visual-effect xforms-list-source xforms-submission control-label-position`,
    loext: `background-color char-complex-color-theme-type contextual-spacing decorative external-data fill-theme-color fill-color hyphenation-zone
      mime-type name theme-color type transformation p-style-name scope-type opacity`,
    number:
      'calendar country decimal-replacement format-source language position script style title transliteration-country transliteration-format transliteration-language transliteration-style',
    office:
      'automatic-update boolean-value conversion-mode currency date-value display mimetype name process-content target-frame-name time-value value value-type version',
    officeooo: 'paragraph-rsid rsid',
    presentation: `action animations background-objects-visible class delay direction display-date-time effect endless event fade-style full-screen
      group-id master-element mouse-as-pen mouse-visible name node-type object pages path-id placeholder play-full presentation-page-layout-name
      preset-class preset-id preset-sub-type show show-end-of-presentation-slide show-logo source speed start-page start-scale start-with-navigator
      stay-on-top style-name transition-on-click transition-speed transition-style transition-type use-date-time-name use-footer-name use-header-name verb
      visibility`,
    script: 'event-name language macro-name',
    smil: `accumulate additive attributeName attributeType autoReverse begin calcMode decelerate direction dur end endsync fadeColor fill fillDefault
      from keySplines keyTimes mode repeatCount repeatDur restart restartDefault subtype targetElement to type by values by path formula`,
    style: `adjustment apply-style-name auto-text-indent auto-update background-transparency base-cell-address border-line-width border-line-width-bottom
      border-line-width-left border-line-width-right border-line-width-top cell-protect class color column-width condition country-asian country-complex data-style-name
      decimal-places default-outline-level diagonal-bl-tr diagonal-tl-br direction display-name distance-after-sep family filter-name first-page-number flow-with-text
      font-adornments font-charset font-charset-asian font-charset-complex font-family-asian font-family-complex font-family-generic
      font-family-generic-asian font-family-generic-complex font-name font-name-asian font-name-complex font-pitch font-pitch-asian
      font-pitch-complex font-relief font-size-asian font-size-complex font-size-rel font-style-asian font-style-complex font-style-name font-style-name-asian font-style-name-complex font-weight-asian
      font-weight-complex footnote-max-height horizontal-pos horizontal-rel join-border language-asian language-complex layout-grid-mode layout-grid-color leader-color leader-style leader-text-style
      leader-type legend-expansion line-break line-height-at-least line-style list-style-name master-page-name mirror name next-style-name num-format num-letter-sync
      number-wrapped-paragraphs page-layout-name page-usage paper-tray-name parent-style-name percentage-data-style-name position print print-orientation
      print-page-order protect punctuation-wrap register-truth-ref-style-name rel-column-width rel-height rel-width repeat rotation-align rfc-language-tag ruby-align ruby-position
      run-through script-asian script-complex script-type shadow scale-to snap-to-layout-grid table-centering text-align-source text-autospace text-blinking text-combine text-emphasize text-line-through-color text-line-through-mode
      text-line-through-style text-line-through-text-style text-line-through-type text-line-through-width text-outline text-overline-color text-overline-mode text-overline-style text-overline-type text-overline-width text-position
      text-rotation-scale text-underline-color text-underline-mode text-underline-style text-underline-type text-underline-width type
      vertical-align vertical-pos vertical-rel volatile width wrap wrap-contour-mode writing-mode writing-mode-automatic list-level-position-and-space-mode`,
    svg: `accent-height alphabetic ascent cx cy d descent font-family font-stretch font-style font-variant font-weight gradientTransform
      gradientUnits height name origin panose-1 path preserveAspectRatio spreadMethod stdVW stop-color string stroke-color stroke-linecap stroke-width unicode-range viewBox width
      widths`,
    table: `align application-data base-cell-address border-model buttons cell-address cell-range cell-range-address condition-source condition-source-range-address contains-error-value
      content-validation-name data-field data-type database-name database-table-name default-cell-style-name detective direction display-border display-list display-member-mode
      end-cell-address error-macro-name expression field-name filter-name filter-options formula function grand-total identify-categories iteration id is-active kind label-cell-range-address language layout-mode
      link-to-source-data marked-invalid mode name null-date operator optional-style order orientation page-breaks-on-group-change paragraph-style-name parse-sql-statement
      print-ranges protection-key protection-key-digest-algorithm range-usable-as rfc-language-tag row-mapping script search-criteria-must-apply-to-whole-cell sort-mode source-cell-range-addresses source-field-name source-name
      structure-protected style-name table-background table-name target-cell-address target-range-address template-name text-style-name title-display type used-hierarchy visibility value-type message-type use-labels tab-color allow-empty-cell null-year
      precision-as-shown automatic-find-labels case-sensitive use-regular-expressions use-wildcards`,
    tableooo: 'tab-color',
    text: `active anchor-page-number anchor-type animation animation-delay animation-direction animation-start-inside bibliography-type
      bibliography-data-field caption-sequence-format caption-sequence-name change-id citation-body-style-name citation-style-name class-names column-name command condition cond-style-name connection-name continue-list
      copy-outline-levels country current-value database-name date-value default-style-name dont-balance-text-columns display footnotes-position formula global id increment index-name index-scope index-source-style is-list-header
      kind label-followed-by language level line-break list-id list-level-position-and-space-mode list-style-name main-entry-style-name master-page-name name note-class num-format number-position
      outline-level page-adjust paragraph-style-name placeholder-type position protected protection-key protection-key-digest-algorithm ref-name reference-format relative-tab-stop-position restart-on-page row-number script section-name select-page
      separation-character sort-algorithm sort-ascending start-numbering-at start-value style-name style-override table-name table-type time-value tracked-changes track-changes
      use-caption use-chart-objects use-index-marks use-index-source-styles use-keys-as-entries use-objects value-type visited-style-name restart-numbering selected-page combine-entries`,
    xlink: 'actuate href show type',
    xml: 'base id lang space',
    grddl: 'transformation',
    xforms: 'bind',
  }).map(([prefix, names]) => [prefix, new Set(wordsOf(names))]),
)

/** Prefixes whose elements hold number formats, keys of programs and formulae; what cells show of them is stored in the cells. */
const silentTexts = /^(?:number:.+|config:.+|meta:creator-initials|script:.+|loext:text)$/

/** What an attribute says in words, when it is on no list. */
export function unlistedOdfValue({ name, local, value }: XmlAttribute): readonly string[] {
  if (!hasWords(value) || name === 'xmlns') return []
  const prefix = name.slice(0, Math.max(0, name.length - local.length - 1))
  return prefix === 'xmlns' || (Object.hasOwn(silent, prefix) && silent[prefix]?.has(local)) ? [] : [value]
}

/** What stands as text in an element that is no paragraph. */
export function unlistedOdfText({ name }: XmlElement, text: string): readonly string[] {
  return !hasWords(text) || silentTexts.test(name) ? [] : [text]
}
