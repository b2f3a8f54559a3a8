import { SkeinError } from "@skein/protocol"
import { keepGiven } from "../calls/given.ts"
import type { OpenedSkill, SkillsPort } from "../ports/index.ts"
import { placeOf } from "../transcript/place.ts"
import type { SessionState } from "../transcript/state.ts"
import type { TurnPorts } from "../turn/ports.ts"
import { newestWords } from "./newest-words.ts"
import { sha256, utf8Bytes } from "./sha256.ts"
import { SKILL_SOURCE } from "./skills.ts"

/** Of one prompt; whoever names more wants a text about skills. */
const OPENED_MAX = 5

/** Opens the skills that the person's newest words name as `$name`: what they say stands before the next request. */
export async function openMentioned(state: SessionState, skills: SkillsPort, ports: TurnPorts): Promise<void> {
  const names = mentionedIn(newestWords(state))
  if (names.length === 0) return
  const place = placeOf(state)
  const known = new Set((await skills.list(place)).map(({ name }) => name))
  for (const name of names.filter((one) => known.has(one)).slice(0, OPENED_MAX)) {
    try {
      await keepGiven(state, givenBy(await skills.open(name, place)), ports)
    } catch (error) {
      if (!(error instanceof SkeinError)) throw error
      await ports.emit([{ type: "notice.posted", level: "warning", text: error.message, code: error.code }])
    }
  }
}

/** Names as they stand behind a `$`, each once. One of a shell's own, as `$HOME`, begins otherwise. */
function mentionedIn(text: string): readonly string[] {
  const found = [...text.matchAll(/(?<![\p{L}\p{N}$\\{])\$(\p{Ll}[\p{L}\p{N}_:-]*)/gu)].map(([, name = ""]) => name)
  return [...new Set(found.map((name) => name.replace(/[:-]+$/, "")))]
}

function givenBy({ name, folder, forModel: text, forTurn }: OpenedSkill) {
  const path = folder === "" ? name : `${folder}/SKILL.md`
  const section = { source: SKILL_SOURCE, path, text, sha256: sha256(text), bytes: utf8Bytes(text) }
  return { forModel: [], sections: [section], ...(forTurn === undefined ? {} : { forTurn }) }
}
