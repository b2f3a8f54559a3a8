import { type Skill, type SkillsPort, ToolFailure, type ToolResult } from "@skein/core/ports"
import { SkeinError } from "@skein/protocol"
import * as z from "@skein/protocol/schema"
import { defineTool } from "../define.ts"

interface Input {
  readonly name?: string | undefined
  readonly args?: string | undefined
  readonly search?: string | undefined
}

const FOUND_MAX = 10
const DESCRIPTION_CHARS_MAX = 400

/** Opens a skill: what it says stands in the conversation from then on. */
export const skill = defineTool<Input>({
  name: "skill",
  aliases: ["Skill", "activate_skill"],
  summary: "open a skill by name, or search skills",
  description:
    "Open a skill by its name: what it says about how to do that kind of work then stands in the conversation, with the " +
    "folder where its other files lie. args: what it is wanted for, where it takes that. search: find skills by words " +
    "instead. Always there: make-skill (how to write one).",
  input: () =>
    z.strictObject({
      name: z.string().min(1).max(200).optional(),
      args: z.string().max(10_000).optional(),
      search: z.string().min(1).max(500).optional(),
    }),
  kind: "think",
  effects: ["none"],
  canBeLayered: true,
  isConcurrent: true,
  title: ({ name, search }) => (name === undefined ? `skills about "${search ?? ""}"` : `skill ${name}`),
  async plan() {
    return { effects: [{ kind: "none" }], actions: [], prepared: undefined }
  },
  async run({ name, args, search }, { skills }, { cwd, sessionId }) {
    if (skills === undefined) throw new ToolFailure("There are no skills here.")
    const place = { cwd, sessionId }
    if (name !== undefined) return await asFailure(open(skills, name, args ?? "", place))
    if (search === undefined) throw new ToolFailure("Say which skill to open, by name, or what to search for.")
    return foundAs(search, await skills.list(place))
  },
})

async function open(
  skills: SkillsPort,
  name: string,
  args: string,
  place: Parameters<SkillsPort["open"]>[1],
): Promise<ToolResult> {
  const { forModel, forTurn, sha256: _, ...opened } = await skills.open(name, place, args)
  const path = opened.folder === "" ? opened.name : `${opened.folder}/SKILL.md`
  const text = `The skill ${opened.name} is open: what it says stands below, and is to be gone by.`
  return {
    forModel: [{ type: "text", text }],
    forHuman: { kind: "text", body: opened.text, summary: opened.description.slice(0, 100) },
    sections: [
      {
        ...{ source: "skill", path, text: forModel },
        sha256: Bun.CryptoHasher.hash("sha256", forModel, "hex"),
        bytes: Buffer.byteLength(forModel),
      },
    ],
    ...(forTurn === undefined ? {} : { forTurn }),
    provenance: TRUSTED,
  }
}

/** None is listed or opened that the person did not put there, install or trust. */
const TRUSTED = { source: "a skill", isTrusted: true } as const

function foundAs(search: string, all: readonly Skill[]): ToolResult {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "")
  const found = all
    .filter(({ isByPersonOnly }) => !isByPersonOnly)
    .map((one) => ({ one, score: scoreOf(one, words) }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score || (a.one.name < b.one.name ? -1 : 1))
    .slice(0, FOUND_MAX)
  const lines = found.map(
    ({ one }) => `- ${one.name}: ${one.description.slice(0, DESCRIPTION_CHARS_MAX).toWellFormed()}`,
  )
  const text = lines.length === 0 ? "No skill is about that." : lines.join("\n")
  return {
    forModel: [{ type: "text", text }],
    forHuman: { kind: "text", body: text, summary: `${lines.length} skills` },
    provenance: TRUSTED,
  }
}

/** A word of the name counts for most, then one that calls for it, then one of what it says of itself. */
function scoreOf({ name, description, triggers = [] }: Skill, words: readonly string[]): number {
  const texts = [
    [name.toLowerCase(), 3],
    [triggers.join(" ").toLowerCase(), 2],
    [description.toLowerCase(), 1],
  ] as const
  return words.reduce((sum, word) => sum + (texts.find(([text]) => text.includes(word))?.[1] ?? 0), 0)
}

async function asFailure<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw error instanceof SkeinError ? new ToolFailure(error.message, { cause: error }) : error
  }
}
