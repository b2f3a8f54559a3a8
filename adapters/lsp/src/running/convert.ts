import type { CodeRange, Diagnostic } from "@skein/core/ports"
import type { WireDiagnostic, WireRange } from "../wire/shapes.ts"

/** Of a file: nobody reads more, and a server may say anything. */
export const DIAGNOSTICS_MAX = 500
const MESSAGE_CHARACTERS_MAX = 2_000

/** The protocol counts from 0, we from 1; both in UTF-16 units. */
export function rangeOf(path: string, { start, end }: WireRange): CodeRange {
  return {
    path,
    line: start.line + 1,
    column: start.character + 1,
    lineEnd: end.line + 1,
    columnEnd: end.character + 1,
  }
}

export function diagnosticsOf(path: string, found: readonly WireDiagnostic[], source: string): readonly Diagnostic[] {
  return found.slice(0, DIAGNOSTICS_MAX).map((one) => ({
    range: rangeOf(path, one.range),
    severity: SEVERITIES[(one.severity ?? 1) - 1] ?? "error",
    message: one.message.slice(0, MESSAGE_CHARACTERS_MAX),
    source: (one.source ?? source).slice(0, 60).toLowerCase(),
    ...(one.code === undefined || one.code === null ? {} : { code: String(one.code).slice(0, 100) }),
  }))
}

/** `DiagnosticSeverity`, from 1. */
const SEVERITIES = ["error", "warning", "info", "hint"] as const

/** `SymbolKind`, from 1. */
export function symbolKind(kind: number): string {
  return SYMBOL_KINDS[kind - 1] ?? "symbol"
}

const SYMBOL_KINDS = (
  "file module namespace package class method property field constructor enum interface function variable constant " +
  "string number boolean array object key null enum-member struct event operator type-parameter"
).split(" ")
