import { dirname } from "node:path"
import { SkeinError } from "@skein/protocol"
import { asList, asObject, asText, asTexts, type Json } from "@skein/protocol/json"
import { readTree } from "../config.ts"
import { config } from "./inventory.ts"
import { type Context, needed, personalOf, type Reply } from "./method.ts"
import { RpcError } from "./peer.ts"
import type { SettingRow } from "./personal.ts"

/** Codex's keys that have a meaning here, and what each is called in skein's settings. */
const KEYS: Readonly<Record<string, string>> = {
  model: "model",
  model_reasoning_effort: "effort",
  model_verbosity: "verbosity",
  sandbox_mode: "sandbox",
  approval_policy: "mode",
  web_search: "web_search",
  compact_prompt: "compact_prompt",
}

/** `config/read`: what holds, in Codex's keys, and with `includeLayers` what each layer says, in skein's own. */
export function readSettingsFile(params: Json, context: Context): Reply {
  const cwd = asText(params.cwd) ?? context.cwd
  const { personal, settings } = context
  const base = config(settings)
  if (personal === undefined) return { result: base }
  const rows = personal.settings.rows(cwd)
  const version = `sha256:${personal.settings.file().sha256}`
  const origins = Object.entries(KEYS).flatMap(([codex, own]) => {
    const row = rows.find(({ key }) => key === own)
    return row === undefined || row.layer === "defaults" ? [] : [[codex, { name: sourceOf(row, context), version }]]
  })
  const layers = params.includeLayers === true ? layersOf(rows, version, context) : null
  return { result: { ...base, origins: Object.fromEntries(origins), layers } }
}

function layersOf(rows: readonly SettingRow[], version: string, context: Context): readonly Json[] {
  const said = rows.filter(({ layer }) => layer !== "defaults")
  const found = [...new Map(said.map((row) => [`${row.layer} ${row.file ?? ""}`, row])).values()]
  const places = found.toSorted((a, b) => ORDER.indexOf(a.layer) - ORDER.indexOf(b.layer))
  return places.map((place) => {
    const own = said.filter(({ layer, file }) => layer === place.layer && file === place.file)
    const values = Object.fromEntries(own.map(({ key, value }) => [key, value]))
    return { name: sourceOf(place, context), version, config: values, disabledReason: null }
  })
}

/** What stands above comes first. */
const ORDER: readonly SettingRow["layer"][] = ["session", "project", "user", "defaults"]

function sourceOf({ layer, file }: SettingRow, { personal }: Context): Json {
  if (layer === "project" && file !== undefined) return { type: "project", dotCodexFolder: dirname(file) }
  if (layer === "session") return { type: "sessionFlags" }
  return { type: "user", file: file ?? personal?.settings.file().path ?? "/", profile: null }
}

/** `config/value/write` */
export function writeSetting(params: Json, context: Context): Reply {
  return written([{ keyPath: params.keyPath, value: params.value }], params, context)
}

/** `config/batchWrite` */
export function writeSettings(params: Json, context: Context): Reply {
  return written(
    asList(params.edits).map((edit) => asObject(edit) ?? {}),
    params,
    context,
  )
}

function written(edits: readonly Json[], params: Json, context: Context): Reply {
  const { settings } = personalOf("config/value/write", context)
  const { path, sha256 } = settings.file()
  const filePath = asText(params.filePath)
  if (filePath !== undefined && filePath !== path) {
    throw new RpcError(`Only the person's own settings are written: ${path}`)
  }
  const expected = asText(params.expectedVersion)
  if (expected !== undefined && expected !== `sha256:${sha256}`) {
    throw new RpcError("Configuration was modified since last read. Fetch latest version and retry.")
  }
  // All of them are understood before the first one is written.
  const kept = edits.flatMap(keptBy)
  for (const { table, key, value } of kept) settings.keep(table, key, value)
  const after = settings.file()
  return {
    result: { status: "ok", version: `sha256:${after.sha256}`, filePath: after.path, overriddenMetadata: null },
  }
}

interface Kept {
  readonly table: string
  readonly key: string
  readonly value: string | readonly string[]
}

/** One value in Codex's key as skein's settings have it. Throws RpcError for a key that is not known, or holds secrets. */
function keptBy(edit: Json): readonly Kept[] {
  const keyPath = needed(edit, "keyPath")
  const unknown = () =>
    new RpcError(
      `\`${keyPath}\` cannot be written: known keys that hold no secret are ${[...WRITABLE].join(", ")}. Others are changed in skein's own settings file`,
    )
  if (!WRITABLE.has(keyPath)) throw unknown()
  const tree = keyPath.split(".").reduceRight<unknown>((value, key) => ({ [key]: value }), edit.value)
  const { settings } = understood(asObject(tree) ?? {})
  const kept = Object.entries(settings).flatMap(([key, value]): readonly Kept[] => {
    if (typeof value === "string") return [{ table: "", key, value }]
    if (Array.isArray(value)) return [{ table: "", key, value: asTexts(value) }]
    return Object.entries(asObject(value) ?? {}).flatMap(([inner, own]) =>
      typeof own === "string" ? [{ table: key, key: inner, value: own }] : [],
    )
  })
  if (kept.length === 0) throw new RpcError(`The value of \`${keyPath}\` means nothing here`)
  return kept
}

function understood(tree: Json): Pick<ReturnType<typeof readTree>, "settings"> {
  try {
    return readTree(tree)
  } catch (error) {
    if (error instanceof SkeinError) throw new RpcError(error.message)
    throw error
  }
}

const WRITABLE: ReadonlySet<string> = new Set([
  "model",
  "model_provider",
  "model_reasoning_effort",
  "model_verbosity",
  "sandbox_mode",
  "sandbox_workspace_write.network_access",
  "sandbox_workspace_write.writable_roots",
  "web_search",
])
