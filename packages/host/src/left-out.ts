import type { FolderTrust, Trusting } from "./trusting.ts"

/** What is left out of folders for want of trust: said once, whichever part or front-end comes upon it first. */
export interface LeftOut {
  /** What a person has to know of the folder, who knows it from then on. Undefined where that is nothing, or nothing new. */
  news(cwd: string): Promise<string | undefined>
  /**
   * A part left something out and says what in `sentence`. The person is told of the whole folder instead; of the part alone
   * where trust in the folder as a whole is not what it lacks.
   */
  tell(cwd: string, sentence: string): Promise<void>
}

export function leftOutOf(trust: Trusting, warn: (sentence: string) => void): LeftOut {
  const known = new Set<string>()
  const isNew = (key: string) => known.size !== known.add(key).size
  return {
    async news(cwd) {
      const found = await trust.trustOf(cwd)
      const sentence = sentenceOf(found)
      return sentence !== undefined && isNew(keyOf(found)) ? sentence : undefined
    },
    async tell(cwd, part) {
      const found = await trust.trustOf(cwd)
      const sentence = sentenceOf(found)
      if (isNew(sentence === undefined ? part : keyOf(found))) warn(sentence ?? part)
    },
  }
}

function sentenceOf({ state, decision, items, changed }: FolderTrust): string | undefined {
  if (items.length === 0 || state === "trusted") return undefined
  if (decision === "refused" && changed.length === 0)
    return "You refused this folder: nothing of it is gone by, its instruction files neither. skein trust accept says otherwise."
  const which = changed.length === 0 ? items : changed
  const what = `${which.length === 1 ? "1 item" : `${which.length} items`} of this folder could make programs run (${kindsOf(which)})`
  const why = state === "changed" ? "changed since you trusted it" : "is not trusted"
  return `${what}, and it ${why}: nothing of it runs. See skein trust items; trust it with skein trust accept, or --trust for one run.`
}

/** Another one as soon as there is something else to know. */
function keyOf({ folder, state, decision, items, changed }: FolderTrust): string {
  const hashes = [...items, ...changed].map(({ name, sha256 }) => [name, sha256])
  return JSON.stringify([folder, state, decision, hashes])
}

/** `mcp 2, hook 1` */
export function kindsOf(items: readonly { readonly kind: string }[]): string {
  const counts = new Map<string, number>()
  for (const { kind } of items) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  return [...counts].map(([kind, count]) => `${kind} ${count}`).join(", ")
}
