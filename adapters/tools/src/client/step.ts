import { relative } from "node:path"
import type { RunContext } from "@skein/core/ports"
import { isWithin, SkeinError } from "@skein/protocol"
import type { ToolWorld } from "../define.ts"
import type { AfterChange, Written } from "../files/after-step.ts"
import { EDITABLE_BYTES_MAX } from "../files/change.ts"
import { isSameText } from "./write.ts"

/** What the client made of what was written through it: it may bring files into a form as it saves them, or not save them. */
export async function afterClient(
  { files, onDisk }: ToolWorld,
  { cwd }: RunContext,
  written: readonly Written[],
): Promise<Partial<AfterChange>> {
  if (onDisk === undefined) return {}
  const rewritten: { path: string; by: string }[] = []
  const notes: string[] = []
  const look = async () => {
    for (const { path, sha256 } of written) {
      if ((await onDisk.stat(path))?.kind !== "file") continue
      const now = await files.read(path, { bytesMax: EDITABLE_BYTES_MAX })
      if (now.sha256 !== sha256) rewritten.push({ path, by: "the editor" })
      const saved = await onDisk.read(path, { bytesMax: EDITABLE_BYTES_MAX })
      const shown = isWithin(path, cwd) ? relative(cwd, path) : path
      if (!isSameText(saved, now.bytes))
        notes.push(`The editor has not saved ${shown}: commands see it as it was before.`)
    }
  }
  await look().catch((error: unknown) => {
    if (!(error instanceof SkeinError)) throw error
    notes.push(`The editor could not be asked what became of it: ${error.message}`)
  })
  return { rewritten, notes }
}
