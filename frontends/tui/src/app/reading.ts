import type { Block } from "../transcript/block.ts"
import { blocksOf } from "../transcript/items.ts"
import { type BlockList, joined } from "./full/block-list.ts"
import type { SessionLink } from "./session-link.ts"

/** All that was said in a session and what comes, for who reads it: blocks keep their places while more of them come. */
export async function readingOf(link: SessionLink): Promise<BlockList> {
  const session = await link.read()
  const { transcript } = link
  const known = new Set([...transcript.held, ...transcript.open].map(({ id }) => id))
  const said: Block[] = blocksOf(session).filter(({ id }) => !known.has(id))
  let { held } = transcript
  const all = () => {
    // What was printed meanwhile is not held any more; it was said all the same.
    if (transcript.held !== held) said.push(...held)
    held = transcript.held
    return joined([said, held, transcript.open])
  }
  return {
    get length() {
      return all().length
    },
    at: (index) => all().at(index),
  }
}
