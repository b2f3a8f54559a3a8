import type { SkillInfo } from "@skein/protocol"
import type { Place, SkillsPort } from "../ports/index.ts"

interface Ports {
  readonly skills?: SkillsPort | undefined
}

/** What a person can be shown of the skills of a place, by name; empty where there are none. */
export async function skillInfos(place: Place, { skills }: Ports): Promise<readonly SkillInfo[]> {
  const all = (await skills?.list(place)) ?? []
  return all
    .map(({ name, description, scope, plugin, folder, isByPersonOnly, argumentHint }) => ({
      ...{ name, description, scope, plugin, isByPersonOnly, argumentHint },
      ...(folder === "" ? {} : { file: `${folder}/SKILL.md` }),
    }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
}
