/** What of a folder is trusted: who is about to run something of it asks this. */
export interface Trusting {
  trustOf(path: string): Promise<FolderTrust>
  isRefused(path: string): boolean
}

export interface FolderTrust {
  /** Real path of what is trusted as a whole. */
  readonly folder: string
  readonly state: "trusted" | "untrusted" | "changed"
  readonly decision?: "trusted" | "refused" | undefined
  readonly isByPerson: boolean
  readonly items: readonly TrustItem[]
  /** Those the person has not decided about as they are now. */
  readonly changed: readonly TrustItem[]
}

export interface TrustItem {
  readonly kind: string
  /** The path in the folder, and behind `#` the place in that file. */
  readonly name: string
  readonly sha256: string
}
