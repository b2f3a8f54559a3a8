/** A file as it lies in an archive. */
export interface PackedFile {
  /** From the archive's root, with `/`; it leads nowhere else, and no other of the archive is called the same. */
  readonly path: string
  readonly bytes: Uint8Array
  readonly isExecutable: boolean
}
