import { realpathSync } from "node:fs"
import type * as vscode from "vscode"

/** Links resolved, as skein names files; undefined for what is no file. */
export function pathOf({ scheme, fsPath }: vscode.Uri): string | undefined {
  if (scheme !== "file") return undefined
  try {
    return realpathSync(fsPath)
  } catch {
    // It is not on the disk yet.
    return fsPath
  }
}

/** As skein would name it that works in `cwd`: from there, and whole where it lies elsewhere, as in another folder of the window. */
export function nameOf(uri: vscode.Uri, cwd: string): string {
  const path = pathOf(uri) ?? uri.toString()
  return path.startsWith(`${cwd}/`) ? path.slice(cwd.length + 1) : path
}
