import { existsSync } from "node:fs"
import { join } from "node:path"
import type { GatheredSection, Place, PluginsPort, SourcesPort, StyleInfo, StylesPort } from "@skein/core/ports"
import { lazy } from "@skein/protocol"
import { projectOf } from "./locate.ts"
import type { HostRequest } from "./request.ts"
import { type ProjectFile, trustedFiles } from "./trusted-files.ts"
import type { Trusting } from "./trusting.ts"

interface Row {
  readonly folder: string
  readonly dialect: "claude"
  readonly plugin?: string | undefined
}

interface Style extends StyleInfo {
  readonly text: string
  readonly keepsCodingInstructions: boolean
}

/** What is used of the adapter that reads them. */
export interface StylesAdapter {
  styles(options: {
    readonly home: string
    readonly projectRows: readonly Row[]
    readonly ownRows: readonly Row[]
    readonly projectOf: (cwd: string) => string
    readonly trusted: (cwd: string, files: readonly ProjectFile[]) => Promise<ReadonlySet<string>>
    readonly plugins: (place: Place) => Promise<readonly Row[]>
  }): StylesPort & { find(name: string, place: Place): Promise<Style | undefined> }
}

export interface OutputStylesOptions {
  readonly load: { commands(): Promise<StylesAdapter> }
  readonly request: Pick<HostRequest, "home">
  readonly folders: { readonly config: string }
  readonly trust: Trusting
  /** Tells the person. */
  readonly warn: (sentence: string) => void
}

export interface OutputStyles {
  readonly port: StylesPort
  /** The same sources, with the text of the style that a session has. */
  styled<S extends SourcesPort>(sources: S): SourcesPort
}

/** Output styles: nothing is loaded before one is asked for. */
export function outputStylesOf(options: OutputStylesOptions, plugins: PluginsPort | undefined): OutputStyles {
  const { request, folders, trust, warn } = options
  const { home } = request
  const told = new Set<string>()
  const adapter = lazy(async () =>
    (await options.load.commands()).styles({
      ...{ home, projectOf, projectRows: PROJECT_ROWS },
      ownRows: [join(folders.config, "output-styles"), join(home, ".claude/output-styles")].map(rowOf),
      trusted: (cwd, files) => trustedFiles(cwd, files, trust),
      plugins: async (place) =>
        ((await plugins?.enabled(place)) ?? []).flatMap(({ name, outputStyles }) =>
          outputStyles.map((folder) => ({ ...rowOf(folder), plugin: name })),
        ),
    }),
  )
  return {
    port: { list: async (place) => (await adapter()).list(place) },
    styled: (sources) => ({
      ...sources,
      async gather(context) {
        const sections = await sources.gather(context)
        const { outputStyle, cwd } = context
        if (outputStyle === undefined || outputStyle === "default") return sections
        const style = await (await adapter()).find(outputStyle, { cwd })
        if (style !== undefined) return withStyle(sections, style)
        if (!told.has(`${cwd}\0${outputStyle}`)) warn(missingText(outputStyle, cwd))
        told.add(`${cwd}\0${outputStyle}`)
        return sections
      },
    }),
  }
}

const rowOf = (folder: string): Row => ({ folder, dialect: "claude" })
const PROJECT_ROWS = [".skein/output-styles", ".claude/output-styles"].map(rowOf)

function missingText(name: string, cwd: string): string {
  const isInProject = PROJECT_ROWS.some(({ folder }) => existsSync(join(projectOf(cwd), folder)))
  const cure = isInProject ? " If it is this folder's, trust it first: skein trust accept." : ""
  return `There is no output style ${JSON.stringify(name)} here, so the answers are as usual. /output-style lists them.${cure}`
}

/** Behind skein's instructions, which it takes a part of where it says so. */
function withStyle(sections: readonly GatheredSection[], style: Style): readonly GatheredSection[] {
  const text = `# Output style: ${style.name}\n${style.text}`
  const added = sectionOf("output_style", text)
  return sections.flatMap((section, at) => {
    const isInstructions = section.source === "instructions"
    const kept = isInstructions && !style.keepsCodingInstructions ? withoutWork(section) : section
    const isLast = isInstructions || (at === 0 && !sections.some(({ source }) => source === "instructions"))
    return isLast ? [kept, added] : [kept]
  })
}

/** What skein's instructions say of work and of answers. What they say of files and of safety stays whatever the style. */
const GIVING_WAY = /^# (?:Work|Answers)\n[\s\S]*?(?=^# |(?![\s\S]))/gm

function withoutWork({ source, text }: GatheredSection): GatheredSection {
  return sectionOf(source, text.replaceAll(GIVING_WAY, "").trimEnd())
}

function sectionOf(source: string, text: string): GatheredSection {
  const sha256 = Bun.CryptoHasher.hash("sha256", text, "hex")
  return { source, text, sha256, bytes: Buffer.byteLength(text) }
}
