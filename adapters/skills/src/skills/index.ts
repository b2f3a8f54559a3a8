export { skillPrompts } from "./prompts.ts"
export { type ListedSkill, type ProjectSkill, type Skills, type SkillsOptions, skills } from "./skills.ts"
export { toldOf } from "./told.ts"
