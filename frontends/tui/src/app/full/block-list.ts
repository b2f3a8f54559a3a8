import type { Block } from "../../transcript/block.ts"

/** Blocks by their place; an array is one. */
export interface BlockList {
  readonly length: number
  at(index: number): Block | undefined
}

/** Lists one after the other, none of them copied: a frame costs what it shows. They may grow at the end meanwhile. */
export function joined(lists: readonly (readonly Block[])[]): BlockList {
  return {
    get length() {
      return lists.reduce((sum, { length }) => sum + length, 0)
    },
    at(index) {
      let at = index
      for (const list of lists) {
        if (at < list.length) return list[at]
        at -= list.length
      }
      return undefined
    },
  }
}
