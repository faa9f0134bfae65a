import { createTheme, type MantineColorsTuple, mergeThemeOverrides } from '@mantine/core'

/** System fonts only: nothing is loaded, and Chinese has its own face on every platform. */
const sans =
  '"Inter", "Segoe UI Variable Text", "Segoe UI", -apple-system, "PingFang SC", "HarmonyOS Sans SC", "Microsoft YaHei UI", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", sans-serif'
const mono =
  '"SF Mono", "Cascadia Mono", Consolas, "Sarasa Mono SC", "Noto Sans Mono CJK SC", "Noto Sans Mono", monospace'

const ink: MantineColorsTuple = [
  '#eef2ff',
  '#e0e7ff',
  '#c3cffc',
  '#a0b1f7',
  '#7f94f0',
  '#6079e6',
  '#4a62d8',
  '#3a50bf',
  '#2f429d',
  '#27377f',
]

export const theme = createTheme({
  primaryColor: 'ink',
  primaryShade: { light: 7, dark: 6 },
  colors: { ink },
  fontFamily: sans,
  fontFamilyMonospace: mono,
  fontSizes: { xs: '11px', sm: '12px', md: '13px', lg: '15px', xl: '18px' },
  lineHeights: { xs: '1.4', sm: '1.45', md: '1.5', lg: '1.5', xl: '1.4' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  radius: { xs: '3px', sm: '4px', md: '6px', lg: '8px', xl: '12px' },
  defaultRadius: 'md',
  headings: { fontFamily: sans, fontWeight: '600' },
  respectReducedMotion: true,
  cursorType: 'pointer',
  focusRing: 'auto',
  components: {
    Button: { defaultProps: { size: 'xs' } },
    TextInput: { defaultProps: { size: 'xs' } },
    Textarea: { defaultProps: { size: 'xs' } },
    // Two buttons of a height that can be hit do not fit into the field; the arrow keys step.
    NumberInput: { defaultProps: { size: 'xs', hideControls: true } },
    PasswordInput: { defaultProps: { size: 'xs' } },
    Select: { defaultProps: { size: 'xs' } },
    MultiSelect: { defaultProps: { size: 'xs' } },
    SegmentedControl: { defaultProps: { size: 'xs' } },
    Checkbox: { defaultProps: { size: 'xs' } },
    Switch: { defaultProps: { size: 'sm' } },
    // Words as they are, not in capitals.
    Badge: { defaultProps: { tt: 'none' } },
    Tooltip: { defaultProps: { openDelay: 400, withArrow: false } },
    Modal: { defaultProps: { centered: true, transitionProps: { duration: 120 } } },
  },
})

/** The theme with the names of what has only an icon, in the language of the moment. */
export function themeWith(names: { readonly close: string }): typeof theme {
  const closeButtonProps = { 'aria-label': names.close }
  return mergeThemeOverrides(theme, {
    components: {
      Modal: { defaultProps: { ...theme.components?.Modal?.defaultProps, closeButtonProps } },
      Notification: { defaultProps: { closeButtonProps } },
    },
  })
}
