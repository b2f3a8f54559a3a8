import type { SessionTree, TreeTurn } from "@skein/protocol"
import { UsageError } from "../usage.ts"

/** A turn and the number it is called by: its place among all turns of the session, those that were left too. */
export interface NumberedTurn extends TreeTurn {
  readonly number: number
}

/** In the order in which they began, so that a number stays what it is. */
export function numbered({ turns }: SessionTree): readonly NumberedTurn[] {
  return turns.toSorted((a, b) => a.beforeSeq - b.beforeSeq).map((turn, at) => ({ ...turn, number: at + 1 }))
}

/** The turn a person means: by its number, its label, its id or the beginning of that. Throws UsageError. */
export function turnNamed(tree: SessionTree, name: string): NumberedTurn {
  const turns = numbered(tree)
  const begun = turns.filter(({ turnId }) => bare(name).length >= 4 && turnId.startsWith(`trn_${bare(name)}`))
  const found =
    turns.find(({ number }) => String(number) === name) ??
    turns.find(({ label }) => label === name) ??
    turns.find(({ turnId }) => turnId === `trn_${bare(name)}`) ??
    (begun.length === 1 ? begun[0] : undefined)
  if (found !== undefined) return found
  const there =
    turns.length === 0
      ? "The session has no turn yet."
      : `There are turns 1 to ${turns.length}; skein session tree shows them.`
  throw new UsageError(`There is no turn ${JSON.stringify(name)}. ${there}`)
}

const bare = (name: string) => (name.startsWith("trn_") ? name.slice(4) : name)
