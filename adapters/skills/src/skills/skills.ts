import type { OpenedSkill, Place, PluginsPort, Skill, SkillsPort, TurnPermission } from "@skein/core/ports"
import { nearestName, SkeinError, visible } from "@skein/protocol"
import { BUILT_IN } from "./built-in/rows.ts"
import { isImplicitAllowed } from "./codex-policy.ts"
import { contentOf, type FoundSkill, filesOf, skillsIn, TEXT_BYTES_MAX } from "./find.ts"
import { headOf } from "./head.ts"
import { load, type SkillFacts } from "./load.ts"
import { type PlacesOptions, type SkillPlace, skillPlaces } from "./places.ts"
import { forModel, withArguments } from "./text.ts"

export interface SkillsOptions extends PlacesOptions {
  /** What plugins bring. */
  readonly plugins?: Pick<PluginsPort, "enabled"> | undefined
  /** Whether a project's files may be looked at, at all. */
  readonly isLoadingProjectFiles: (cwd: string) => boolean
  /** Of these skills of a project, the folders of those that the person trusts as they are now. */
  readonly trusted: (cwd: string, skills: readonly ProjectSkill[]) => Promise<ReadonlySet<string>>
  /** What is made of `allowed-tools`. */
  readonly allowedToolsIn: (cwd: string) => "grant" | "limit" | "ignore"
}

/** A skill of a project, for whoever knows what is trusted. */
export interface ProjectSkill {
  /** Absolute. */
  readonly folder: string
  readonly file: string
  /** The same folder by the way it was found, which may lead through links. */
  readonly asFound: string
  /** Of its SKILL.md. */
  readonly sha256: string
}

/** One that there is, with why it cannot be used where it cannot. */
export interface ListedSkill {
  readonly skill: Skill
  readonly file: string
  readonly facts?: SkillFacts | undefined
  /** Of a project's: what was compared with what is trusted. */
  readonly sha256?: string | undefined
  readonly state: "ready" | "untrusted" | "hidden" | "broken"
  /** Why it is not `ready`. */
  readonly why?: string | undefined
}

export interface Skills extends SkillsPort {
  /** All that there are, those that cannot be used among them. */
  all(place: Place): Promise<readonly ListedSkill[]>
}

/** Agent Skills of the folders that skein and other agents keep them in. Nothing is kept: files change while a session is open. */
export function skills(options: SkillsOptions): Skills {
  const all = async (place: Place) => listed(await foundAt(place, options), place, options)
  const list = async (place: Place) => (await all(place)).filter(({ state }) => state === "ready")
  return {
    all,
    list: async (place) => (await list(place)).map(({ skill }) => skill),
    async open(name, place, args = "") {
      const ready = await list(place)
      const found = ready.find(({ skill }) => skill.name === name) ?? ready.find(({ skill }) => isMeant(skill, name))
      if (found === undefined) throw notFound(name, await all(place))
      return opened(found, args, options.allowedToolsIn(place.cwd))
    },
  }
}

async function foundAt(place: Place, options: SkillsOptions): Promise<readonly FoundSkill[]> {
  const { cwd } = place
  const isLoadingProject = options.isLoadingProjectFiles(cwd)
  const plugins = (await options.plugins?.enabled(place)) ?? []
  const ofPlugins = plugins.flatMap(({ name, skills: folders }) =>
    folders.map((folder): SkillPlace => ({ folder, scope: "plugin", plugin: name })),
  )
  const places = skillPlaces(cwd, options).filter(({ scope }) => scope !== "project" || isLoadingProject)
  return [...places, ...ofPlugins].flatMap((one) => skillsIn(one))
}

async function listed(
  found: readonly FoundSkill[],
  { cwd }: Place,
  { trusted }: SkillsOptions,
): Promise<readonly ListedSkill[]> {
  const ofProject = found.filter(({ place }) => place.scope === "project").map(asProjectSkill)
  const known = ofProject.length === 0 ? new Set<string>() : await trusted(cwd, ofProject)
  const hashes = new Map(ofProject.filter(({ folder }) => known.has(folder)).map((one) => [one.file, one.sha256]))
  const rows = [...found.map((one) => rowOf(one, hashes)), ...builtIn()]
  const taken = new Map<string, string>()
  // The same folder may be looked into twice, by a link or by a setting.
  const folders = new Set<string>()
  return rows.flatMap((row): ListedSkill[] => {
    if (row.file !== "" && folders.has(row.file)) return []
    folders.add(row.file)
    if (row.state !== "ready") return [row]
    const before = taken.get(row.skill.name)
    if (before !== undefined) return [{ ...row, state: "hidden", why: `${before} has the same name, and is nearer` }]
    taken.set(row.skill.name, row.file)
    return [row]
  })
}

function asProjectSkill({ folder, file, asFound }: FoundSkill): ProjectSkill {
  const reading = contentOf(file)
  const bytes = reading?.kind === "start" && reading.size <= TEXT_BYTES_MAX ? reading.start : undefined
  // What is too large to be read whole fits no hash.
  return { folder, file, asFound, sha256: bytes === undefined ? "" : Bun.CryptoHasher.hash("sha256", bytes, "hex") }
}

function rowOf(found: FoundSkill, trusted: ReadonlyMap<string, string>): ListedSkill {
  const { folder, file, folderName, head, place } = found
  const base = { folder, scope: place.scope, plugin: place.plugin } as const
  const loaded = load(head, folderName)
  if (loaded.kind === "skipped") {
    const skill = {
      ...base,
      name: visible(folderName).slice(0, 64),
      description: "",
      isByPersonOnly: false,
      warnings: [],
    }
    return { skill, file, state: "broken", why: loaded.why }
  }
  const { facts } = loaded
  const name = place.plugin === undefined ? facts.name : `${place.plugin}:${facts.name}`
  const skill = skillOf(facts, { ...base, name, isImplicit: isImplicitAllowed(folder) })
  const sha256 = trusted.get(file)
  if (place.scope === "project" && sha256 === undefined)
    return { skill, file, facts, state: "untrusted", why: "nobody said that it is trusted as it is now" }
  return { skill, file, facts, sha256, state: "ready" }
}

function skillOf(
  facts: SkillFacts,
  base: Pick<Skill, "name" | "folder" | "scope" | "plugin"> & { readonly isImplicit: boolean },
): Skill {
  const { isImplicit, ...place } = base
  const { description, warnings, toolsAllowed, isByPersonOnly, isByModelOnly, argumentHint, model, triggers } = facts
  return {
    ...{ ...place, description, warnings, toolsAllowed, isByModelOnly, argumentHint, model, triggers },
    isByPersonOnly: isByPersonOnly || !isImplicit,
  }
}

function builtIn(): readonly ListedSkill[] {
  return BUILT_IN.flatMap(({ name, text }) => {
    const loaded = load(headOf(text), name)
    if (loaded.kind === "skipped") return []
    const skill = skillOf(loaded.facts, { name, folder: "", scope: "builtin", plugin: undefined, isImplicit: true })
    return [{ skill, file: "", facts: loaded.facts, state: "ready" } as const]
  })
}

/** A skill of a plugin may be called without the plugin's name. */
function isMeant({ name, plugin }: Skill, asked: string): boolean {
  return plugin !== undefined && name === `${plugin}:${asked}`
}

function opened(
  { skill, file, sha256: trusted }: ListedSkill,
  args: string,
  use: "grant" | "limit" | "ignore",
): OpenedSkill {
  const reading = file === "" ? undefined : contentOf(file)
  if (reading?.kind === "refused") throw invalid(skill.name, `${file}: ${reading.reason}`)
  const bytes = reading?.start ?? Buffer.from(BUILT_IN.find(({ name }) => name === skill.name)?.text ?? "")
  const sha256 = Bun.CryptoHasher.hash("sha256", bytes, "hex")
  if (trusted !== undefined && trusted !== sha256) throw invalid(skill.name, "it was changed just now. Try again")
  const head = headOf(new TextDecoder().decode(bytes))
  if (head.kind === "hopeless") throw invalid(skill.name, head.why)
  const text = withArguments(visible(head.body.trim()), { args, folder: skill.folder })
  const files = skill.folder === "" ? [] : filesOf(skill.folder)
  const isCut = reading !== undefined && reading.size > bytes.length
  const forTurn = permissionOf(skill, use)
  return {
    ...{ ...skill, text, files, sha256 },
    forModel: forModel({ skill, text, files, isCut }),
    ...(forTurn === undefined ? {} : { forTurn }),
  }
}

function permissionOf({ name, toolsAllowed }: Skill, use: "grant" | "limit" | "ignore"): TurnPermission | undefined {
  if (toolsAllowed === undefined || use === "ignore") return undefined
  const by = `the skill ${name}`
  // What leaves only some tools must not shut the door on the next skill.
  return use === "grant" ? { by, allows: toolsAllowed } : { by, leaves: ["Skill", ...toolsAllowed] }
}

function invalid(name: string, why: string): SkeinError {
  return new SkeinError("skill.invalid", `The skill ${name} cannot be opened: ${why}. See: skein skill validate`)
}

function notFound(asked: string, all: readonly ListedSkill[]): SkeinError {
  const name = visible(asked).slice(0, 100)
  const there = all.find(({ skill }) => skill.name === asked)
  if (there?.why !== undefined)
    return new SkeinError("skill.not_found", `The skill ${name} cannot be used: ${there.why}.`)
  const names = all.filter(({ state }) => state === "ready").map(({ skill }) => skill.name)
  const near = nearestName(asked, names)
  const hint = near === undefined ? "" : ` Did you mean ${near}?`
  const shown = names.slice(0, 20).join(", ")
  const more = names.length > 20 ? ` and ${names.length - 20} more` : ""
  return new SkeinError("skill.not_found", `There is no skill ${name}.${hint} There are: ${shown}${more}.`)
}
