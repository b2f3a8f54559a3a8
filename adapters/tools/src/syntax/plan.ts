import { type PlanContext, ToolFailure } from "@skein/core/ports"
import type { Node } from "web-tree-sitter"
import type { Planned, ToolWorld } from "../define.ts"
import { lineAt, linesOf } from "../edit/lines.ts"
import { currentFile, type PreparedChange, planChange, refuseStale } from "../files/change.ts"
import { refuseMarks } from "../files/marks.ts"
import { placeOf } from "../files/place.ts"
import { spliceBytes } from "../files/splice.ts"
import { decodeText } from "../files/text.ts"
import { countOf } from "../search/glob.ts"
import { planSearch, type Scope } from "../search/scope.ts"
import { FILES_MAX, filesWith } from "./files.ts"
import { SYNTAX_NAMES, type SyntaxLanguage, syntaxNamed, syntaxOf } from "./languages.ts"
import { matchesIn } from "./match.ts"
import { type CompiledPattern, compilePattern } from "./pattern.ts"
import { type SyntaxReader, syntaxReader } from "./reader.ts"
import { checkRewrite, rewritten } from "./rewrite.ts"

export interface SyntaxEdit {
  readonly pattern: string
  readonly rewrite?: string | undefined
  readonly path: string
  readonly language?: string | undefined
  readonly dryRun: boolean
}

export interface Found {
  readonly scope: Scope
  readonly language: SyntaxLanguage
  /** Places in order, `src/a.ts:12: the first line of what stands there`. */
  readonly places: readonly string[]
  readonly matches: number
  readonly files: number
  readonly changes: readonly PreparedChange[]
  /** What was not looked at, in sentences. */
  readonly notes: readonly string[]
}

/** Finds a pattern in files and works out what they become. Throws ToolFailure for what cannot be read. */
export async function planSyntaxEdit(
  input: SyntaxEdit,
  world: ToolWorld,
  context: PlanContext,
): Promise<Planned<Found>> {
  const searched = await planSearch(input.path, world, context)
  const language = languageFor(input, searched.prepared)
  const reader = await syntaxReader(language)
  const pattern = compilePattern(input.pattern, language, reader)
  if (input.rewrite !== undefined) checkRewrite(input.rewrite, pattern.names)
  const found = await findAll({ input, language, reader, pattern, scope: searched.prepared }, world, context)
  if (input.dryRun || input.rewrite === undefined || found.plans.length === 0) {
    const prepared = { ...found.found, changes: found.plans.map((plan) => plan.prepared) }
    return { effects: searched.effects, actions: searched.actions, prepared }
  }
  return {
    effects: found.plans.flatMap(({ effects }) => effects),
    actions: found.plans.flatMap(({ actions }) => actions),
    fingerprint: found.plans.map(({ fingerprint }) => fingerprint).join("\n"),
    prepared: { ...found.found, changes: found.plans.map(({ prepared }) => prepared) },
  }
}

function languageFor({ language, path }: SyntaxEdit, scope: Scope): SyntaxLanguage {
  const found = language === undefined ? syntaxOf(scope.file ?? "") : syntaxNamed(language)
  if (found !== undefined) return found
  const what =
    language === undefined ? `${path} does not tell its language: name it` : `There is no language ${language}`
  throw new ToolFailure(`${what}. The languages are ${SYNTAX_NAMES.join(", ")}.`)
}

interface Search {
  readonly input: SyntaxEdit
  readonly language: SyntaxLanguage
  readonly reader: SyntaxReader
  readonly pattern: CompiledPattern
  readonly scope: Scope
}

const FILE_BYTES_MAX = 2_000_000
const PLACES_MAX = 200

async function findAll(search: Search, world: ToolWorld, context: PlanContext) {
  const { language, pattern, scope, input } = search
  const { paths, end } = await filesWith(pattern.word, language.extensions, scope, world, context)
  const plans: Planned<PreparedChange>[] = []
  const places: string[] = []
  const late: string[] = []
  let [matches, files] = [0, 0]
  for (const path of paths) {
    context.signal.throwIfAborted()
    // Reading code holds everything else up: others have their turn between two files.
    await new Promise((resolve) => setImmediate(resolve))
    const one = await findIn(path, search, world, context)
    if (one === "late") late.push(path)
    if (one === "late" || one.count === 0) continue
    matches += one.count
    files += 1
    places.push(...one.places.slice(0, PLACES_MAX - places.length))
    if (one.plan !== undefined) plans.push(one.plan)
  }
  const notes = [
    ...(end.how === "cut" ? [`Only the first ${FILES_MAX} files were looked at; narrow path.`] : []),
    ...(end.how === "late" ? ["Not all files were looked at in time; narrow path."] : []),
    ...(late.length > 0 ? [`Too large or too slow to be read: ${late.slice(0, 20).join(", ")}.`] : []),
    ...(input.rewrite !== undefined && matches > 0 && plans.length === 0 ? ["They already read as rewritten."] : []),
  ]
  return { plans, found: { scope, language, places, matches, files, notes } }
}

interface FoundIn {
  readonly count: number
  readonly places: readonly string[]
  readonly plan: Planned<PreparedChange> | undefined
}

async function findIn(
  path: string,
  { input: { rewrite }, reader, pattern }: Search,
  world: ToolWorld,
  context: PlanContext,
): Promise<FoundIn | "late"> {
  const place = await placeOf(path, world, context)
  const stat = await world.files.stat(place.path)
  if (stat === undefined || stat.bytes > FILE_BYTES_MAX) return "late"
  const before = await currentFile(place, world)
  const file = before === null ? undefined : decodeText(before.bytes)
  if (before === null || file === undefined) return { count: 0, places: [], plan: undefined }
  const found = reader.read(file.text, (root: Node) => matchesIn(root, pattern))
  if (found === undefined) return "late"
  const lines = linesOf(file.text)
  const places = found.map(({ start }) => {
    const line = lineAt(lines, start)
    return `${place.shown}:${line}: ${lines.texts[line - 1]?.trim().slice(0, 160) ?? ""}`
  })
  if (rewrite === undefined || found.length === 0) return { count: found.length, places, plan: undefined }
  refuseMarks([rewrite], before.bytes, place.shown)
  await refuseStale(place, before, world, context)
  const splices = found.map((match) => ({
    ...{ start: match.start, end: match.end, lineEnd: file.lineEnd },
    text: rewritten(file.text, match, rewrite),
  }))
  const after = spliceBytes(before.bytes, file, splices)
  const isSame = Buffer.from(before.bytes).equals(after)
  const plan = isSame ? undefined : await planChange(place, before, after, `${countOf(found.length, "place")}.`)
  return { count: found.length, places, plan }
}
