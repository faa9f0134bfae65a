import type { Family } from '../family.ts'

/** The formats of the platform's asynchronous audio checks (docs/protocol.md §3.2); m4a is not among them. */
const extensions = new Set(['mp3', 'aac', 'ac3', 'asf', 'wma', 'flac', 'ogg', 'oga', 'opus', 'wav'])

/** Whether the platforms take recordings of this type. */
export function isTakenAudio(extension: string, mime: string): boolean {
  return extensions.has(extension) && mime.startsWith('audio/')
}

/** Recordings, which go to the platform by address as they are. */
export const audio: Family = {
  formats: [
    { reads: 'media', kind: 'audio', name: 'audio', reading: ['audio', 1], takes: mime => mime.startsWith('audio/') },
  ],
  familiar: { kind: 'audio', extensions: ['mp3', 'aac', 'ac3', 'wma', 'flac', 'ogg', 'opus', 'wav', 'm4a', 'amr'] },
  signed: (_, signature) =>
    signature !== null && isTakenAudio(signature.extension, signature.mime)
      ? { kind: 'audio', mime: signature.mime }
      : null,
}
