import { type SessionTree, SkeinError, type TreeTurn } from "@skein/protocol"
import { counted, oneLine } from "./text.ts"

/** The turns of the conversation as it stands, oldest first. */
export function currentTurns({ turns }: SessionTree): readonly TreeTurn[] {
  return turns.filter(({ isCurrent }) => isCurrent)
}

/**
 * The turn somebody means: its number, its label, or its id. Turns are numbered in the order in which they began, those
 * that were left too, so that a number stays what it is. Throws SkeinError when there is no such turn.
 */
export function findTurn(tree: SessionTree, text: string): TreeTurn {
  const { turns } = tree
  const found =
    (/^\d+$/.test(text) ? turns[Number(text) - 1] : undefined) ??
    turns.find(({ turnId, label }) => turnId === text || (label !== undefined && label === text))
  if (found !== undefined) return found
  const there = turns.length === 0 ? "no turn yet" : `turns 1 to ${turns.length}; /tree shows all`
  throw new SkeinError("op.invalid", `There is no turn ${text}: this session has ${there}.`)
}

/** How a turn is listed: `3  fix the tests`. */
export function turnLabel(turn: TreeTurn, tree: SessionTree): string {
  const number = tree.turns.indexOf(turn) + 1
  const name = turn.label === undefined ? "" : `  [${turn.label}]`
  return `${String(number).padStart(3)}${name}  ${oneLine(turn.preview)}`
}

/** What a turn did to files, for the second column of a list. */
export function turnDetail({ filesChanged }: TreeTurn): string {
  return filesChanged === 0 ? "" : counted(filesChanged, "file")
}
