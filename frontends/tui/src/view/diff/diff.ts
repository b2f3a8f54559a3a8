import type { Line } from "@skein/term"
import type { Look } from "../look.ts"
import type { CodeLook } from "../markdown/context.ts"
import { cutLine, within } from "../text/line.ts"
import { safeLine } from "../text/safe.ts"
import { cutMiddle, widthOf } from "../text/width.ts"
import { type FileDiff, parseDiff } from "./parse.ts"
import { type Row, rowsOf } from "./rows.ts"
import { splitRows } from "./split.ts"
import { unifiedRow } from "./unified.ts"

/** How much of a diff is shown. */
export interface DiffOptions {
  /** All hunks with what stands around them. Otherwise what changed in the first, and how much more there is. */
  readonly isExpanded: boolean
  readonly code?: CodeLook | undefined
  /** What is said behind the count of what is folded: a key that unfolds it. */
  readonly hint?: string | undefined
  /** Names each file above its changes; else only where there are several or something other than its text changed. */
  readonly hasNames?: boolean | undefined
  /** Hunks are numbered, from this on, where a person chooses by number. */
  readonly hunksFrom?: number | undefined
}

/** A unified diff behind a bar: numbers, signs, changed words; two columns where there is room for them. */
export function diffLines(diff: string, look: Look, options: DiffOptions): Line[] {
  const files = parseDiff(diff)
  const columns = Math.max(look.columns - GUTTER - BAR_COLUMNS, 1)
  const shown = options.isExpanded ? files : files.slice(0, 1)
  const hunkCounts = shown.map(({ hunks }) => hunks.length)
  const lines = shown.flatMap((file, at) => [
    ...(at > 0 ? [[]] : []),
    ...(needsName(file, files, options) ? [nameLine(file, columns, look)] : []),
    ...bodyLines(file, columns, look, {
      ...options,
      hunksFrom: options.hunksFrom && hunkCounts.slice(0, at).reduce((sum, count) => sum + count, options.hunksFrom),
    }),
  ])
  const folded = options.isExpanded ? [] : foldedLines(files, look, options)
  const bar = look.columns > GUTTER + BAR_COLUMNS ? [{ text: `  ${look.glyphs.bar}`, style: look.theme.bar }] : []
  return within(
    [...lines, ...folded].map((line) => [...bar, ...cutLine(line, columns, look.glyphs.more)]),
    look.columns,
    look.glyphs.more,
  )
}

const GUTTER = 2
const BAR_COLUMNS = 1
const SPLIT_COLUMNS_MIN = 120
/** Of the first hunk; a change of more lines is looked at on purpose. */
const FOLDED_ROWS_MAX = 8

function needsName(file: FileDiff, files: readonly FileDiff[], { hasNames }: DiffOptions): boolean {
  return hasNames ?? (files.length > 1 || file.kind === "renamed" || file.kind === "deleted" || file.isBinary)
}

/** `src/new.ts  renamed from src/old.ts` */
function nameLine(file: FileDiff, columns: number, { theme, glyphs }: Look): Line {
  const from = file.pathBefore === undefined ? "" : ` from ${safeLine(file.pathBefore)}`
  const facts = [`${KINDS[file.kind]}${from}`, file.isBinary ? "binary" : ""].filter((fact) => fact !== "").join(", ")
  const shownFacts = cutMiddle(facts, columns >> 1, glyphs.more)
  const name = cutMiddle(safeLine(file.path), columns - GUTTER * 2 - widthOf(shownFacts), glyphs.more)
  return [
    { text: `  ${name}`, style: theme.strong },
    ...(facts === "" ? [] : [{ text: `  ${shownFacts}`, style: theme.dim }]),
  ]
}

const KINDS: Readonly<Record<FileDiff["kind"], string>> = {
  changed: "",
  added: "new",
  deleted: "deleted",
  renamed: "renamed",
}

function bodyLines(file: FileDiff, columns: number, look: Look, { isExpanded, code, hunksFrom }: DiffOptions): Line[] {
  const hunks = isExpanded ? file.hunks : file.hunks.slice(0, 1)
  const rows = hunks.map((hunk) => rowsOf(hunk, file, look.theme, code))
  const shown = isExpanded ? rows : rows.map(onlyChanged)
  const digits = String(
    Math.max(0, ...rows.flat().map(({ oldNumber = 0, newNumber = 0 }) => Math.max(oldNumber, newNumber))),
  ).length
  const draw = look.columns >= SPLIT_COLUMNS_MIN && hasTwoSides(file) ? splitRows : unifiedRows
  return [
    ...shown.flatMap((each, at) => [
      ...(hunksFrom !== undefined
        ? [foldLine(` hunk ${hunksFrom + at}`, digits, look)]
        : at > 0
          ? [foldLine("", digits, look)]
          : []),
      ...draw(each, digits, columns, look),
    ]),
    ...file.notes.map((note) => [{ text: `  ${safeLine(note)}`, style: look.theme.dim }]),
  ]
}

function unifiedRows(rows: readonly Row[], digits: number, columns: number, look: Look): Line[] {
  return rows.map((row) => unifiedRow(row, digits, columns, look))
}

function onlyChanged(rows: readonly Row[]): Row[] {
  return rows.filter(({ sign }) => sign !== " ").slice(0, FOLDED_ROWS_MAX)
}

/** Of what was only added, or only taken away, one column would be empty. */
function hasTwoSides({ hunks }: FileDiff): boolean {
  const signs = new Set(hunks.flatMap(({ lines }) => lines.map(({ sign }) => sign)))
  return signs.has("-") && signs.has("+")
}

/** What there is besides what is shown. */
function foldedLines(files: readonly FileDiff[], look: Look, { hint }: DiffOptions): Line[] {
  const [first] = files
  if (first === undefined) return []
  const changed = first.hunks[0]?.lines.filter(({ sign }) => sign !== " ").length ?? 0
  const facts = [
    counted(Math.max(changed - FOLDED_ROWS_MAX, 0), "line"),
    counted(Math.max(first.hunks.length - 1, 0), "hunk"),
    counted(files.length - 1, "file"),
  ].filter((fact) => fact !== undefined)
  if (facts.length === 0) return []
  return [
    foldLine(` ${facts.join(", ").replace(/^(\d+)/, "$1 more")}${hint === undefined ? "" : `   (${hint})`}`, 4, look),
  ]
}

function counted(count: number, name: string): string | undefined {
  return count === 0 ? undefined : `${count} ${name}${count === 1 ? "" : "s"}`
}

function foldLine(text: string, digits: number, { glyphs, theme }: Look): Line {
  return [{ text: `${" ".repeat(Math.max(digits, 4) + 3)}${glyphs.more}${text}`, style: theme.dim }]
}
