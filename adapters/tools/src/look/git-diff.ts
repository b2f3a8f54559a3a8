import { basename, dirname, relative } from "node:path"
import { type RunContext, ToolFailure } from "@skein/core/ports"
import { isWithin, SkeinError } from "@skein/protocol"
import type { ToolWorld } from "../define.ts"
import type { Place } from "../files/place.ts"

const OUTPUT_BYTES_MAX = 200_000
const TIMEOUT_MS = 30_000

/** Nothing that a repository sets may start a program, write or color. See git-config(1), git-diff(1). */
const CALM = [
  "-c",
  "core.fsmonitor=false",
  "-c",
  "core.hooksPath=/dev/null",
  "-c",
  "core.quotePath=false",
  "--no-pager",
]
const PLAIN = ["--no-color", "--no-ext-diff", "--no-textconv", "--no-renames"]

/** What differs from the last commit, files that git does not know included by name. Git runs confined and can write nothing. */
export async function gitDiff(place: Place, world: ToolWorld, context: RunContext): Promise<string> {
  const isFolder = (await world.files.stat(place.path))?.kind === "directory"
  const cwd = isFolder ? place.path : dirname(place.path)
  const unread = (await world.secretFiles?.below(context.roots)) ?? []
  const without = unread.filter((path) => isWithin(path, cwd)).map((path) => `:(exclude,literal)${relative(cwd, path)}`)
  const what = ["--", isFolder ? "." : `:(literal)${basename(place.path)}`, ...without]
  const tracked = await git(["diff", ...PLAIN, "HEAD", ...what], cwd, world, context)
  const others = await git(["ls-files", "--others", "--exclude-standard", ...what], cwd, world, context)
  const names = others.split("\n").filter(Boolean)
  const note =
    names.length === 0 ? "" : `Not known to git: ${names.slice(0, 100).join(", ")}${names.length > 100 ? " …" : ""}\n`
  return tracked + note
}

async function git(args: readonly string[], cwd: string, world: ToolWorld, context: RunContext): Promise<string> {
  const { sessionId, callId, roots, signal, layer } = context
  if (layer === undefined && (await world.exec.confinement("read-only")).kind !== "confined")
    throw new ToolFailure(
      "Git would run without a sandbox here, with what the repository sets. Use bash: git diff HEAD.",
    )
  try {
    const { exitCode, output } = await world.exec.run({
      ...{ sessionId, callId, roots, signal, layer, cwd },
      command: ["git", ...CALM, ...args],
      sandbox: layer === undefined ? "read-only" : "workspace-write",
      timeoutMs: TIMEOUT_MS,
      bytesMax: OUTPUT_BYTES_MAX,
    })
    if (exitCode === 0) return output
    throw new ToolFailure(`Git cannot tell what differs: ${output.trim().split("\n")[0]?.slice(0, 300) ?? ""}`)
  } catch (cause) {
    if (!(cause instanceof SkeinError)) throw cause
    throw new ToolFailure(`Git did not run. ${cause.message}`, { cause })
  }
}
