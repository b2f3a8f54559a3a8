import type { ExpandedPrompt, PromptInfo, PromptsPort, Skill, SkillsPort } from "@skein/core/ports"

/** Skills as `/name`, for the person who begins one by hand. */
export function skillPrompts(skills: SkillsPort): PromptsPort {
  return {
    async list(place) {
      const all = await skills.list(place)
      return all.filter(({ isByModelOnly }) => isByModelOnly !== true).map(infoOf)
    },
    async expand(name, args, place) {
      const found = (await skills.list(place)).find((skill) => skill.name === name && skill.isByModelOnly !== true)
      if (found === undefined) return undefined
      const { forModel, forTurn, model } = await skills.open(name, place, args)
      const asked = args.trim() === "" ? "" : `: ${args.trim()}`
      const expanded: ExpandedPrompt = {
        input: [{ type: "text", text: `Use the skill ${name}${asked}\n\n${forModel}` }],
        ...(model === undefined || model === "inherit" ? {} : { model }),
        ...(forTurn?.allows === undefined ? {} : { toolsAllowed: forTurn.allows }),
        ...(forTurn?.leaves === undefined ? {} : { toolsLeft: forTurn.leaves }),
      }
      return expanded
    },
  }
}

function infoOf({ name, description, argumentHint, scope, folder }: Skill): PromptInfo {
  return {
    ...{ name, summary: description, kind: "skill", scope: scope === "builtin" ? "user" : scope },
    usage: argumentHint === undefined ? `/${name}` : `/${name} ${argumentHint}`,
    ...(folder === "" ? {} : { file: `${folder}/SKILL.md` }),
  }
}
