import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** A folder for what must not outlive the process; its name cannot be guessed, its owner alone may enter. */
export function temporaryData(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "skein-"))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}
