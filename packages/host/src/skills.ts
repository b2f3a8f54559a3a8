import { existsSync } from "node:fs"
import { basename, join, relative, sep } from "node:path"
import type {
  GatheredSection,
  Place,
  PluginsPort,
  PromptsPort,
  Skill,
  SkillsPort,
  SourcesPort,
} from "@skein/core/ports"
import { lazy, SkeinError } from "@skein/protocol"
import type { Configs } from "./configs.ts"
import type { LeftOut } from "./left-out.ts"
import { projectOf } from "./locate.ts"
import type { Trusting } from "./trusting.ts"

/** A skill of a project, as the adapter found it. */
interface ProjectSkill {
  /** Absolute. */
  readonly folder: string
  readonly file: string
  /** The same folder by the way it was found, which may lead through links. */
  readonly asFound: string
  readonly sha256: string
}

/** One that there is, with why it cannot be used where it cannot. */
export interface ListedSkill {
  readonly skill: Skill
  readonly file: string
  readonly state: "ready" | "untrusted" | "hidden" | "broken"
  readonly why?: string | undefined
}

interface Skills extends SkillsPort {
  all(place: Place): Promise<readonly ListedSkill[]>
}

interface Adapter {
  skills(options: {
    readonly home: string
    readonly configDir: string
    readonly env: Readonly<Record<string, string | undefined>>
    readonly projectOf: (cwd: string) => string
    readonly pathsFor: (cwd: string) => readonly string[]
    readonly plugins?: Pick<PluginsPort, "enabled"> | undefined
    readonly isLoadingProjectFiles: (cwd: string) => boolean
    readonly trusted: (cwd: string, skills: readonly ProjectSkill[]) => Promise<ReadonlySet<string>>
    readonly allowedToolsIn: (cwd: string) => "grant" | "limit" | "ignore"
  }): Skills
  skillPrompts(skills: SkillsPort): PromptsPort
  toldOf(skills: readonly Skill[]): GatheredSection | undefined
}

export type LoadSkills = () => Promise<Adapter>

export interface SkillsOptions {
  /** Loaded when a skill is first looked for. */
  readonly load: LoadSkills
  readonly home: string
  readonly configDir: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly configs: Configs
  readonly trust: Trusting
  /** Whether a project's files are read at all. */
  readonly isLoadingProject: boolean
  readonly plugins?: Pick<PluginsPort, "enabled"> | undefined
  readonly leftOut: LeftOut
  /** The only ones there are, by name; undefined: all of them. */
  readonly only?: (() => readonly string[] | undefined) | undefined
}

/** What the host makes of skills. Nothing is loaded before somebody opens one, or a folder has some. */
export interface HostSkills extends Skills {
  readonly prompts: PromptsPort
  /** What a model would be told of the skills of a folder now; undefined where there is none to tell of. */
  section(cwd: string): Promise<GatheredSection | undefined>
  /** Tells a model which skills there are, behind what else stands before a conversation and does not change with the day. */
  told(sources: SourcesPort, redact: (text: string) => string): SourcesPort
}

export function skillsOf(options: SkillsOptions): HostSkills {
  const { load, home, configDir, env, configs, trust, plugins, isLoadingProject } = options
  const pathsFor = (cwd: string) => configs.in(cwd).values.skills.paths
  const adapter = lazy(load)
  const port = lazy(async () =>
    (await adapter()).skills({
      ...{ home, configDir, env, projectOf, pathsFor, plugins },
      isLoadingProjectFiles: (cwd) => isLoadingProject && !trust.isRefused(cwd),
      trusted: (cwd, skills) => trustedOf(cwd, skills, trust),
      allowedToolsIn: (cwd) => configs.in(cwd).values.skills.allowedTools,
    }),
  )
  const isMeant = ({ name }: { readonly name: string }) => options.only?.()?.includes(name) !== false
  const all = async (place: Place) => (await (await port()).all(place)).filter(({ skill }) => isMeant(skill))
  const prompts = lazy(async () => (await adapter()).skillPrompts(await port()))
  const sectionFor = async (cwd: string) => {
    if (!(await isAny(cwd, { ...options, pathsFor }))) return undefined
    const rows = await all({ cwd })
    const left = rows.filter(({ state }) => state === "untrusted").map(({ skill }) => skill.name)
    if (left.length > 0) await options.leftOut.tell(cwd, untrustedText(left))
    return (await adapter()).toldOf(rows.filter(({ state }) => state === "ready").map(({ skill }) => skill))
  }
  return {
    all,
    list: async (place) => (await (await port()).list(place)).filter(isMeant),
    async open(name, place, args) {
      if (!isMeant({ name })) throw new SkeinError("skill.not_found", `The skill ${name} is none of this run's.`)
      return (await port()).open(name, place, args)
    },
    prompts: {
      list: async (place) => (await (await prompts()).list(place)).filter(isMeant),
      expand: async (name, args, place, signal) => (await prompts()).expand(name, args, place, signal),
    },
    section: sectionFor,
    told: (sources, redact) => telling(sources, sectionFor, redact),
  }
}

/** Where skills of a project stand, and a person's own. */
const FOLDERS = [".skein/skills", ".agents/skills", ".claude/skills", ".codex/skills"]

async function isAny(
  cwd: string,
  options: Pick<SkillsOptions, "home" | "configDir" | "env" | "plugins"> & {
    readonly pathsFor: (cwd: string) => readonly string[]
  },
): Promise<boolean> {
  const { home, configDir, env, plugins, pathsFor } = options
  const project = projectOf(cwd)
  const between = relative(project, cwd).split(sep)
  const folders = [project, ...between.map((_, at) => join(project, ...between.slice(0, at + 1))), home]
  const own = [join(configDir, "skills"), join(env.CODEX_HOME ?? home, "skills"), "/etc/codex/skills", ...pathsFor(cwd)]
  const known = [...folders.flatMap((folder) => FOLDERS.map((name) => join(folder, name))), ...own]
  if (known.some((folder) => existsSync(folder))) return true
  const enabled = (await plugins?.enabled({ cwd })) ?? []
  return enabled.some(({ skills }) => skills.length > 0)
}

function untrustedText(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(", ")
  const more = names.length > 5 ? ` and ${names.length - 5} more` : ""
  return (
    `Skills of this folder are left out, because nobody said that they are trusted as they are now: ${shown}${more}. ` +
    "Look at them and say so with: skein trust accept (or --trust, for one run)."
  )
}

/** Folders of the skills of which every file is, byte for byte, among what the person trusts. */
async function trustedOf(cwd: string, skills: readonly ProjectSkill[], trust: Trusting): Promise<ReadonlySet<string>> {
  const { folder: root, state, isByPerson, items, changed } = await trust.trustOf(cwd)
  if (!isByPerson && state !== "changed") return new Set()
  const known = new Map(items.filter(({ kind }) => kind === "skill").map(({ name, sha256 }) => [name, sha256]))
  const isChangedIn = (folder: string) =>
    state === "changed" && changed.some(({ name }) => name.startsWith(`${relative(root, folder)}/`))
  const isTrusted = ({ asFound, file, sha256 }: ProjectSkill) =>
    known.get(relative(root, join(asFound, basename(file)))) === sha256 && !isChangedIn(asFound)
  return new Set(skills.filter(isTrusted).map(({ folder }) => folder))
}

function telling(
  sources: SourcesPort,
  sectionFor: (cwd: string) => Promise<GatheredSection | undefined>,
  redact: (text: string) => string,
): SourcesPort {
  return {
    ...sources,
    async gather(context) {
      const sections = await sources.gather(context)
      const section = context.profile === "compact" ? undefined : await sectionFor(context.cwd)
      if (section === undefined) return sections
      const text = redact(section.text)
      const sha256 = Bun.CryptoHasher.hash("sha256", text, "hex")
      const told = { ...section, text, sha256, bytes: Buffer.byteLength(text) }
      const at = sections.findIndex(({ source }) => source === "environment")
      return at === -1 ? [...sections, told] : [...sections.slice(0, at), told, ...sections.slice(at)]
    },
  }
}
