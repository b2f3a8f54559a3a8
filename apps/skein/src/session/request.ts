import { existsSync, statSync } from "node:fs"
import { homedir } from "node:os"
import { isAbsolute, resolve } from "node:path"
import type { HostRequest, TapeRequest } from "@skein/host"
import { hostPattern, TIERS } from "@skein/protocol"
import { given } from "@skein/protocol/json"
import type { Flags } from "../flags.ts"
import type { Io } from "../io.ts"
import { UsageError } from "../usage.ts"
import { VERSION } from "../version.ts"

/** Other words for sandbox modes, as other programs say them. */
const SANDBOX_WORDS: Readonly<Record<string, string>> = {
  danger: "full-access",
  "danger-full-access": "full-access",
}

/** What the command line asks of the host, with the verb's own defaults where nothing else speaks. */
export function hostRequest(flags: Flags, io: Io, fallback: HostRequest["fallback"] = undefined): HostRequest {
  const cwd = path(flags.text("cd") ?? io.cwd, io.cwd)
  const settingsFile = flags.text("settings-file")
  return {
    env: io.env,
    cwd,
    home: io.env.HOME ?? homedir(),
    version: VERSION,
    flags: configFlags(flags, io.cwd),
    overrides: flags.list("config"),
    profile: flags.text("profile"),
    permissionProfile: flags.text("permission-profile"),
    settingsFile: settingsFile === undefined ? undefined : path(settingsFile, io.cwd),
    isIgnoringUserConfig: flags.has("ignore-user-config"),
    isIgnoringRulesFiles: flags.has("ignore-rules"),
    fallback,
    consent: flags.has("no-sandbox") ? "no-sandbox" : undefined,
    onLateWarning: (sentence) => io.err(`note    ${sentence}`),
    apiKeyFile: optionalPath(flags.text("api-key-file"), io.cwd),
    tape: tapeOf(flags, io.cwd),
    isEphemeral: flags.has("ephemeral"),
    isTrusting: flags.has("trust"),
    pluginDirs: flags.list("plugin-dir").map((folder) => pluginFolder(path(folder, io.cwd))),
    mcp: {
      configs: flags.list("mcp-config").filter((text) => text.trim() !== ""),
      isStrict: flags.has("strict-mcp-config"),
    },
  }
}

/** Flags under the keys of the configuration's table. */
function configFlags(flags: Flags, cwd: string): Record<string, unknown> {
  const sandbox = flags.text("sandbox")
  const hosts = flags.list("allow").map(allowedHost)
  const addDirs = flags.list("add-dir").map((folder) => addedFolder(path(folder, cwd)))
  const mode = flags.text("mode")
  // What chooses the model is called a mode elsewhere.
  const tier = TIERS.find((name) => name === mode)
  const limits = {
    ...given("steps", count(flags, "max-tool-rounds")),
    ...given("tokens", count(flags, "max-tokens")),
    ...given("usd", amount(flags, "max-budget-usd")),
  }
  return {
    ...given("model", flags.text("model")),
    ...given("mode", tier === undefined ? mode : undefined),
    ...given("sandbox", sandbox === undefined ? sandboxFor(addDirs) : (SANDBOX_WORDS[sandbox] ?? sandbox)),
    ...(flags.text("fallback-model") === undefined ? {} : { models: { fallback: flags.text("fallback-model") } }),
    ...given("effort", flags.text("effort")),
    ...given("verbosity", flags.text("verbosity")),
    ...given("output_style", flags.text("output-style")),
    ...(flags.has("search") ? { web_search: "live" } : {}),
    ...given("tier", flags.text("tier") ?? tier),
    ...(addDirs.length > 0 ? { extra_roots: addDirs } : {}),
    ...(hosts.length > 0 ? { tools_network: { allow: hosts } } : {}),
    ...(Object.keys(limits).length > 0 ? { limits } : {}),
    ...logFlags(flags, cwd),
    ...lookFlags(flags),
  }
}

/** What is no host would allow nothing, and whoever mistyped it would wonder why. */
function allowedHost(text: string): string {
  const host = hostPattern(text)
  if (host !== undefined) return host
  throw new UsageError(
    `--allow ${JSON.stringify(text)}: that is no host. It takes example.com, *.example.com or example.com:8443, without a scheme or a path.`,
  )
}

/** A folder that is not there would be granted in silence, and whoever mistyped it would wonder why writing fails. */
function addedFolder(folder: string): string {
  if (existsSync(folder) && statSync(folder).isDirectory()) return folder
  throw new UsageError(`--add-dir ${JSON.stringify(folder)}: there is no such folder.`)
}

/** One that is not there would be left out in silence of whatever it was to bring. */
function pluginFolder(folder: string): string {
  if (existsSync(folder) && statSync(folder).isDirectory()) return folder
  throw new UsageError(`--plugin-dir ${JSON.stringify(folder)}: there is no such folder.`)
}

/** Another folder to write in is only of use where writing is allowed. */
function sandboxFor(addDirs: readonly string[]): string | undefined {
  return addDirs.length > 0 ? "workspace-write" : undefined
}

function logFlags(flags: Flags, cwd: string): Record<string, unknown> {
  const log = {
    ...given("level", flags.text("log-level")),
    ...given("file", optionalPath(flags.text("log-file"), cwd)),
  }
  return Object.keys(log).length > 0 ? { log } : {}
}

/** How the screen is to look and to call. */
function lookFlags(flags: Flags): Record<string, unknown> {
  const tui = {
    ...given("theme", flags.text("theme")),
    ...given("screen", oneOf(flags, { "no-alt-screen": "inline", "full-screen": "full", "screen-reader": "lines" })),
    ...given("editing", oneOf(flags, { vim: "vim" })),
    ...given("notify", oneOf(flags, { notifications: "always", "no-notifications": "never" })),
  }
  return Object.keys(tui).length > 0 ? { tui } : {}
}

/** What the one flag of these means that was given. */
function oneOf(flags: Flags, meanings: Readonly<Record<string, string>>): string | undefined {
  const said = Object.keys(meanings).filter((name) => flags.has(name))
  if (said.length > 1) throw new UsageError(`${said.map((name) => `--${name}`).join(" and ")} exclude each other.`)
  return meanings[said[0] ?? ""]
}

function tapeOf(flags: Flags, cwd: string): TapeRequest | undefined {
  const record = optionalPath(flags.text("record"), cwd)
  const replay = optionalPath(flags.text("replay"), cwd)
  if (record !== undefined && replay !== undefined) throw new UsageError("--record and --replay exclude each other.")
  if (replay !== undefined) return { kind: "replay", file: replay }
  if (record === undefined) return undefined
  const label = flags.text("record-label")
  return {
    kind: "record",
    file: record,
    source: label === undefined ? "live" : "scripted",
    label: label ?? "live recording",
  }
}

function count(flags: Flags, name: string): number | undefined {
  const text = flags.text(name)
  if (text === undefined) return undefined
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new UsageError(`--${name} takes a whole number of at least 1, not ${JSON.stringify(text)}.`)
}

function amount(flags: Flags, name: string): number | undefined {
  const text = flags.text(name)
  if (text === undefined) return undefined
  const value = Number(text)
  if (text.trim() !== "" && Number.isFinite(value) && value > 0) return value
  throw new UsageError(`--${name} takes an amount above 0, not ${JSON.stringify(text)}.`)
}

function optionalPath(given: string | undefined, cwd: string): string | undefined {
  return given === undefined ? undefined : path(given, cwd)
}

export function path(given: string, cwd: string): string {
  return isAbsolute(given) ? given : resolve(cwd, given)
}
