import type { ModelInfo } from "@skein/protocol"
import type { Asked } from "./ask.ts"
import type { Choice } from "./choose.ts"
import type { Facts } from "./facts.ts"
import type { Environment } from "./providers/address.ts"
import type { OwnRow } from "./providers/user.ts"
import type { Signing } from "./signing.ts"
import type { Fetch } from "./tape/tape.ts"
import { targetOf } from "./target.ts"
import { unknownWindow } from "./windows.ts"

export interface AskedWindowsOptions {
  readonly facts: Facts
  readonly signs: Signing
  readonly env: Environment
  readonly reach: (row: OwnRow) => Fetch
  readonly describe: (choice: Choice, key: string | undefined) => ModelInfo
  /** Its server says more of its models than their windows, and is asked for it elsewhere. */
  readonly isServed: (row: OwnRow) => boolean
  /** A tape knows nothing but what was asked then. */
  readonly isOnline: boolean
}

/** The windows of models that nobody here knows: asked of their servers, once each, and never guessed. */
export interface AskedWindows {
  /** Asks now, and remembers. */
  learn(choice: Choice, key: string | undefined): Promise<void>
  /** Of a model that was chosen on the way: asked before the first request to it. Undefined: nobody knows. */
  before(asked: Asked): Promise<number | undefined>
  /** What to tell the person of a model whose window stays unknown: once for each. */
  notice(asked: Asked): string | undefined
}

export function askedWindows(options: AskedWindowsOptions): AskedWindows {
  const asked = new Set<string>()
  const told = new Set<string>()

  async function windowAt({ row, modelId }: Choice, key: string | undefined): Promise<number | undefined> {
    const info = options.describe({ row, modelId }, key)
    const isAsked = info.contextTokens === undefined && info.isReady && options.isOnline && !options.isServed(row)
    if (!isAsked || "package" in row || row.lacksModelList === true) return undefined
    const signature = await options.signs.tried(row)
    const { servedWindow } = await import("./served.ts")
    const target = targetOf(row, modelId, { ...signature, info, env: options.env })
    return servedWindow(target, options.reach(row))
  }
  async function learn(choice: Choice, key: string | undefined): Promise<void> {
    asked.add(nameOf(choice))
    const contextTokens = await windowAt(choice, key)
    if (contextTokens !== undefined) options.facts.remember(choice, { contextTokens })
  }

  return {
    learn,
    async before({ row, modelId, info, key }) {
      const choice = { row, modelId }
      if (info.contextTokens !== undefined || asked.has(nameOf(choice))) return info.contextTokens
      await learn(choice, key)
      return options.describe(choice, key).contextTokens
    },
    notice({ row, modelId, info }) {
      const name = nameOf({ row, modelId })
      if (info.contextTokens !== undefined || told.has(name)) return undefined
      told.add(name)
      return unknownWindow(name)
    },
  }
}

function nameOf({ row, modelId }: Choice): string {
  return `${row.id}/${modelId}`
}
