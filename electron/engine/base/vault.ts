/** Where secrets are kept: the window's safeStorage, or nothing in the command line. */
export interface Vault {
  readonly strength: 'keychain' | 'weak' | 'none'
  encrypt(plain: string): Promise<Uint8Array>
  /** Throws `Problem('vault_unavailable')` when the keychain is locked, lost or changed. */
  decrypt(cipher: Uint8Array): Promise<string>
}
