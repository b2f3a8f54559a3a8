import { SkeinError } from "@skein/protocol"
import type { Choice } from "./choose.ts"
import { type LocalModel, localModel, localModels, type OwnServer } from "./local.ts"
import { baseUrlOf, type Environment } from "./providers/address.ts"
import type { OwnRow } from "./providers/user.ts"
import type { Pulling } from "./pull.ts"
import type { Fetch } from "./tape/tape.ts"

export interface OwnServersOptions {
  readonly env: Environment
  /** Stands in for the network: a tape knows nothing but what was asked then, so nothing else is. */
  readonly fetch?: Fetch | undefined
  /** Answers for the rows that a process of our own serves, in Ollama's words. Without it they have no models. */
  readonly ownProcess?: Fetch | undefined
  /** Of this machine: bounds the window that a local model is given. */
  readonly memoryBytes?: number | undefined
  /** The way to a row's address. */
  readonly reach: (row: OwnRow) => Fetch
}

/** Servers that say themselves what they have, and what their models can: an Ollama, and a process of our own. */
export interface OwnServers {
  /** Undefined for a row that has no such server. */
  of(row: OwnRow): OwnServer | undefined
  /** How a request gets to a process of our own; undefined for a row that has an address. */
  wayTo(row: OwnRow): Fetch | undefined
  /** What only the server knows of its model: once, and undefined when it was told or nobody answers. */
  learn(row: OwnRow, modelId: string): Promise<LocalModel | undefined>
  /** The ids of a server's models; none when it does not answer. */
  idsOf(row: OwnRow): Promise<readonly string[]>
  /** Has a model's server get it. Throws SkeinError `op.unsupported` where the server gets none. */
  pull(choice: Choice, how: Pulling): Promise<void>
  /** `provider/model` of all; undefined when none of these servers answers. */
  models(rows: readonly OwnRow[]): Promise<readonly string[] | undefined>
}

export function ownServers({ env, fetch: tape, ownProcess, memoryBytes, reach }: OwnServersOptions): OwnServers {
  const known = new Set<string>()

  /** Where the person has it: another machine's is asked what it has, not this one's. */
  function of(row: OwnRow): OwnServer | undefined {
    if ("package" in row || row.wire !== "ollama-chat") return undefined
    if (row.isOwnProcess === true) return ownProcess === undefined ? undefined : { baseUrl: "", fetch: ownProcess }
    return tape === undefined ? { baseUrl: baseUrlOf(row, env), fetch: reach(row) } : undefined
  }

  async function models(row: OwnRow): Promise<readonly string[] | undefined> {
    const server = of(row)
    return server === undefined ? undefined : localModels(row.id, server)
  }

  return {
    of,
    wayTo: (row) => (row.isOwnProcess === true ? (ownProcess ?? lackingProcess) : undefined),
    async learn(row, modelId) {
      const server = of(row)
      const full = `${row.id}/${modelId}`
      if (server === undefined || known.has(full)) return undefined
      const said = await localModel(modelId, server, memoryBytes)
      if (said !== undefined) known.add(full)
      return said
    },
    idsOf: async (row) => ((await models(row)) ?? []).map((name) => name.slice(row.id.length + 1)),
    async pull({ row, modelId }, how) {
      const server = row.isOwnProcess === true ? undefined : of(row)
      if (server === undefined) throw new SkeinError("op.unsupported", `${row.name} gets no models on request.`)
      const { pullModel } = await import("./pull.ts")
      await pullModel(modelId, server, how)
    },
    async models(rows) {
      const answers = (await Promise.all(rows.map(models))).filter((found) => found !== undefined)
      return answers.length === 0 ? undefined : answers.flat()
    },
  }
}

const lackingProcess: Fetch = () =>
  Promise.reject(new SkeinError("op.unsupported", "Models of this machine cannot be run from here."))
