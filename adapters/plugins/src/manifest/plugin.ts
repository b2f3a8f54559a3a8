import { statSync } from "node:fs"
import { basename, relative } from "node:path"
import type { PluginExtension, PluginValue } from "@skein/core/ports"
import { isValues, type Values } from "./checks.ts"
import { CAPABILITY, FORMS, type Form, type ManifestKind, NAME, type PartKind } from "./forms.ts"
import { type FoundManifest, insideOf, manifestsIn } from "./read.ts"

/** A plugin as its folder says it. */
export interface ReadPlugin {
  readonly name: string
  readonly version?: string | undefined
  readonly description?: string | undefined
  /** Absolute, resolved. */
  readonly root: string
  /** The manifests that were gone by; none when only its folders say what it is. */
  readonly kinds: readonly ManifestKind[]
  readonly parts: Parts
  readonly capabilities: readonly string[]
}

export interface Parts {
  readonly skills: readonly string[]
  readonly commands: readonly string[]
  readonly agents: readonly string[]
  readonly outputStyles: readonly string[]
  readonly hooks: readonly PluginValue[]
  readonly mcpServers: readonly PluginValue[]
  readonly extensions: readonly PluginExtension[]
}

/** What is wrong with a plugin: the file from its root, the place in it, and a sentence. */
export interface Problem {
  readonly file: string
  readonly place: string
  readonly why: string
  readonly isError: boolean
}

export interface Reading {
  /** Undefined when it cannot be loaded: `problems` has the error. */
  readonly plugin?: ReadPlugin | undefined
  readonly problems: readonly Problem[]
}

/**
 * Reads what a folder says of the plugin in it: its manifests and where its parts lie, not the parts. `root` is absolute and
 * resolved. A plugin without a manifest is called `name`, where a marketplace says so, and has what lies at the usual places.
 */
export function readPlugin(root: string, name?: string): Reading {
  const found = manifestsIn(root)
  const problems: Problem[] = found.flatMap(({ form, flaws }) => flaws.map((flaw) => ({ file: form.file, ...flaw })))
  if (problems.some(({ isError }) => isError)) return { problems }
  const about = aboutOf(found, name ?? (found.length === 0 ? undefined : basename(root)))
  const none = { file: "", place: "", why: `No manifest is in it: ${FILES}.`, isError: true }
  if (about === undefined) return { problems: [none] }
  const capabilities = textsOf(valueAt(found, "capabilities")).filter((each) => CAPABILITY.test(each))
  const parts = partsOf(root, found, capabilities, problems)
  if (found.length === 0 && Object.values(parts).every((each) => each.length === 0)) return { problems: [none] }
  return { plugin: { ...about, root, kinds: found.map(({ form }) => form.kind), parts, capabilities }, problems }
}

const FILES = FORMS.map(({ file }) => file).join(", ")
/** What a folder without a manifest is read by. */
const BARE: Form | undefined = FORMS.find(({ kind }) => kind === "claude")

function aboutOf(
  found: readonly FoundManifest[],
  name: string | undefined,
): Pick<ReadPlugin, "name" | "version" | "description"> | undefined {
  const called = valueAt(found, "name") ?? name
  if (typeof called !== "string" || !NAME.test(called)) return undefined
  const version = valueAt(found, "version")
  const description = valueAt(found, "description")
  return {
    name: called,
    version: typeof version === "string" ? version : undefined,
    description: typeof description === "string" ? description : undefined,
  }
}

/** What the nearest manifest that has the member says. */
function valueAt(found: readonly FoundManifest[], key: string): unknown {
  return found.find(({ value }) => value?.[key] !== undefined)?.value?.[key]
}

function partsOf(
  root: string,
  found: readonly FoundManifest[],
  capabilities: readonly string[],
  problems: Problem[],
): Parts {
  const named = (kind: PartKind) => namedOf(root, found, kind, problems)
  const paths = (kind: PartKind) => named(kind).flatMap((each) => ("value" in each ? [] : [each.file]))
  return {
    skills: paths("skills"),
    commands: paths("commands"),
    agents: paths("agents"),
    outputStyles: paths("outputStyles"),
    hooks: named("hooks"),
    mcpServers: named("mcpServers"),
    extensions: paths("extensions").map((file) => ({
      file,
      network: capabilities.flatMap((each) => (each.startsWith("network:") ? [each.slice("network:".length)] : [])),
      canWriteWorkspace: capabilities.includes("workspace:write"),
    })),
  }
}

function namedOf(
  root: string,
  found: readonly FoundManifest[],
  kind: PartKind,
  problems: Problem[],
): readonly PluginValue[] {
  const saying = found.find(({ value }) => value?.[kind] !== undefined)
  const form = saying?.form ?? found.findLast(({ form: { defaults } }) => defaults[kind] !== undefined)?.form ?? BARE
  const usual = form?.defaults[kind]
  const isUsualToo = (saying === undefined || form?.areDefaultsKept === true) && valueAt(found, "onlyNamed") !== true
  const parts = new Map<string, PluginValue>()
  const usualPath = usual === undefined || !isUsualToo ? undefined : insideOf(root, usual)
  if (usualPath !== undefined && usualPath !== "outside") parts.set(usualPath, { file: usualPath })
  for (const [place, each] of entriesOf(saying?.value, kind)) {
    const file = saying?.form.file ?? ""
    if (typeof each !== "string") {
      const manifest = insideOf(root, file)
      if (manifest !== undefined && manifest !== "outside") parts.set(place, { file: manifest, value: each })
      continue
    }
    const path = insideOf(root, each)
    if (path === undefined) problems.push({ file, place, why: `${each} is not there.`, isError: false })
    else if (path === "outside")
      problems.push({ file, place, why: `${each} is a link out of the plugin.`, isError: false })
    else if (ONE_FILE.has(kind) && !statSync(path).isFile())
      problems.push({ file, place, why: `${each} is no file.`, isError: false })
    else if (relative(root, path) === "" && kind !== "skills")
      problems.push({ file, place, why: "The plugin's own folder holds more than that.", isError: false })
    else parts.set(path, { file: path })
  }
  return [...parts.values()]
}

const ONE_FILE: ReadonlySet<PartKind> = new Set(["hooks", "mcpServers", "extensions"])

/** Paths and values of a member, with their places. A table of commands says for each where it lies. */
function entriesOf(value: Values | undefined, kind: PartKind): readonly (readonly [string, unknown])[] {
  const member = value?.[kind]
  if (member === undefined) return []
  if (kind === "commands" && isValues(member))
    return Object.entries(member).flatMap(([key, each]) =>
      isValues(each) && typeof each.source === "string" ? [[`commands.${key}.source`, each.source] as const] : [],
    )
  if (Array.isArray(member)) return member.map((each: unknown, at) => [`${kind}[${at}]`, each] as const)
  return [[kind, member]]
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : []
}
