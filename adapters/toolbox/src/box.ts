import type { Place, ToolFacts } from "@skein/core/ports"
import { descriptionOf } from "./describe.ts"
import type { Description } from "./description.ts"
import { type Script, scriptsIn } from "./find.ts"
import type { Kept } from "./kept.ts"
import type { ToolboxOptions } from "./options.ts"

export interface BoxTool {
  readonly facts: ToolFacts
  readonly script: Script
  readonly description: Description
}

export const PREFIX = "toolbox__"
export const TIMEOUT_MS = 120_000
/** So many are told in full. */
const IN_FULL_MAX = 4
const SUMMARY_CHARS_MAX = 80

/** The scripts of a folder as tools, as they are now; found anew when a turn begins. */
export class Boxes {
  readonly #options: ToolboxOptions
  readonly #kept: Kept
  readonly #known = new Map<string, readonly BoxTool[]>()
  /** Why a script is no tool, by its identity: asked again by the next skein, as it may have been the machine. */
  readonly #failed = new Map<string, string>()
  readonly #told = new Set<string>()

  constructor(options: ToolboxOptions, kept: Kept) {
    this.#options = options
    this.#kept = kept
  }

  now({ cwd }: Place): readonly BoxTool[] {
    return this.#known.get(cwd) ?? []
  }

  /** When a turn begins: what is told of them is this until the next. */
  async look(place: Place): Promise<void> {
    this.#known.set(place.cwd, await this.fresh(place))
  }

  /** As they are at this moment. */
  async fresh({ cwd }: Place): Promise<readonly BoxTool[]> {
    const all = this.#options.folders(cwd).flatMap(scriptsIn)
    const scripts = await this.#usable(cwd, all)
    const described = await this.#described(scripts, cwd)
    const byName = new Map<string, { script: Script; description: Description }>()
    for (const { script, description } of described) {
      const first = byName.get(description.name)
      if (first === undefined) byName.set(description.name, { script, description })
      else this.#tell(`${script.path} is no tool: ${first.script.path} has its name, ${description.name}.`)
    }
    const tools = [...byName.values()].map((one) => toolOf(one, byName.size <= IN_FULL_MAX))
    const before = this.now({ cwd })
    // The same objects while they say the same: what a request tells is compared by them.
    return tools.map((tool) => {
      const known = before.find(({ facts }) => isSame(facts, tool.facts))
      return known === undefined ? tool : { ...tool, facts: known.facts }
    })
  }

  async #usable(cwd: string, all: readonly Script[]): Promise<readonly Script[]> {
    const ofProject = all.filter(({ folder }) => folder.isOfProject)
    if (ofProject.length === 0) return all
    const files = ofProject.flatMap(({ path, sha256, sidecar }) => [{ path, sha256 }, ...(sidecar ? [sidecar] : [])])
    const trusted = await this.#options.trusted(cwd, files)
    const isTrusted = ({ path, sidecar }: Script) =>
      trusted.has(path) && (sidecar === undefined || trusted.has(sidecar.path))
    const left = ofProject.filter((script) => !isTrusted(script))
    const [first] = left
    if (first !== undefined) {
      const what = left.length === 1 ? `${first.path} is` : `${first.path} and ${left.length - 1} more scripts are`
      await this.#options.leaveOut(
        cwd,
        `${what} no tool: nobody trusts that as it is now. A person can: skein trust accept.`,
      )
    }
    return all.filter((script) => !left.includes(script))
  }

  async #described(scripts: readonly Script[], cwd: string) {
    const fresh = new Map<string, Description>()
    const all = await Promise.all(
      scripts.map(async (script) => {
        const known = this.#kept.description(script.identity) ?? this.#failed.get(script.identity)
        const said = known ?? (await descriptionOf(script, cwd, this.#options))
        if (typeof said === "string") this.#failed.set(script.identity, said)
        else if (known === undefined) fresh.set(script.identity, said)
        return { script, said }
      }),
    )
    if (fresh.size > 0) await this.#kept.describe(fresh)
    return all.flatMap(({ script, said }) => {
      if (typeof said !== "string") return [{ script, description: said }]
      this.#tell(`${script.path} is no tool: ${said}.`)
      return []
    })
  }

  #tell(sentence: string): void {
    if (this.#told.has(sentence)) return
    this.#told.add(sentence)
    this.#options.warn(sentence)
  }
}

function toolOf({ script, description }: { script: Script; description: Description }, isInFull: boolean): BoxTool {
  const { name, description: about, inputSchema, effects, timeoutMs = TIMEOUT_MS } = description
  const isReading = effects?.every((effect) => effect === "read") ?? false
  const facts: ToolFacts = {
    ...{ name: `${PREFIX}${name}`, description: about, inputSchema, kind: "execute", file: script.path },
    ...{ effects: ["execute"], isConcurrent: isReading, timeoutMs },
    ...(isInFull ? {} : { summary: summaryOf(about) }),
  }
  return { facts, script, description }
}

function summaryOf(about: string): string {
  const first = about.split(/(?<=[.:;])\s|\n/, 1)[0] ?? ""
  const plain = first.replace(/\s+/g, " ").replace(/[.:;]$/, "")
  return plain.length <= SUMMARY_CHARS_MAX ? plain : `${plain.slice(0, SUMMARY_CHARS_MAX - 1)}…`
}

function isSame(left: ToolFacts, right: ToolFacts): boolean {
  return JSON.stringify(left) === JSON.stringify(right)
}
