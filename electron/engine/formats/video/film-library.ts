import type { DocumentFile } from '../documents/document.ts'

/** Loaded with the first film: it is large. */
export const library = () => import('mediabunny')

/** A film for the library that takes its packets out. The caller disposes of it. */
export async function openInput(file: DocumentFile) {
  const { ALL_FORMATS, CustomSource, Input } = await library()
  const source = new CustomSource({
    getSize: () => file.sizeBytes,
    read: (start, end) => file.read(start, end - start),
    prefetchProfile: 'fileSystem',
    handleUnhandledError: () => undefined,
  })
  return new Input({ source, formats: ALL_FORMATS })
}
