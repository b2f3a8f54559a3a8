import type { PluginParts } from "@skein/core/ports"
import { asObject, type Json } from "@skein/protocol/json"
import type { Flaw, HookRow } from "../row.ts"
import type { DialectId } from "../words/dialect.ts"
import { readFile, stampOf } from "./files.ts"
import { type Candidate, candidates, type Places } from "./places.ts"
import { type ReadHooks, rowsOf, sha256Of } from "./rows.ts"

/** Whatever a place's files set, before anybody asked whether it is trusted. */
export interface Found {
  readonly rows: readonly HookRow[]
  readonly flaws: readonly Flaw[]
  readonly stamp: Stamp
}

/** Of files that may set hooks: another one is another answer. */
export interface Stamp {
  /** Settings by their file. */
  readonly settings: ReadonlyMap<string, string>
  readonly plugins: string
}

/** What tells whether what was found in a place is still so. */
export function stampAt(cwd: string, places: Places, plugins: readonly PluginParts[]): Stamp {
  const files = candidates(cwd, places).map(({ file }) => [file, stampOf(file)] as const)
  const ofPlugins = plugins.flatMap(({ name, root, hooks }) =>
    hooks.map((hook) => `${name} ${root} ${hook.file} ${stampOf(hook.file)}`),
  )
  return { settings: new Map(files), plugins: ofPlugins.join("\n") }
}

/** Settings that are others in the second. */
export function changedSettings(before: Stamp, now: Stamp): readonly string[] {
  const all = new Set([...before.settings.keys(), ...now.settings.keys()])
  return [...all].filter((file) => (before.settings.get(file) ?? "") !== (now.settings.get(file) ?? ""))
}

export function findHooks(cwd: string, places: Places, plugins: readonly PluginParts[]): Found {
  const stamp = stampAt(cwd, places, plugins)
  const files = candidates(cwd, places).map((candidate) => ({ candidate, ...ofFile(candidate) }))
  const read = files.filter(
    ({ candidate }) => !files.some((other) => other.isOff && isOver(other.candidate, candidate)),
  )
  const all = [...read, ...plugins.flatMap(ofPlugin)]
  return { rows: all.flatMap(({ rows }) => rows), flaws: all.flatMap(({ flaws }) => flaws), stamp }
}

/**
 * What a switch turns off: of its own program, a person's all, a project's only what the project sets. Else a clone could
 * take a guard away.
 */
function isOver(by: Candidate, of: Candidate): boolean {
  return by.dialect === of.dialect && (by.owner === "person" || of.owner === "project")
}

function ofFile({ file, dialect, owner, within }: Candidate): ReadHooks & { readonly isOff: boolean } {
  const found = readFile(file, within)
  if (found.kind === "none") return { rows: [], flaws: [], isOff: false }
  if (found.kind === "flaw") return { rows: [], flaws: [found.flaw], isOff: false }
  const { value, sha256 } = found
  const isOff = SWITCHES[dialect](value)
  if (value.hooks === undefined) return { rows: [], flaws: [], isOff }
  return {
    ...rowsOf({ hooks: value.hooks, place: "hooks", dialect, source: { owner, file, fileSha256: sha256 } }),
    isOff,
  }
}

/** How a program's own settings say that it is to run none. */
const SWITCHES: Readonly<Record<DialectId, (settings: Json) => boolean>> = {
  claude: ({ disableAllHooks }) => disableAllHooks === true,
  codex: ({ features }) => asObject(features)?.hooks === false,
  // `hooks.enabled = false` of skein's own settings is asked before any file is read.
  skein: () => false,
}

function ofPlugin({ name, root, dataFolder, hooks }: PluginParts): readonly ReadHooks[] {
  const plugin = { name, root, dataFolder }
  return hooks.map((hook) => {
    const { file } = hook
    if ("value" in hook) {
      const fileSha256 = sha256Of(JSON.stringify(hook.value) ?? "")
      const inner = asObject(hook.value)?.hooks ?? hook.value
      return rowsOf({
        hooks: inner,
        place: "hooks",
        dialect: "claude",
        source: { owner: "plugin", file, fileSha256, plugin },
      })
    }
    const found = readFile(file, root)
    if (found.kind === "none") return { rows: [], flaws: [{ file, place: "", why: "There is no such file." }] }
    if (found.kind === "flaw") return { rows: [], flaws: [found.flaw] }
    const values = { hooks: found.value.hooks ?? found.value, place: "hooks", dialect: "claude" } as const
    return rowsOf({ ...values, source: { owner: "plugin", file, fileSha256: found.sha256, plugin } })
  })
}
