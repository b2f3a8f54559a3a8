import { existsSync, rmSync } from "node:fs"
import { join } from "node:path"
import { SkeinError } from "@skein/protocol"
import { type Brought, broughtBy } from "../brings.ts"
import { contentHash, filesIn, type PluginFile, refused } from "../files.ts"
import { type Problem, type ReadPlugin, readPlugin } from "../manifest/plugin.ts"
import { type Verdict, verdictOn } from "../signed/seal.ts"
import { staged, swept } from "./staging.ts"
import type { Installed, State, StateFile } from "./state.ts"
import { isOlder } from "./versions.ts"

/** Files from somewhere, and what the place they came from says of them. */
export interface Incoming {
  readonly files: readonly PluginFile[]
  /** In words that get it again. */
  readonly source: string
  /** The folder it is kept below: the marketplace's name, or what kind of place it came from. */
  readonly group: string
  /** What it is called there; for a plugin without a manifest, its name. */
  readonly name?: string | undefined
  /** It was put there by the person themselves: a folder or an archive that they named. */
  readonly isByHand: boolean
  /** A signed index holds it to these bytes, which speaks for it as much as a signature of its own. */
  readonly index?: { readonly signedBy: string; readonly signer: string; readonly sha256: string } | undefined
}

export interface Allowed {
  /** The person said that nobody needs to have signed it. */
  readonly isUnsigned?: boolean | undefined
  readonly isDowngrade?: boolean | undefined
}

/** A plugin that waits for a person's yes. */
export interface Proposal {
  readonly name: string
  readonly version?: string | undefined
  readonly description?: string | undefined
  readonly source: string
  readonly sha256: string
  readonly filesCount: number
  readonly bytes: number
  /** Who signed it, as the person calls them; undefined where nobody did. */
  readonly signer?: string | undefined
  readonly brings: readonly Brought[]
  /** What is passed over in it. */
  readonly problems: readonly Problem[]
  /** What is installed under this name. */
  readonly before?: Installed | undefined
  /** Installs it as it was shown, and enables it. Rejects with SkeinError. */
  agree(): Promise<Installed>
  /** Leaves nothing behind. */
  drop(): void
}

export interface InstallOptions {
  /** The folder of all plugins. */
  readonly folder: string
  readonly state: StateFile
  readonly now: () => number
}

/** Looks at a plugin without putting it to use. Rejects with SkeinError `op.invalid` for one that may not be installed. */
export async function proposed(incoming: Incoming, allowed: Allowed, options: InstallOptions): Promise<Proposal> {
  const { files } = incoming
  if (files.length === 0) throw refused("There is no file in it.")
  const state = options.state.read()
  const verdict = await verdictOn(files, state.keys)
  const waiting = await staged(options.folder, files)
  try {
    const { plugin, problems } = readPlugin(waiting.folder, incoming.name)
    if (plugin === undefined) throw refused(errorText(problems))
    const signer = signerOf(verdict, incoming, contentHash(files))
    const from = signer?.id ?? incoming.source
    refuse(plugin, { state, incoming, verdict, isSigned: signer !== undefined, from, allowed })
    const sha256 = contentHash(files)
    const installed: Installed = {
      ...{ name: plugin.name, version: plugin.version, source: incoming.source, sha256, isEnabled: true },
      ...{ folder: `${incoming.group}/${plugin.name}/${plugin.version ?? "0"}-${sha256.slice(0, HASH_CHARS)}` },
      ...{ installedAt: options.now(), signedBy: signer?.id },
    }
    return {
      ...{
        name: plugin.name,
        version: plugin.version,
        description: plugin.description,
        source: incoming.source,
        sha256,
      },
      ...{ filesCount: files.length, bytes: files.reduce((sum, { bytes }) => sum + bytes.length, 0) },
      ...{ signer: signer?.name, brings: broughtBy(plugin), problems },
      before: state.plugins.find(({ name }) => name === plugin.name),
      async agree() {
        return await options.state.change(async (now) => {
          refuse(plugin, { state: now, incoming, verdict, isSigned: signer !== undefined, from, allowed })
          swept(options.folder, now, options.now())
          if (isIntact(join(options.folder, installed.folder), sha256)) waiting.drop()
          else waiting.keep(installed.folder)
          const plugins = [...now.plugins.filter(({ name }) => name !== installed.name), installed]
          const next = { ...now, plugins, newest: { ...now.newest, ...newestOf(now, installed, from) } }
          return { state: next, result: installed }
        })
      },
      drop: waiting.drop,
    }
  } catch (error) {
    waiting.drop()
    throw error
  }
}

const HASH_CHARS = 12

/** Takes a plugin away, its data kept. False when there is none. */
export async function removed(name: string, { folder, state, now }: InstallOptions): Promise<boolean> {
  return await state.change(async (before) => {
    const found = before.plugins.find((each) => each.name === name)
    if (found === undefined) return { state: before, result: false }
    const next = { ...before, plugins: before.plugins.filter((each) => each !== found) }
    rmSync(join(folder, found.folder), { recursive: true, force: true })
    swept(folder, next, now())
    return { state: next, result: true }
  })
}

/** Whether a folder holds exactly these files. */
export function isIntact(folder: string, sha256: string): boolean {
  try {
    return existsSync(folder) && contentHash(filesIn(folder)) === sha256
  } catch (error) {
    // What may not be in a plugin was put there since.
    if (error instanceof SkeinError) return false
    throw error
  }
}

interface Judged {
  readonly state: State
  readonly incoming: Incoming
  readonly verdict: Verdict
  readonly isSigned: boolean
  /** Whose versions are one line: a signer's, else a source's. */
  readonly from: string
  readonly allowed: Allowed
}

function refuse({ name, version }: ReadPlugin, { state, incoming, verdict, isSigned, from, allowed }: Judged): void {
  const { isByHand, source } = incoming
  const before = state.plugins.find((each) => each.name === name)
  if (before !== undefined && sourceLine(before.source) !== sourceLine(source) && before.signedBy !== from && !isByHand)
    throw refused(
      `There is a plugin ${name} already, from ${before.source}. Remove it first: skein plugin remove ${name}`,
    )
  if (!isSigned && allowed.isUnsigned !== true) {
    if (verdict.kind === "unknown_key")
      throw refused(
        `${name} is signed by ${verdict.keyId}, which is no key that you trust. If you know whose it is, add it: ` +
          "skein plugin keys add FILE. To install it although nobody you trust signed it, say --unsigned.",
      )
    if (before?.signedBy !== undefined)
      throw refused(
        `${name} was signed before, by ${before.signedBy}, and this is not. Say --unsigned if that is meant.`,
      )
    if (!isByHand)
      throw refused(
        `Nobody signed ${name}, so nobody vouches for what it is. To install it all the same, say --unsigned.`,
      )
  }
  const newest = state.newest[name]
  const least = before?.version ?? (newest?.from === from ? newest.version : undefined)
  const highest =
    newest !== undefined && newest.from === from && isOlder(least ?? "", newest.version) ? newest.version : least
  if (allowed.isDowngrade === true || version === undefined || highest === undefined) return
  if (isOlder(version, highest) === true)
    throw refused(
      `${name} ${version} is older than ${highest}, which was here already. Say --downgrade if that is meant.`,
    )
}

/** Versions of one package or repository are one line. */
function sourceLine(source: string): string {
  return /[/:]/.test(source) ? source.replace(/(?<=.)[@#][^@#/]*$/, "") : source
}

function newestOf(state: State, { name, version }: Installed, from: string): State["newest"] {
  const known = state.newest[name]
  if (version === undefined) return {}
  if (known !== undefined && known.from === from && isOlder(version, known.version) === true) return {}
  return { [name]: { version, from } }
}

function signerOf(
  verdict: Verdict,
  { index }: Incoming,
  sha256: string,
): { readonly id: string; readonly name: string } | undefined {
  if (verdict.kind === "signed") return verdict.by
  return index?.sha256 === sha256 ? { id: index.signedBy, name: `${index.signer}, by the index` } : undefined
}

function errorText(problems: readonly Problem[]): string {
  const errors = problems.filter(({ isError }) => isError)
  const first = errors
    .slice(0, 5)
    .map(({ file, place, why }) => [file, place, why].filter((word) => word !== "").join(": "))
  return ["It is no plugin that can be loaded.", ...first].join(" ")
}
