/** Pairs `traditional simplified` between bars; of several simplified characters the usual one is first. The package has no types for its tables. */
declare module 'opencc-js/dict/TSCharacters' {
  const pairs: string
  // biome-ignore lint/style/noDefaultExport: it is the package's.
  export default pairs
}
