import { nearestName, SkeinError, type SkillInfo, visible } from "@skein/protocol"
import { defineCommand } from "./command.ts"

/** A list is read at a glance; what a skill is for stands in its own text. */
const DESCRIPTION_CHARS = 100

export const skills = defineCommand({
  name: "skills",
  summary: "Choose a skill to use: knowledge for a kind of work.",
  usage: "[name]",
  whileBusy: true,
  async run(name, { ask, sessionId }) {
    const all = await ask({ type: "skills.list", of: { sessionId } })
    if (name !== "") return { kind: "show", text: told(named(name, all)) }
    const choices = all.map(({ name: label, description, scope, plugin }) => ({
      ...{ label, detail: `${shortly(description)} · ${plugin === undefined ? SCOPES[scope] : `plugin ${plugin}`}` },
      ...{ command: `skills ${label}`, inserts: `$${label} ` },
    }))
    if (choices.length === 0) return { kind: "show", text: "There are no skills here. skein skill make begins one." }
    return { kind: "choose", title: "Which skill? $name in a prompt opens it.", choices }
  },
})

const SCOPES: Readonly<Record<SkillInfo["scope"], string>> = {
  project: "this project's",
  user: "yours",
  plugin: "of a plugin",
  builtin: "skein's",
}

function named(name: string, all: readonly SkillInfo[]): SkillInfo {
  const found = all.find((skill) => skill.name === name)
  if (found !== undefined) return found
  const names = all.map((skill) => skill.name)
  const near = nearestName(name, names)
  const hint = near === undefined ? "/skills lists what there is." : `Did you mean ${near}?`
  throw new SkeinError("skill.not_found", `There is no skill ${visible(name)}. ${hint}`)
}

function told({ name, description, file, isByPersonOnly, argumentHint }: SkillInfo): string {
  const hint = argumentHint === undefined ? "" : ` ${argumentHint}`
  const by = isByPersonOnly ? "Only you begin it" : "The model opens it when it fits; you open it"
  return [name, description, ...(file === undefined ? [] : [file]), `${by} with $${name}${hint} in a prompt.`].join(
    "\n",
  )
}

function shortly(text: string): string {
  return text.length <= DESCRIPTION_CHARS ? text : `${text.slice(0, DESCRIPTION_CHARS - 1).toWellFormed()}…`
}
