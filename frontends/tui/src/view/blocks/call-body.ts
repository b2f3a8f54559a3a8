import { languageOf } from "@skein/highlight"
import type { Line } from "@skein/term"
import type { CallBlock } from "../../transcript/block.ts"
import { diffLines } from "../diff/diff.ts"
import type { Look } from "../look.ts"
import { cited } from "../markdown/citations.ts"
import { breakAnywhere, tokenSpans } from "../markdown/code.ts"
import { behind, cutLine, GUTTER } from "../text/line.ts"
import { safeLine, safeLines } from "../text/safe.ts"
import { wrap } from "../text/wrap.ts"
import { stateOf } from "./call-state.ts"
import { imageRows } from "./images.ts"
import type { BlockDrawing } from "./view.ts"

/** What stands below a call's line: what runs now, what changed, why it failed, what a person has to know of it. */
export function callBody(block: CallBlock, drawing: BlockDrawing): Line[] {
  if (block.isPersons === true && block.isFinal) return personsLines(block, drawing)
  switch (stateOf(block)) {
    case "prepared":
    case "waiting":
      return []
    case "running":
      return paneLines(block, drawing)
    case "done":
      return [...resultLines(block, drawing), ...pictureRows(block, drawing), ...originLines(block, drawing)]
    case "failed":
      return [...failureLines(block, drawing), ...originLines(block, drawing)]
    case "refused":
    case "stopped":
      return reasonLines(block, drawing)
  }
}

/** What a person ran they want to read: all of it, or its end where that is long. Where it ran they know. */
function personsLines(block: CallBlock, drawing: BlockDrawing): Line[] {
  if (block.view === undefined || block.view.body.trim() === "") return []
  const lines = bodyLines(block, drawing)
  if (drawing.isExpanded || lines.length <= PERSONS_ROWS) return lines
  const { glyphs, theme } = drawing.look
  const more = `  ${glyphs.more} ${lines.length - PERSONS_ROWS} lines before`
  return [cutLine([{ text: more, style: theme.dim }], drawing.look.columns, glyphs.more), ...lines.slice(-PERSONS_ROWS)]
}

const PERSONS_ROWS = 40

/** The newest lines of what it says, each cut: nothing here is worth a second row. */
function paneLines({ preview = "" }: CallBlock, drawing: BlockDrawing): Line[] {
  const { paneRows = PANE_ROWS, isExpanded } = drawing
  const rows = isExpanded ? PANE_ROWS_MAX : Math.min(Math.max(paneRows, PANE_ROWS_MIN), PANE_ROWS_MAX)
  return newest(preview, rows).lines.map((text) => outputLine(text, drawing.look))
}

const PANE_ROWS = 5
const PANE_ROWS_MIN = 3
const PANE_ROWS_MAX = 8

/** The last lines that say something, and how many there were before them. */
function newest(text: string, rows: number): { readonly lines: readonly string[]; readonly before: number } {
  const said = text.split("\n").filter((line) => line.trim() !== "")
  const lines = said.slice(-rows).map((line) => safeLine(line.slice(-LINE_CHARS_MAX)))
  return { lines, before: said.length - lines.length }
}

/** A progress bar that rewrites its line is a line of many thousand characters. */
const LINE_CHARS_MAX = 4_000

function outputLine(text: string, { theme, glyphs, columns }: Look): Line {
  const line = [
    { text: `  ${glyphs.continued} `, style: theme.bar },
    { text, style: theme.dim },
  ]
  return cutLine(line, columns, glyphs.more)
}

function resultLines(block: CallBlock, drawing: BlockDrawing): Line[] {
  const { view, changes = [] } = block
  const { look, isExpanded, code, hint } = drawing
  const diffs = changes.flatMap(({ diff }) => (diff === undefined ? [] : [diff]))
  if (view?.kind === "diff" || diffs.length > 0) {
    const body = view?.kind === "diff" && view.body !== "" ? view.body : diffs.join("\n")
    return diffLines(body, look, { isExpanded, code, hint })
  }
  if (view?.kind === "drawing") return drawnLines(view.body, drawing)
  return isExpanded && view !== undefined && view.body !== "" ? bodyLines(block, drawing) : []
}

/** A drawing is there to be seen. Its rows are cut where they end, never broken: broken it shows nothing. */
function drawnLines(body: string, { look, isExpanded }: BlockDrawing): Line[] {
  const lines = safeLines(body.replace(/\n+$/, ""))
  const shown = isExpanded ? lines : lines.slice(0, DRAWN_ROWS)
  const more = lines.length - shown.length
  const rows = shown.map((text): Line => [{ text: `  ${text}` }])
  const rest: Line[] = more > 0 ? [[{ text: `  ${look.glyphs.more} ${more} more lines`, style: look.theme.dim }]] : []
  return [...rows, ...rest].map((line) => cutLine(line, look.columns, look.glyphs.more))
}

const DRAWN_ROWS = 40

/** All of what a person may see of it. */
function bodyLines({ view, title }: CallBlock, drawing: BlockDrawing): Line[] {
  const { look, code, linkOf } = drawing
  const { theme, glyphs } = look
  const columns = Math.max(look.columns - OUTPUT_COLUMNS, 1)
  const lines = safeLines((view?.body ?? "").replace(/\n+$/, ""))
  const language = view?.kind === "file" ? languageOf({ path: title, firstLine: lines[0] }) : undefined
  const tokens = language === undefined ? undefined : code?.highlighted(lines.join("\n"), language)
  return lines
    .flatMap((text, at): Line[] => {
      const colored = tokens?.[at]
      if (colored !== undefined) return breakAnywhere(tokenSpans(colored, theme), columns)
      return breakAnywhere(
        cited(text, undefined, view?.kind === "matches" || view?.kind === "listing" ? linkOf : undefined),
        columns,
      )
    })
    .map((line) => [{ text: `  ${glyphs.continued} `, style: theme.bar }, ...line])
}

const OUTPUT_COLUMNS = 4

/** Images that it gave the model. What they are is said by its own line. */
function pictureRows({ images = [] }: CallBlock, drawing: BlockDrawing): Line[] {
  const { theme, glyphs, columns } = drawing.look
  const rows = imageRows(images, Math.max(columns - OUTPUT_COLUMNS - GUTTER, 1), drawing)
  return behind(rows, `  ${glyphs.continued} `, theme.bar)
}

/** A failed command says why at its end; all others say why in a sentence. */
function failureLines(block: CallBlock, drawing: BlockDrawing): Line[] {
  const { view } = block
  const { look, isExpanded } = drawing
  if (view?.kind !== "command" || view.body.trim() === "") return reasonLines(block, drawing)
  if (isExpanded) return bodyLines(block, drawing)
  const { lines, before } = newest(view.body, FAILURE_ROWS)
  const more =
    before === 0 ? [] : [outputLine(`${look.glyphs.more} ${before} more line${before === 1 ? "" : "s"}`, look)]
  return [...more, ...lines.map((text) => outputLine(text, look))]
}

const FAILURE_ROWS = 6

/** Why it did not do what was asked, behind a bar. */
function reasonLines({ failure }: CallBlock, { look, isExpanded }: BlockDrawing): Line[] {
  if (failure === undefined || failure.text.trim() === "") return []
  const { theme, glyphs } = look
  const style = failure.isRefusal ? theme.text : theme.failed
  const columns = Math.max(look.columns - OUTPUT_COLUMNS, 1)
  const lines = safeLines(failure.text.trim()).flatMap((text) =>
    wrap([{ text, style: { ...style, isBold: undefined } }], columns),
  )
  const shown = isExpanded ? lines : lines.slice(0, REASON_ROWS)
  const more = shown.length < lines.length ? [[{ text: glyphs.more, style: theme.dim }]] : []
  return [...shown, ...more].map((line) => [{ text: `  ${glyphs.bar} `, style: theme.bar }, ...line])
}

const REASON_ROWS = 4

/** What a person has to know of a result before they trust what comes of it. */
function originLines({ isUntrusted, network = [], confinement }: CallBlock, { look }: BlockDrawing): Line[] {
  const { theme, glyphs } = look
  const reached = network.map(
    ({ host, port, decision }) => `${decision === "allowed" ? "reached" : "kept from"} ${safeLine(host)}:${port}`,
  )
  const facts = [
    ...(isUntrusted ? ["untrusted"] : []),
    ...(confinement === "none" ? ["no sandbox"] : []),
    ...reached.slice(0, HOSTS_MAX),
    ...(reached.length > HOSTS_MAX ? [`${reached.length - HOSTS_MAX} more hosts`] : []),
  ]
  if (facts.length === 0) return []
  const text = facts.join(` ${glyphs.separator} `)
  return [cutLine([{ text: "  " }, { text, style: theme.warning }], look.columns, glyphs.more)]
}

const HOSTS_MAX = 3
