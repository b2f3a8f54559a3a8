import { type Skills, type SkillsOptions, skills } from "../../src/skills/index.ts"
import { type Place, place } from "../place.ts"

/** A home, a project and the skills that are found in them. */
export interface SkillScene extends Place {
  /** A SKILL.md of these front matter lines and text. */
  skill(folder: string, head: string, text?: string): void
  skills(options?: Partial<SkillsOptions>): Skills
  /** `name` of those that can be used in the project. */
  names(options?: Partial<SkillsOptions>): Promise<string[]>
}

/** Everything of the project is trusted unless told otherwise. */
export function skillScene(): SkillScene {
  const at = place()
  const made = (options: Partial<SkillsOptions> = {}) =>
    skills({
      ...{ home: at.path("home"), configDir: at.path("home/.config/skein"), env: {}, pathsFor: () => [] },
      projectOf: () => at.path("project"),
      isLoadingProjectFiles: () => true,
      trusted: async (_, all) => new Set(all.map(({ folder }) => folder)),
      allowedToolsIn: () => "grant",
      ...options,
    })
  at.folder("project")
  at.folder("home")
  return {
    ...at,
    skill: (folder, head, text = "Do it.") => at.file(`${folder}/SKILL.md`, `---\n${head}\n---\n\n${text}\n`),
    skills: made,
    async names(options) {
      const all = await made(options).list({ cwd: at.path("project") })
      return all.filter(({ scope }) => scope !== "builtin").map(({ name }) => name)
    },
  }
}

export const NAMED = (name: string) => `name: ${name}\ndescription: About ${name}.`
