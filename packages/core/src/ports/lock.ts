/**
 * Takes the lock of an open file, at once or not at all. It belongs to the open file, so that the kernel frees it with its
 * process: nobody has to judge whether a holder still lives, which looks wrong from inside of a container.
 */
export type TakeLock = (fd: number) => LockTaken

export type LockTaken =
  | { readonly kind: "locked"; release(): void }
  /** By another open file. */
  | { readonly kind: "held" }
  /** The file system has none. */
  | { readonly kind: "unsupported"; readonly reason: string }
