import { createDecoder, createEncoder } from '../codec.ts'
import { createContextBridge } from './context-bridge.ts'
import { createIpcRenderer } from './ipc-renderer.ts'
import { createPopupMenu } from './popup-menu.ts'
import { receiveMessages } from './receive-messages.ts'
import { runPage } from './run-page.ts'
import { createWebUtils } from './web-utils.ts'
import { addWindowBehaviour } from './window-behaviour.ts'

/**
 * What runs in a page before its own scripts: the preload, with an `electron` that has what a sandboxed preload has.
 * Each function of this folder is turned into text by itself and gets by parameter what it needs of the others: it must
 * not refer to anything outside of itself but types and what every page has.
 */

/** Name of the function that a page pauses in to ask for a file's path (see ../file-paths.ts). */
export const pauseName = '__electronFilePaths'

/** Files of a drop per pause: with thousands, the page pauses neither for long nor once for each. */
export const pathsAtOnce = 64

/** The script for `addInitScript`: `binding` names the function that reaches Node, `preload` is the preload's text. */
export function preloadScript(binding: string, preload: string | null): string {
  return `(() => {
  const call = globalThis[${JSON.stringify(binding)}];
  delete globalThis[${JSON.stringify(binding)}];
  if (window !== window.top || !location.protocol.startsWith('http')) return;
  const toBase64 = bytes => {
    if (bytes.toBase64 !== undefined) return bytes.toBase64();
    let text = '';
    for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
    return btoa(text);
  };
  const fromBase64 = text =>
    Uint8Array.fromBase64 !== undefined ? Uint8Array.fromBase64(text) : Uint8Array.from(atob(text), c => c.charCodeAt(0));
  const codec = {
    encode: (${createEncoder.toString()})(toBase64),
    decode: (${createDecoder.toString()})(fromBase64),
  };
  const preload = ${preload === null ? 'null' : `(require, module, exports) => {\n${preload}\n}`};
  (${runPage.toString()})({
    codec,
    call,
    preload,
    pathsAtOnce: ${pathsAtOnce},
    createIpcRenderer: ${createIpcRenderer.toString()},
    createContextBridge: ${createContextBridge.toString()},
    createWebUtils: ${createWebUtils.toString()},
    addWindowBehaviour: ${addWindowBehaviour.toString()},
    createPopupMenu: ${createPopupMenu.toString()},
    receiveMessages: ${receiveMessages.toString()},
  });
})()`
}
