import { afterEach, expect, test } from "bun:test"
import type { OpenedSkill, SkillsPort } from "@skein/core/ports"
import { SkeinError } from "@skein/protocol"
import { type ToolSession, toolSession } from "./session.ts"

let session: ToolSession | undefined
afterEach(() => session?.close())

const skill = (name: string, more: Partial<OpenedSkill> = {}): OpenedSkill => ({
  ...{
    name,
    description: `About ${name}.`,
    folder: `/skills/${name}`,
    scope: "user",
    isByPersonOnly: false,
    warnings: [],
  },
  ...{ text: "Do it.", forModel: `<skill name="${name}">`, files: [], sha256: "0".repeat(64), ...more },
})
const ALL = [
  skill("pdf", { triggers: ["forms"], forTurn: { by: "the skill pdf", allows: ["Read"] } }),
  skill("excel", { description: "Tables, and PDF tables." }),
  skill("secret", { isByPersonOnly: true, description: "Not for a model: pdf." }),
]
const port: SkillsPort = {
  list: async () => ALL,
  async open(name, _place, args = "") {
    const found = ALL.find((one) => one.name === name)
    if (found === undefined) throw new SkeinError("skill.not_found", `There is no skill ${name}.`)
    return { ...found, forModel: `${found.forModel}${args}` }
  },
}
const opening = () => {
  session = toolSession({ skills: port })
  return session
}

test("an opened skill stands beside the result, with what it changes about permission in the turn", async () => {
  const { sections, forTurn, provenance } = await opening().call("skill", { name: "pdf", args: " on a.pdf" })

  expect(sections?.map(({ source, path, text }) => [source, path, text])).toEqual([
    ["skill", "/skills/pdf/SKILL.md", '<skill name="pdf"> on a.pdf'],
  ])
  expect(forTurn).toEqual({ by: "the skill pdf", allows: ["Read"] })
  expect(provenance?.isTrusted).toBe(true)
})

test("skills are found by words of their name, of what calls for them and of what they say, in that order", async () => {
  expect(await opening().say("skill", { search: "pdf" })).toBe("- pdf: About pdf.\n- excel: Tables, and PDF tables.")
  expect(await opening().say("skill", { search: "forms" })).toBe("- pdf: About pdf.")
  expect(await opening().say("skill", { search: "music" })).toBe("No skill is about that.")
})

test("what cannot be opened is told in words that help, and a world without skills says so", async () => {
  expect(await opening().say("skill", { name: "nope" })).toBe("error: There is no skill nope.")
  expect(await opening().say("skill", {})).toBe("error: Say which skill to open, by name, or what to search for.")
  session = toolSession()
  expect(await session.say("skill", { name: "pdf" })).toBe("error: There are no skills here.")
})
