import { type PlanContext, type SessionsPort, ToolFailure, type ToolResult } from "@skein/core/ports"
import type { FileAction, PathChange } from "@skein/protocol"
import { isWithin } from "@skein/protocol"
import * as z from "@skein/protocol/schema"
import { defineTool, type Planned } from "../define.ts"

interface Input {
  readonly calls: number
}

/** Takes back what calls of this session changed in files: edits and what commands did, alike. */
export const undo = defineTool<Input>({
  name: "undo",
  summary: "take back what the newest calls changed in files",
  description:
    "Take back what the newest calls changed in files, commands' changes too. Refused where a file changed since.",
  input: () => z.strictObject({ calls: z.int().min(1).max(50).default(1) }),
  kind: "edit",
  effects: ["write"],
  title: ({ calls }) => (calls === 1 ? "undo the newest change" : `undo ${calls} changes`),
  plan: ({ calls }, _, context) => planRestore(calls, context),
  run: ({ calls }, _, { sessions }) => runRestore(calls, sessions, "Undone"),
})

/** What taking back so many calls would do, for the judge. Throws ToolFailure where something else changed a file since. */
export async function planRestore(
  calls: number,
  { sessions, roots }: Pick<PlanContext, "sessions" | "roots">,
): Promise<Planned<undefined>> {
  const touched = (await sessions.undoPreview(calls)).filter(({ action }) => action !== "none")
  const conflict = touched.find((file) => file.conflict !== undefined)
  if (conflict !== undefined) {
    throw new ToolFailure(
      `${conflict.path} was changed by something else since: ${conflict.conflict}. Nothing was undone.`,
    )
  }
  const paths = touched.map(({ path }) => path)
  const isInside = paths.every((path) => roots.some((root) => isWithin(path, root)))
  return {
    effects: [{ kind: "write", paths, isInside }],
    actions: touched.map(({ action, path }) => ({ verb: action, target: path })),
    fingerprint: touched.map(fingerprint).join("\n"),
    prepared: undefined,
  }
}

export async function runRestore(calls: number, sessions: SessionsPort, done: string): Promise<ToolResult> {
  const changes = await sessions.undo(calls)
  const lines = changes.map((change) => `${verbOf(change)} ${change.path}`)
  const text = lines.length === 0 ? "Nothing differs: there was nothing to undo." : `${done}:\n${lines.join("\n")}`
  return {
    forModel: [{ type: "text", text }],
    forHuman: { kind: "listing", body: lines.join("\n"), summary: `${lines.length} files` },
    changes: changes.map(({ path, before, after }) => ({
      path,
      kind: before === null ? ("add" as const) : after === null ? ("delete" as const) : ("update" as const),
      before: hashOf(before),
      after: hashOf(after),
    })),
    // What was put back is what the model knew before; what it is now has to be read.
    provenance: { source: "undo", isTrusted: true },
  }
}

function fingerprint({ action, path }: FileAction): string {
  return `${action} ${path}`
}

function verbOf({ before, after }: PathChange): string {
  if (before === null) return "made again"
  return after === null ? "deleted" : "restored"
}

function hashOf(version: PathChange["before"]): string | null {
  return version?.kind === "file" ? version.sha256 : null
}
