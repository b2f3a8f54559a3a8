import { mkdtempSync, realpathSync, rmSync, statSync } from "node:fs"
import { join } from "node:path"
import { place } from "@skein/unpack"
import type { PluginFile } from "./files.ts"

/** A folder with these files: the one they came from, or a private one in `temporary` that is taken away afterwards. */
export async function withUnpacked<T>(
  files: readonly PluginFile[],
  from: string,
  temporary: string,
  use: (root: string) => T,
): Promise<T> {
  if (statSync(from).isDirectory()) return use(realpathSync(from))
  const folder = mkdtempSync(join(temporary, "skein-plugin-"))
  try {
    await place(files, join(folder, "plugin"), "new")
    return use(realpathSync(join(folder, "plugin")))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
