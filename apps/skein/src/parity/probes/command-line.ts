import { namesOf } from "../../flags.ts"
import type { CommandTable, Verb } from "../../verb.ts"
import { helpFor } from "../../verbs/help.ts"
import { must, type Probe } from "./probe.ts"

/** Every verb and flag of a surface by the table that runs them; what is said not to be there is run, and must be refused. */
export function commandLine(table: CommandTable): Probe {
  return {
    id: "command-line",
    async run(place, { rows, saw, refused }) {
      let looked = 0
      for (const verb of table.verbs) {
        must((await helpFor({ verb, path: verb.name }, table)).length > 2, `There is no help for ${verb.name}`)
        looked += 1
      }
      const words = rows.filter(({ id }) => /^[a-z][a-z-]*( |$)/.test(id))
      for (const { id, holds } of words) {
        if (holds === "no") {
          const { code, err } = await place.run(id.split(" "), "")
          if (code !== 0 && err !== "") refused(id)
          else saw(id)
        } else if (await isThere(table.verbs, id.split(" "))) saw(id)
        else refused(id)
      }
      return `the help of ${looked} verbs, ${words.length} verbs and flags of others`
    },
  }
}

async function isThere(verbs: readonly Verb[], [first = "", ...rest]: readonly string[]): Promise<boolean> {
  const verb = verbs.find(({ name, aliases }) => name === first || aliases?.includes(first))
  if (verb === undefined) return false
  const [next, ...more] = rest
  if (next === undefined) return true
  if (next.startsWith("--")) return more.length === 0 && verb.flags.some((flag) => namesOf(flag).includes(next))
  const inner = (await verb.inner?.()) ?? []
  if (await isThere(inner, rest)) return true
  // `exec resume`: a word that its usage names.
  return more.length === 0 && verb.usage.split(/[^\w-]+/).includes(next)
}
