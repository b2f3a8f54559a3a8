import * as vscode from "vscode"
import { nameOf } from "./names.ts"

/** Bounds of what is sent unasked. */
const LINES_MAX = 400
const DIAGNOSTICS_MAX = 30

const SEVERITIES = ["error", "warning", "info", "hint"] as const

/** What the person looks at: their file, and the lines they chose, if any. */
export interface Looking {
  readonly document: vscode.TextDocument
  /** From 0, both included. */
  readonly lines?: { readonly first: number; readonly last: number } | undefined
}

/** Of the editor that is active, or was when the chat was gone into. */
export function lookingAt(editor: vscode.TextEditor | undefined): Looking | undefined {
  if (editor?.document.uri.scheme !== "file") return undefined
  const { document, selection } = editor
  if (selection.isEmpty) return { document }
  // A selection that ends before the first character of a line does not hold that line.
  const last =
    selection.end.character === 0 ? Math.max(selection.start.line, selection.end.line - 1) : selection.end.line
  return { document, lines: { first: selection.start.line, last } }
}

/** `src/a.ts, lines 3-7`, for the person. */
export function alongText(looking: Looking | undefined): string {
  if (looking?.lines === undefined) return ""
  return `${vscode.workspace.asRelativePath(looking.document.uri)}, ${placeOf(looking.lines)}`
}

/** What goes with a prompt: the chosen lines, and what the editor finds wrong. `cwd` is skein's, `diagnostics` the setting. */
export function partsOf(looking: Looking | undefined, cwd: string, diagnostics: string): string[] {
  if (looking === undefined) return []
  const { document, lines } = looking
  const isWanted = diagnostics === "file" || (diagnostics === "selection" && lines !== undefined)
  const found = isWanted ? diagnosticsPart(document.uri, cwd, lines) : undefined
  return [
    ...(lines === undefined ? [] : [selectionPart(document, cwd, lines)]),
    ...(found === undefined ? [] : [found]),
  ]
}

/** One line for one diagnostic of the file of this name. */
export function diagnosticLine(name: string, { range, severity, message, source }: vscode.Diagnostic): string {
  const place = `${name}:${range.start.line + 1}:${range.start.character + 1}`
  const text = message.replace(/\s+/g, " ").slice(0, 300)
  return `${place} ${SEVERITIES[severity]}: ${text}${source === undefined ? "" : ` (${source})`}`
}

type Lines = NonNullable<Looking["lines"]>

function placeOf({ first, last }: Lines): string {
  return first === last ? `line ${first + 1}` : `lines ${first + 1}-${last + 1}`
}

function selectionPart(document: vscode.TextDocument, cwd: string, lines: Lines): string {
  const last = Math.min(lines.last, lines.first + LINES_MAX - 1)
  const range = new vscode.Range(lines.first, 0, last, document.lineAt(last).text.length)
  const text = document.getText(range)
  const cut = last < lines.last ? `\nOnly the first ${LINES_MAX} lines are here.` : ""
  return `${nameOf(document.uri, cwd)}, ${placeOf(lines)}:\n${fenced(text, document.languageId)}${cut}`
}

/** A fence longer than any in the text. */
function fenced(text: string, language: string): string {
  let fence = "```"
  while (text.includes(fence)) fence += "`"
  return `${fence}${language}\n${text}\n${fence}`
}

function diagnosticsPart(uri: vscode.Uri, cwd: string, lines: Lines | undefined): string | undefined {
  const found = vscode.languages
    .getDiagnostics(uri)
    .filter(({ range: { start } }) => lines === undefined || (start.line >= lines.first && start.line <= lines.last))
    .toSorted((a, b) => a.severity - b.severity || a.range.start.line - b.range.start.line)
  if (found.length === 0) return undefined
  const shown = found.slice(0, DIAGNOSTICS_MAX).map((each) => diagnosticLine(nameOf(uri, cwd), each))
  const more = found.length > DIAGNOSTICS_MAX ? [`${found.length - DIAGNOSTICS_MAX} more.`] : []
  return ["The editor's diagnostics:", ...shown, ...more].join("\n")
}
