import { existsSync } from "node:fs"
import { join } from "node:path"
import { type Place, type PluginsPort, type TakeLock, ToolFailure } from "@skein/core/ports"
import { readObject, replaceFile } from "@skein/kept"
import { type Declared, type DeclaredTool, declaredIn } from "./declared.ts"
import { Finder, type Found, sha256 } from "./found.ts"
import type { Programs } from "./process/programs.ts"

/** An extension and what is known of it. */
export interface Known {
  readonly found: Found
  readonly declared: Declared
  readonly tools: readonly KnownTool[]
}

export interface KnownTool extends DeclaredTool {
  /** As a model calls it: `ext__<plugin>__<tool>`. */
  readonly callName: string
  /** What its pin is kept under. */
  readonly pinnedAs: string
  /** All that a person approves, as text. */
  readonly definition: string
  /** Of `definition`. */
  readonly sha256: string
}

export interface KnowingOptions {
  readonly plugins: Pick<PluginsPort, "enabled">
  readonly programs: Programs
  /** What extensions declare, by their bytes, so that telling of them starts none. */
  readonly cacheDir: string
  readonly lock: () => Promise<TakeLock>
  /** Tells the person; the same sentence once. */
  readonly warn: (sentence: string) => void
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/** After an extension could not be loaded, it is not tried again for so long while its bytes are the same. */
const TRY_AGAIN_MS = 60_000
/** Undoes what a start that never ends would do to a turn's begin. */
const LOOK_MS = 15_000

/** What extensions of a place there are and what they declare. Starts one only where its bytes were never seen. */
export class Knowing {
  readonly #options: KnowingOptions
  readonly #finder = new Finder()
  readonly #declared = new Map<string, Declared>()
  readonly #failed = new Map<string, { readonly why: string; readonly atMs: number }>()
  readonly #looking = new Map<string, Promise<Declared | undefined>>()
  readonly #places = new Map<string, readonly Known[]>()

  constructor(options: KnowingOptions) {
    this.#options = options
  }

  /** As it was when it was last looked at. */
  at({ cwd }: Pick<Place, "cwd">): readonly Known[] {
    return this.#places.get(cwd) ?? []
  }

  async look(place: Place): Promise<readonly Known[]> {
    const { plugins, programs } = this.#options
    const found = this.#finder.found(await plugins.enabled(place))
    const current = new Map(found.map(({ file, sha256 }) => [file, sha256]))
    await programs.drop((file, sha256) => current.has(file) && current.get(file) !== sha256)
    const known = await Promise.all(
      found.map(async (one) => {
        const declared = await this.#declaredBy(one, place.cwd)
        return declared === undefined ? [] : [knownOf(one, declared)]
      }),
    )
    const before = this.at(place)
    const now = uniquelyNamed(known.flat())
    // The same objects as long as they say the same: what a request tells is compared by them.
    if (JSON.stringify(before) === JSON.stringify(now)) return before
    this.#places.set(place.cwd, now)
    return now
  }

  /** A process declares something else than was known: from here on that is what is known. */
  learned(found: Found, declared: Declared, cwd: string): Known {
    this.#keep(found, declared)
    const known = knownOf(found, declared)
    const others = this.at({ cwd }).map((one) => (one.found.file === found.file ? known : one))
    this.#places.set(cwd, others)
    return known
  }

  async #declaredBy(found: Found, cwd: string): Promise<Declared | undefined> {
    const { sha256 } = found
    const kept = this.#declared.get(sha256) ?? this.#kept(sha256)
    if (kept !== undefined) return kept
    const failed = this.#failed.get(sha256)
    if (failed !== undefined && this.#options.now() - failed.atMs < TRY_AGAIN_MS) return undefined
    const looking = this.#looking.get(sha256) ?? this.#lookAt(found, cwd).finally(() => this.#looking.delete(sha256))
    this.#looking.set(sha256, looking)
    return await looking
  }

  async #lookAt(found: Found, cwd: string): Promise<Declared | undefined> {
    const { programs, warn, now } = this.#options
    try {
      const declared = await programs.look(found, cwd, AbortSignal.timeout(LOOK_MS))
      for (const flaw of declared.flaws) warn(`${found.title}: ${flaw}`)
      this.#keep(found, declared)
      this.#failed.delete(found.sha256)
      return declared
    } catch (error) {
      const isExpected = error instanceof ToolFailure || (error instanceof Error && error.name === "TimeoutError")
      if (!isExpected) throw error
      const why =
        error instanceof ToolFailure ? error.message : `${found.title} did not start within ${LOOK_MS / 1_000} s.`
      this.#failed.set(found.sha256, { why, atMs: now() })
      warn(`${why} It is left out. Look: skein plugin dev ${found.root}`)
      return undefined
    }
  }

  #keep({ sha256 }: Found, declared: Declared): void {
    this.#declared.set(sha256, declared)
    const { tools, commands, hooks } = declared
    const rows = tools.map(({ isReadOnlyHinted, ...tool }) => ({
      ...tool,
      ...(isReadOnlyHinted ? { effects: ["read"] } : {}),
    }))
    replaceFile(this.#fileOf(sha256), JSON.stringify({ v: 1, tools: rows, commands, hooks }))
  }

  #kept(sha256: string): Declared | undefined {
    const file = this.#fileOf(sha256)
    const kept = existsSync(file) ? readObject(file) : undefined
    if (kept?.v !== 1) return undefined
    const declared = declaredIn(kept)
    this.#declared.set(sha256, declared)
    return declared
  }

  #fileOf(sha256: string): string {
    return join(this.#options.cacheDir, `${sha256}.json`)
  }
}

/** Two plugins may have names that are the same in a tool's: the first one's tools are those. */
function uniquelyNamed(all: readonly Known[]): readonly Known[] {
  const names = new Set<string>()
  return all.map((known) => ({
    ...known,
    tools: known.tools.filter(({ callName }) => !names.has(callName) && names.add(callName) !== undefined),
  }))
}

export function knownOf(found: Found, declared: Declared): Known {
  return { found, declared, tools: declared.tools.map((tool) => knownTool(found, tool)) }
}

function knownTool(found: Found, tool: DeclaredTool): KnownTool {
  const { group, file, network, canWriteWorkspace } = found
  const { name, description, inputSchema, isReadOnlyHinted } = tool
  const definition = [
    description,
    JSON.stringify(inputSchema, undefined, 2),
    isReadOnlyHinted ? "It says that it changes nothing." : "It may change things.",
    `It may ${canWriteWorkspace ? "" : "not "}write the workspace.`,
    `It may reach ${network.length === 0 ? "nothing" : network.join(", ")}.`,
  ].join("\n")
  const pinnedAs = sha256(JSON.stringify([found.plugin, file.split("/").at(-1), name]))
  return { ...tool, callName: `${PREFIX}${group}__${name}`, pinnedAs, definition, sha256: sha256(definition) }
}

export const PREFIX = "ext__"
