import { type Audited, recorded } from "./changes-audited.ts"

/** Of what a person does with skills, that which changes which there are. */
interface Steps<Offered, Installed> {
  put(skill: Offered, source: string, folder: string): Promise<Installed>
  replace(skill: Offered, before: Installed): Promise<Installed>
  remove(folder: string): Promise<void>
}

/** What a person installs, replaces and removes of skills is on record before it is there: by its name, source and hash. */
export function skillsAudited<
  Offered extends { readonly facts: { readonly name: string }; readonly sha256: string },
  Installed extends { readonly source: string },
  T extends Steps<Offered, Installed>,
>(installer: T & Steps<Offered, Installed>, audited: Audited): T {
  const entry = (action: string, name: string) => ({ action, resources: [{ kind: "skill", name }] })
  return {
    ...installer,
    put: (skill: Offered, source: string, folder: string) =>
      recorded(
        audited,
        entry("skill.install", `${skill.facts.name} from ${source}, ${skill.sha256}`),
        () => installer.put(skill, source, folder),
        () => "added",
      ),
    replace: (skill: Offered, before: Installed) =>
      recorded(
        audited,
        entry("skill.install", `${skill.facts.name} from ${before.source}, ${skill.sha256}`),
        () => installer.replace(skill, before),
        () => "kept",
      ),
    remove: (folder: string) =>
      recorded(
        audited,
        entry("skill.remove", folder),
        () => installer.remove(folder),
        () => "removed",
      ),
  }
}
