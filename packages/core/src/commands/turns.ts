import { type SessionTree, SkeinError, type TreeTurn } from "@skein/protocol"
import { counted, oneLine } from "./text.ts"

/** The turns of the conversation as it stands, oldest first. */
export function currentTurns({ turns }: SessionTree): readonly TreeTurn[] {
  return turns.filter(({ isCurrent }) => isCurrent)
}

/**
 * The turn somebody means: its number in the conversation as it stands, its label, or its id. Throws SkeinError when
 * there is no such turn.
 */
export function findTurn(tree: SessionTree, text: string): TreeTurn {
  const standing = currentTurns(tree)
  const found =
    (/^\d+$/.test(text) ? standing[Number(text) - 1] : undefined) ??
    tree.turns.find(({ turnId, label }) => turnId === text || (label !== undefined && label === text))
  if (found !== undefined) return found
  const there = standing.length === 0 ? "no turn yet" : `turns 1 to ${standing.length}; /tree shows all`
  throw new SkeinError("op.invalid", `There is no turn ${text}: this conversation has ${there}.`)
}

/** How a turn is listed: `3  fix the tests`. */
export function turnLabel(turn: TreeTurn, tree: SessionTree): string {
  const number = currentTurns(tree).indexOf(turn) + 1
  const name = turn.label === undefined ? "" : ` [${turn.label}]`
  return `${number > 0 ? String(number).padStart(3) : "  ·"}  ${oneLine(turn.preview)}${name}`
}

/** What a turn did to files, for the second column of a list. */
export function turnDetail({ filesChanged }: TreeTurn): string {
  return filesChanged === 0 ? "" : counted(filesChanged, "file")
}
