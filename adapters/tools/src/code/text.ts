import { relative } from "node:path"
import type { CodeRange, Diagnostic } from "@skein/core/ports"
import { isWithin } from "@skein/protocol"

const MESSAGE_CHARACTERS_MAX = 400

/** `src/a.ts:3:10 error typescript 2322: Type …`, one line each, however many lines the message has. */
export function diagnosticLine(one: Diagnostic, cwd: string): string {
  const { range, severity, source, code, message } = one
  const said = onOneLine(message)
  const shown = said.length > MESSAGE_CHARACTERS_MAX ? `${said.slice(0, MESSAGE_CHARACTERS_MAX)} …` : said
  return `${placeText(range, cwd)} ${severity} ${source}${code === undefined ? "" : ` ${code}`}: ${shown}`
}

/** `src/a.ts:3:10`, from the session's folder. */
export function placeText({ path, line, column }: CodeRange, cwd: string): string {
  return `${shownPath(path, cwd)}:${line}:${column}`
}

export function shownPath(path: string, cwd: string): string {
  return onOneLine(isWithin(path, cwd) && path !== cwd ? relative(cwd, path) : path)
}

export function onOneLine(text: string): string {
  return text.replace(/\s*[\r\n\u2028\u2029]+\s*/g, " ").trim()
}

/** As many as may be told, and how many those were not. */
export function bounded(lines: readonly string[], most: number): readonly string[] {
  const more = lines.length - most
  return more > 0 ? [...lines.slice(0, most), `(${more} more)`] : lines
}

/** `2 errors, 1 warning`; undefined for none. */
export function countText(diagnostics: readonly Diagnostic[]): string | undefined {
  const said = (["error", "warning", "info", "hint"] as const).flatMap((severity) => {
    const count = diagnostics.filter((one) => one.severity === severity).length
    return count === 0 ? [] : [`${count} ${severity}${count === 1 ? "" : "s"}`]
  })
  return said.length === 0 ? undefined : said.join(", ")
}
