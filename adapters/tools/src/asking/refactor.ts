import { type RunContext, ToolFailure } from "@skein/core/ports"
import * as z from "@skein/protocol/schema"
import { defineTool } from "../define.ts"
import type { Place } from "../files/place.ts"
import { askedFor } from "./ask.ts"
import { sourceAt, sourcesPlan } from "./sources.ts"

interface Input {
  readonly files: readonly string[]
  readonly goal?: string | undefined
  readonly dryRun: boolean
}

const FILES_MAX = 5
const FILE_CHARS_MAX = 40_000
const TIMEOUT_MS = 300_000

const Suggestions = () =>
  z.object({
    suggestions: z
      .array(
        z.object({
          title: z.string(),
          why: z.string(),
          edits: z.array(z.object({ path: z.string(), oldText: z.string().min(1), newText: z.string() })).max(30),
        }),
      )
      .max(10),
  })
type Suggestion = z.infer<ReturnType<typeof Suggestions>>["suggestions"][number]

/** What could be better in files without doing anything else; done only when that is asked for, by a call that is judged. */
export const refactor = defineTool<Input, readonly Place[]>({
  name: "refactor",
  description:
    "Have another model suggest how files could be better without behaving otherwise, each with exact edits. dryRun false makes " +
    "all of the edits at once by multiedit. Run the tests after.",
  summary: "another model suggests refactorings of files, with exact edits",
  input: () =>
    z.strictObject({
      files: z.array(z.string().min(1)).min(1).max(FILES_MAX),
      goal: z.string().max(2_000).optional().describe("What is to be better"),
      dryRun: z.boolean().default(true),
    }),
  kind: "read",
  needs: ["model"],
  effects: ["read"],
  timeoutMs: TIMEOUT_MS,
  title: ({ files, dryRun }) => `${dryRun ? "suggest refactorings of" : "refactor"} ${files.join(", ")}`,
  paths: ({ files }) => files,
  async plan({ files }, world, context) {
    const { places, ...planned } = await sourcesPlan(files, world, context)
    return { ...planned, prepared: places }
  },
  async run({ goal, dryRun }, world, context, places) {
    const sources = await Promise.all(places.map((place) => sourceAt(place, world, FILE_CHARS_MAX)))
    const wish = goal === undefined ? [] : [`<goal>\n${goal}\n</goal>`]
    const text = [...wish, ...sources.map((source) => `<file path="${source.place.shown}">\n${source.text}\n</file>`)]
    const asked = {
      task: "oracle",
      instructions: GUIDE,
      text: text.join("\n\n"),
      shape: Suggestions(),
      form: FORM,
    } as const
    const { suggestions } = await askedFor(asked, context)
    const known = new Set(places.map(({ shown }) => shown))
    const stranger = suggestions.flatMap(({ edits }) => edits).find(({ path }) => !known.has(path))
    if (stranger !== undefined)
      throw new ToolFailure(`The suggestions touch ${stranger.path}, which was not given. Nothing was done.`)
    const shown = suggestions.map(suggestionText).join("\n\n")
    const body = suggestions.length === 0 ? "Nothing to suggest." : shown
    const done = dryRun || suggestions.length === 0 ? undefined : await applied(suggestions, context)
    return {
      forModel: [{ type: "text", text: done === undefined ? body : `${done}\n\n${body}` }],
      forHuman: { kind: "text", body, summary: `${suggestions.length} suggestions` },
      provenance: { source: "another model's suggestions", isTrusted: false },
    }
  },
})

const FORM =
  '{"suggestions": [{"title": "…", "why": "…", "edits": [{"path": "src/a.ts", "oldText": "…", "newText": "…"}]}]}'

const GUIDE =
  "You suggest refactorings that change no behaviour: names, duplication, length, dead code, wrong boundaries. Few, and only where the code gets plainly better; none is a good answer. edits: oldText copied exactly from the file, with enough of it that it occurs once; newText in its place."

function suggestionText({ title, why, edits }: Suggestion): string {
  const changes = edits.map(
    ({ path, oldText, newText }) => `${path}\n<<<<<<<\n${oldText}\n=======\n${newText}\n>>>>>>>`,
  )
  return [`${title}: ${why}`, ...changes].join("\n")
}

/** All of them or none, by a call of its own, which is judged and shown like any other. */
async function applied(suggestions: readonly Suggestion[], { call }: RunContext): Promise<string> {
  const edits = suggestions.flatMap((suggestion) => suggestion.edits)
  const result = await call?.("multiedit", { edits })
  if (result === undefined) return "Nothing was changed: make these edits yourself with multiedit."
  const said = result.forModel.flatMap((block) => (block.type === "text" ? [block.text] : [])).join("\n")
  return result.outcome === "success" ? said : `Nothing was changed: ${said}`
}
