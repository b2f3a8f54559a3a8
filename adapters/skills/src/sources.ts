import type { GatheredSection, SourceContext, SourcesPort } from "@skein/core/ports"
import type { Instructions } from "@skein/protocol"
import { environmentText } from "./environment/environment.ts"
import { changedFiles } from "./files/changed.ts"
import type { RefusedFile } from "./files/collect.ts"
import { findAtStart, findTouched } from "./files/find.ts"
import { type FileSection, fitted, fittedNested, section } from "./files/sections.ts"
import { COMPACT_INSTRUCTIONS, INSTRUCTIONS } from "./instructions.ts"

export interface SourcesOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home: string
  /** skein's own configuration folder: where the person's global AGENTS.md is. */
  readonly configDir: string
  readonly now: () => number
  /** Read when the context is gathered: `text` stands for our own instructions, `append` follows them. */
  readonly instructions?:
    | (() => { readonly text?: string | undefined; readonly append?: string | undefined })
    | undefined
  /** Further instruction files of a session in this folder. Absolute. */
  readonly extraFilesFor: (cwd: string) => readonly string[]
  /** False leaves the instruction files of a folder's project unread; the person's own are read all the same. */
  readonly isLoadingProjectFiles: (cwd: string) => boolean
}

export interface Sources extends SourcesPort {
  /** What `gather` gives here and now, with the reasons: why each section is there, and what was left out. */
  report(context: SourceContext): SourcesReport
}

export interface SourcesReport {
  readonly sections: readonly ReportedSection[]
  /** Files that were there or asked for and are not before the model. */
  readonly refused: readonly RefusedFile[]
}

export interface ReportedSection extends GatheredSection {
  readonly why: string
}

/** Of all instruction files, where room is short: with the compact instructions and tools that stays below 3,000 tokens. */
const COMPACT_BYTES = 4_000

/** What the model sees before the conversation, stable parts first. */
export function sources(options: SourcesOptions): Sources {
  const report = (context: SourceContext): SourcesReport => {
    const found = findAtStart(context, options)
    const isCompact = context.profile === "compact"
    const files = isCompact ? fitted(found.files, COMPACT_BYTES) : fitted(found.files)
    const environment = section("environment", environmentText(context, options))
    return {
      sections: [
        ...instructions({ ...options.instructions?.(), ...context.instructions }, isCompact),
        ...files.sections,
        { ...environment, why: "where the session works" },
      ],
      refused: [...found.refused, ...files.refused],
    }
  }
  const changed = changedFiles(options.now)
  return {
    report,
    async gather(context) {
      return report(context).sections.map(withoutReason)
    },
    async touched(paths, context) {
      if (!options.isLoadingProjectFiles(context.cwd)) return []
      return fittedNested(findTouched(paths, context, options.extraFilesFor(context.cwd)).files).sections.map(
        withoutReason,
      )
    },
    changed: async (seen, { cwd }) => changed(seen, cwd),
  }
}

/** What a session's own client says of it stands above what the program was started with. */
function instructions({ text, append }: Instructions, isCompact: boolean): ReportedSection[] {
  const texts = [text ?? (isCompact ? COMPACT_INSTRUCTIONS : INSTRUCTIONS), append].filter(
    (part) => part !== undefined && part !== "",
  )
  if (texts.length === 0) return []
  const own = isCompact ? "skein's own, short" : "skein's own"
  const why = text === undefined ? (append === undefined ? own : `${own}, with more`) : "given by the client"
  return [{ ...section("instructions", texts.join("\n\n")), why }]
}

function withoutReason({ why: _, ...gathered }: ReportedSection | FileSection): GatheredSection {
  return gathered
}
