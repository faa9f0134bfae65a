import { join } from 'node:path'
import { type FuseConfig, FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses'
import type { AfterPackContext, Configuration, FileAssociation } from 'electron-builder'

/**
 * Installers for Windows, macOS and Linux. `PRESCREEN_PACKAGE=test` leaves the inspector on, without which no test can
 * attach to the packaged program; such a package is never released.
 */
export type Flavour = 'release' | 'test'

/** All fuses, by name: an Electron that brings another one fails the build until somebody has decided about it. */
export function fuses(flavour: Flavour): FuseConfig & { strictlyRequireAllFuses: true } {
  return {
    version: FuseVersion.V1,
    strictlyRequireAllFuses: true,
    // Flipping breaks the ad-hoc signature without which Apple's own chips start nothing.
    resetAdHocDarwinSignature: true,
    [FuseV1Options.RunAsNode]: false,
    [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
    [FuseV1Options.EnableNodeCliInspectArguments]: flavour === 'test',
    [FuseV1Options.OnlyLoadAppFromAsar]: true,
    [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
    [FuseV1Options.EnableCookieEncryption]: true,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    // Nothing is loaded from file:, see electron/main/policies/address.ts.
    [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
    // Chromium's default: WebAssembly is checked by traps instead of by code.
    [FuseV1Options.WasmTrapHandlers]: true,
  }
}

/** Each platform's prebuilt addons of its own only; better-sqlite3 carries all of them in one package. */
const foreignAddons = (own: readonly string[]): string[] =>
  [
    'darwin-arm64',
    'darwin-x64',
    'linux-arm64',
    'linux-x64',
    'linuxmusl-arm64',
    'linuxmusl-x64',
    'win32-arm64',
    'win32-x64',
  ]
    .filter(name => !own.includes(name))
    .map(name => `!node_modules/better-sqlite3/prebuilds/${name}.node`)

const files = [
  'package.json',
  'out/main/**',
  'out/preload/**',
  'out/renderer/**',
  'resources/samples/**',
  // Not unpacked: nobody changes what the program goes by without breaking its seal.
  'resources/rules/**',
  '!**/*.map',
  // Sources of what is shipped as a prebuilt addon.
  '!node_modules/better-sqlite3/{deps,src}/**',
  '!node_modules/better-sqlite3/binding.gyp',
  // Other builds of the same library: one of them is loaded, see electron/engine/imaging/hevc.ts.
  '!node_modules/libheif-js/libheif/**',
  '!node_modules/libheif-js/libheif-wasm/libheif-bundle.*',
  // The same program for browsers and for CommonJS.
  '!node_modules/@embedpdf/pdfium/dist/index.{browser.js,cjs}',
  '!node_modules/node-unrar-js/esm/**',
]

/**
 * "Open with" offers the program; it becomes nobody's default. Windows has its own way (installer.nsh): there these would
 * take the extensions over, whatever the rank, which is macOS' alone.
 */
const openWith: FileAssociation[] = [
  { ext: ['jpg', 'jpeg'], name: 'JPEG image', mimeType: 'image/jpeg', role: 'Viewer', rank: 'Alternate' },
  { ext: 'png', name: 'PNG image', mimeType: 'image/png', role: 'Viewer', rank: 'Alternate' },
  { ext: 'gif', name: 'GIF image', mimeType: 'image/gif', role: 'Viewer', rank: 'Alternate' },
  { ext: 'webp', name: 'WebP image', mimeType: 'image/webp', role: 'Viewer', rank: 'Alternate' },
  { ext: 'txt', name: 'Text', mimeType: 'text/plain', role: 'Viewer', rank: 'Alternate' },
  { ext: 'csv', name: 'Table', mimeType: 'text/csv', role: 'Viewer', rank: 'Alternate' },
]

const configuration: Configuration = {
  appId: 'app.prescreen.workstation',
  productName: 'Prescreen',
  executableName: 'prescreen-workstation',
  directories: { output: 'dist', buildResources: 'resources/icons' },
  files,
  asar: true,
  asarUnpack: [
    '**/*.node',
    '**/node_modules/@img/**',
    // The children that decode, and what they import. Only .node files would leave libvips inside of the archive.
    'package.json',
    'out/main/{imaging,document}-worker.js',
    'out/main/chunks/**',
    'node_modules/{sharp,detect-libc,semver,zod,libheif-js}/**',
    'node_modules/{@embedpdf/pdfium,mediabunny,node-unrar-js}/**',
    // Opened by a program of the system.
    'out/main/licences.txt',
    // Read as any dropped folder is, by path.
    'resources/samples/**',
  ],
  // Both addons are Node-API with prebuilt binaries in their packages.
  npmRebuild: false,
  nodeGypRebuild: false,
  buildDependenciesFromSource: false,
  afterPack: context => flipFuses(programFile(context), fuses(flavour())).then(() => undefined),
  win: {
    target: [{ target: 'nsis', arch: ['x64', 'arm64'] }],
    icon: 'resources/icons/icon.ico',
    files: foreignAddons(['win32-x64', 'win32-arm64']),
  },
  nsis: {
    oneClick: false,
    perMachine: false,
    allowToChangeInstallationDirectory: true,
    installerLanguages: ['zh_CN', 'en_US'],
    deleteAppDataOnUninstall: false,
    include: 'resources/installer.nsh',
  },
  mac: {
    target: [{ target: 'dmg', arch: ['arm64', 'x64'] }],
    icon: 'resources/icons/icon.icns',
    category: 'public.app-category.productivity',
    hardenedRuntime: true,
    fileAssociations: openWith,
    files: foreignAddons(['darwin-arm64', 'darwin-x64']),
  },
  linux: {
    target: ['AppImage', 'deb'],
    icon: 'resources/icons',
    category: 'Office',
    fileAssociations: openWith,
    synopsis: 'Screens marketing material before it is published',
    files: foreignAddons(['linux-x64', 'linux-arm64']),
  },
}

export default configuration

function flavour(): Flavour {
  return process.env.PRESCREEN_PACKAGE === 'test' ? 'test' : 'release'
}

function programFile({ electronPlatformName, appOutDir, packager }: AfterPackContext): string {
  const { productFilename } = packager.appInfo
  switch (electronPlatformName) {
    case 'darwin':
      return join(appOutDir, `${productFilename}.app`)
    case 'win32':
      return join(appOutDir, `${productFilename}.exe`)
    default:
      return join(appOutDir, configuration.executableName ?? productFilename)
  }
}
