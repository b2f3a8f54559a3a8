import type { ModelInfo } from "@skein/protocol"
import { withAbilities } from "./abilities.ts"
import { cacheFactsOf, hasLongMarks, withLongWrites } from "./catalog/cache-plans.ts"
import { type CatalogEntry, entryOf, infoOf, type ModelOverride } from "./catalog/catalog.ts"
import type { Choice } from "./choose.ts"
import { listed, resolved } from "./overrides.ts"
import { baseUrlOf, type Environment, hasAddress } from "./providers/address.ts"
import type { OwnRow } from "./providers/user.ts"

export interface FactsOptions {
  readonly rows: readonly OwnRow[]
  readonly env: Environment
  /** What the person says of models, however they wrote their names. */
  readonly said: Readonly<Record<string, ModelOverride>>
  /** The window that a server itself named when it refused a request, of `provider/model`. */
  readonly refusedAbove: (name: string, baseUrl: string) => number | undefined
  /** Today, `YYYY-MM-DD`: prices hold from a day on. */
  readonly today: () => string
}

/** What is known of models: the catalogue, what their servers said, and over both what the person says. */
export interface Facts {
  /** Whether the person, or its server, described this model. */
  isDescribed(choice: Choice): boolean
  /** Whether the catalogue has it, and nobody says that it calls no tools: such models call natively. */
  isListed(choice: Choice): boolean
  describe(choice: Choice, isReady: boolean): ModelInfo
  /** Known to see nothing; of a model that nobody has described it is not assumed. */
  isBlind(choice: Choice): boolean
  /** What is laid over the catalogue. */
  overrideOf(choice: Choice): ModelOverride | undefined
  /** The ids of a provider's models that are known without asking it. */
  idsOf(row: OwnRow): readonly string[]
  /** What only a server knew of its model; what the person says stays above it. */
  remember(choice: Choice, learned: ModelOverride | undefined): void
}

/** Reads nothing before the first question. */
export function modelFacts({ rows, env, said, refusedAbove, today }: FactsOptions): Facts {
  let overrides: ReadonlyMap<string, ModelOverride> | undefined

  function known(): ReadonlyMap<string, ModelOverride> {
    overrides ??= resolved(said, rows)
    return overrides
  }
  function factsOf({ row, modelId }: Choice) {
    const name = nameOf({ row, modelId })
    const contextTokens = hasAddress(row, env) ? refusedAbove(name, baseUrlOf(row, env)) : undefined
    const override = known().get(name)
    return {
      entry: entryOf(row.catalogOf ?? row.id, modelId),
      override: contextTokens === undefined ? override : { contextTokens, ...override },
    }
  }

  return {
    isDescribed: (choice) => known().has(nameOf(choice)),
    isListed(choice) {
      const { entry, override } = factsOf(choice)
      return entry !== undefined && (override?.tools ?? entry.tools) !== false
    },
    describe(choice, isReady) {
      const { row, modelId } = choice
      const { entry, override } = factsOf(choice)
      const own = row.isPricedApart === true ? withoutPrice(entry) : entry
      const info = infoOf(row.id, modelId, own, override, isReady, {
        cache: cacheFactsOf(row, modelId),
        today: today(),
      })
      const { price } = info
      const priced = price !== undefined && hasLongMarks(row) ? { ...info, price: withLongWrites(price) } : info
      return withAbilities(priced, row, env)
    },
    isBlind(choice) {
      const { entry, override } = factsOf(choice)
      return (override?.images ?? entry?.images) === false
    },
    overrideOf: (choice) => factsOf(choice).override,
    idsOf: (row) => listed(row, [...known().keys()]),
    remember(choice, learned) {
      if (learned === undefined) return
      const name = nameOf(choice)
      overrides = new Map(known()).set(name, { ...learned, ...known().get(name) })
    },
  }
}

function nameOf({ row, modelId }: Choice): string {
  return `${row.id}/${modelId}`
}

/** Whoever resells a model has a price of its own. */
function withoutPrice(entry: CatalogEntry | undefined): CatalogEntry | undefined {
  return entry === undefined ? undefined : { ...entry, price: undefined, prices: undefined }
}
