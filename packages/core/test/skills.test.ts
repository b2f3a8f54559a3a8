import { expect, test } from "bun:test"
import { SkeinError, type SkillInfo } from "@skein/protocol"
import { say, scriptedModel } from "@skein/testkit"
import type { OpenedSkill, SkillsPort } from "../src/ports/index.ts"
import { typed } from "./commanded.ts"
import { scene } from "./scene.ts"

const skill = (name: string, more: Partial<OpenedSkill> = {}): OpenedSkill => ({
  ...{
    name,
    description: `About ${name}.`,
    folder: `/skills/${name}`,
    scope: "user",
    isByPersonOnly: false,
    warnings: [],
  },
  ...{ text: "", forModel: `<skill name="${name}">`, files: [], sha256: "0", ...more },
})
const ALL = [skill("pdf", { forTurn: { by: "the skill pdf", allows: ["Read"] } }), skill("tools:x"), skill("bad")]
const skills: SkillsPort = {
  list: async () => ALL,
  async open(name) {
    if (name === "bad") throw new SkeinError("skill.invalid", "The skill bad cannot be opened.")
    return ALL.find((one) => one.name === name) ?? skill(name)
  },
}

async function sent(...prompts: readonly string[]) {
  const model = scriptedModel(...prompts.map(() => say("ok")))
  const given = await scene(model, { skills })
  for (const prompt of prompts) {
    await given.say(prompt)
    await given.session.until("turn.ended")
  }
  return { given, last: JSON.stringify(model.requests.at(-1)?.messages) }
}

test("a skill that a prompt names with a dollar is open before the model is asked, with what its tools may", async () => {
  const { given, last } = await sent("use $pdf, and $tools:x: on a.pdf")
  expect(last).toContain('<skill name=\\"pdf\\">')
  expect(last).toContain('<skill name=\\"tools:x\\">')
  expect(given.session.events.flatMap((event) => (event.type === "rule.added" ? [event.rule.tool] : []))).toEqual([
    "read",
  ])
})

test("a variable of a shell, a price and what is no skill open nothing", async () => {
  const { last } = await sent("echo $HOME $$pdf ${pdf} \\$pdf a$pdf costs $5 and $nothing")
  expect(last).not.toContain("<skill")
})

test("a skill that cannot be opened is told, and the turn goes on", async () => {
  const { given } = await sent("use $bad")
  const told = given.session.events.flatMap((event) => (event.type === "notice.posted" ? [event.text] : []))
  expect(told).toEqual(["The skill bad cannot be opened."])
  const ended = given.session.events.findLast(({ type }) => type === "turn.ended")
  expect(ended).toMatchObject({ outcome: { kind: "completed" } })
})

test("what a session can use is told by name, and nothing where there are none", async () => {
  const { given } = await sent("hi")
  const listed = await given.engine.ask({ type: "skills.list", of: { sessionId: given.id } })
  expect(listed.map(({ name, file }) => [name, file])).toEqual([
    ["bad", "/skills/bad/SKILL.md"],
    ["pdf", "/skills/pdf/SKILL.md"],
    ["tools:x", "/skills/tools:x/SKILL.md"],
  ])
  const without = await scene(scriptedModel(say("ok")))
  expect(await without.engine.ask({ type: "skills.list", of: { sessionId: without.id } })).toEqual([])
})

const INFOS: readonly SkillInfo[] = [
  { name: "pdf", description: "Reads PDFs.", scope: "user", file: "/s/pdf/SKILL.md", isByPersonOnly: false },
]

test("/skills offers what goes into the composer, and tells of one by its name", async () => {
  expect(await typed("skills", { "skills.list": INFOS })).toEqual({
    kind: "choose",
    title: "Which skill? $name in a prompt opens it.",
    choices: [{ label: "pdf", detail: "Reads PDFs. · yours", command: "skills pdf", inserts: "$pdf " }],
  })
  expect(await typed("skills pdf", { "skills.list": INFOS })).toEqual({
    kind: "show",
    text: "pdf\nReads PDFs.\n/s/pdf/SKILL.md\nThe model opens it when it fits; you open it with $pdf in a prompt.",
  })
  expect(await typed("skills pfd", { "skills.list": INFOS })).toMatchObject({
    kind: "usage",
    text: "There is no skill pfd. Did you mean pdf?",
  })
})
