import type { Place, StylesPort } from "@skein/core/ports"
import { frontmatter } from "@skein/protocol/frontmatter"
import { type CommandFile, commandFiles, type Places, type Row } from "../files/find.ts"
import { BUILT_IN_STYLES } from "./built-in.ts"
import type { Style } from "./style.ts"

export interface StylesOptions extends Places {
  /** Of these files of a project, the paths of those that the person trusts as they are. */
  readonly trusted: (
    cwd: string,
    files: readonly Pick<CommandFile, "path" | "sha256">[],
  ) => Promise<ReadonlySet<string>>
  /** Folders that plugins bring. */
  readonly plugins: (place: Place) => Promise<readonly Row[]>
}

export interface Styles extends StylesPort {
  /** Undefined when there is none of this name here, or none that is trusted. */
  find(name: string, place: Place): Promise<Style | undefined>
}

const TEXT_CHARS_MAX = 20_000

/** The output styles of a place, read anew each time. A project's comes before the person's, and no file has a built-in name. */
export function styles(options: StylesOptions): Styles {
  const all = async (place: Place): Promise<readonly Style[]> => {
    const files = commandFiles(place.cwd, options, await options.plugins(place))
    const ofProject = files.filter(({ scope }) => scope === "project")
    const trusted = ofProject.length === 0 ? new Set<string>() : await options.trusted(place.cwd, ofProject)
    const usable = files.filter(({ scope, path }) => scope !== "project" || trusted.has(path))
    const found = new Map<string, Style>()
    for (const style of [...BUILT_IN_STYLES, ...usable.flatMap(styleOf)])
      if (!found.has(keyOf(style.name))) found.set(keyOf(style.name), style)
    return [...found.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1))
  }
  return {
    list: async (place) => (await all(place)).map(({ name, summary, scope }) => ({ name, summary, scope })),
    find: async (name, place) => (await all(place)).find((style) => keyOf(style.name) === keyOf(name)),
  }
}

const keyOf = (name: string) => name.toLowerCase()

function styleOf({ text, name, scope }: CommandFile): Style[] {
  const { fields = [], body = text.trim() } = frontmatter(text) ?? {}
  if (body === "") return []
  const said = (key: string) => {
    const value = fields.find((field) => field.key.toLowerCase() === key)?.value
    return typeof value === "string" && value !== "" ? value : undefined
  }
  const keeps = said("keep-coding-instructions") === "true"
  // A file's name has its plugin before it: what it calls itself is of that plugin, too.
  const called = `${name.slice(0, name.lastIndexOf(":") + 1)}${said("name") ?? name.slice(name.lastIndexOf(":") + 1)}`
  const summary = said("description") ?? ""
  return [{ name: called, summary, scope, text: body.slice(0, TEXT_CHARS_MAX), keepsCodingInstructions: keeps }]
}
