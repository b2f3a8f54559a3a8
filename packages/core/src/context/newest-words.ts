import type { SessionState } from "../transcript/state.ts"
import { wordsOf } from "./ledger.ts"

/** Whether there may be any: asked before every request, so that nothing is looked for where nobody wrote a `$`. */
export function mayMention(state: SessionState): boolean {
  return newestWords(state).includes("$")
}

/** What the person said since the model last did something. */
export function newestWords({ items }: SessionState): string {
  const texts: string[] = []
  for (let at = items.length - 1; at >= 0; at -= 1) {
    const item = items[at]
    if (item?.kind === "user_message") texts.push(wordsOf(item.input))
    else if (item?.kind !== "context" && item?.kind !== "notice") break
  }
  return texts.reverse().join("\n")
}
