import { UsageError } from "../../usage.ts"

/** One thing that a script does to a program in a terminal. */
export type Step =
  | { readonly kind: "input"; readonly text: string }
  | { readonly kind: "drain"; readonly ms: number }
  | { readonly kind: "resize"; readonly columns: number; readonly rows: number }
  | { readonly kind: "close" }
  | { readonly kind: "kill" }

/** Reads `input-line:yes`, `drain:500`, `resize:100x30` … (SEMANTICS §23). Throws UsageError. */
export function stepOf(text: string): Step {
  const [, kind = "", rest = ""] = /^([a-z-]+)(?::(.*))?$/s.exec(text) ?? []
  // What is written goes to standard input, whether or not that is said.
  const said = rest.startsWith("stdin:") ? rest.slice("stdin:".length) : rest
  const [, columns = 0, rows = 0] = (/^(\d{1,3})x(\d{1,3})$/.exec(rest) ?? []).map(Number)
  if (kind === "input" && said !== "") return { kind: "input", text: said }
  if (kind === "input-line") return { kind: "input", text: `${said}\n` }
  if (kind === "drain" && /^\d{1,6}$/.test(rest)) return { kind: "drain", ms: Number(rest) }
  if (kind === "resize" && columns > 0 && rows > 0) return { kind: "resize", columns, rows }
  if ((kind === "close" || kind === "kill") && rest === "") return { kind }
  throw new UsageError(
    `--step ${text} is none: input:TEXT, input-line:TEXT, drain:MS, resize:COLUMNSxROWS, close or kill.`,
  )
}
