import { type InputPart, SkeinError } from "@skein/protocol"
import type { Flags } from "../flags.ts"
import type { Io, Patience } from "../io.ts"
import { imagesOf } from "../session/prompt.ts"
import { UsageError } from "../usage.ts"

/** What `exec` is to do with which thread. */
export interface ExecCall {
  readonly which: { readonly kind: "new" } | ({ readonly isFork: boolean } & ExecThread)
  /** The prompt's words; `-` alone is stdin. */
  readonly words: readonly string[]
}

/** The thread to go on with. */
export type ExecThread = { readonly kind: "last" } | { readonly kind: "named"; readonly name: string }

/** Reads the words: a prompt, or `resume` or `fork` with an id, a name, or `--last` before the prompt. */
export function execCall(words: readonly string[], rest: readonly string[], flags: Flags): ExecCall {
  const [first, ...others] = words
  if (first !== "resume" && first !== "fork") return { which: { kind: "new" }, words: [...words, ...rest] }
  const isFork = first === "fork"
  if (flags.has("last")) return { which: { kind: "last", isFork }, words: [...others, ...rest] }
  const [name, ...prompt] = others
  if (name === undefined) throw new UsageError("Which session? Give its id or its name, or --last for the newest.")
  return { which: { kind: "named", name, isFork }, words: [...prompt, ...rest] }
}

/**
 * The prompt, with what was piped in behind it. Stdin is read to its end before anything else is done, because a caller
 * that still writes to a program that has ended may itself be ended by it.
 */
export async function execPrompt(words: readonly string[], io: Io): Promise<string> {
  const said = words.join(" ")
  const isFromInput = said === "-" || said === ""
  if (!isFromInput) {
    const onSilence = () =>
      io.err(`Nothing came on stdin for ${SILENCE_MS / 1_000} s, so the prompt goes out without it.`)
    const piped = await piece(io, "Reading additional input from stdin...", { ms: SILENCE_MS, onSilence })
    return piped === undefined ? said : `${said}\n\n<stdin>\n${piped.replace(/\n$/, "")}\n</stdin>`
  }
  if (said === "" && io.isInputTerminal) {
    throw new SkeinError(
      "op.invalid",
      "No prompt provided. Either specify one as an argument or pipe the prompt into stdin.",
    )
  }
  const text = await piece(io, said === "" ? "Reading prompt from stdin..." : undefined)
  if (text === undefined) throw new SkeinError("op.invalid", "No prompt provided via stdin.")
  return text
}

/** Images come before the text. Throws SkeinError for a file that cannot be shown. */
export function execInput(prompt: string, flags: Flags, io: Io): readonly InputPart[] {
  try {
    return [...imagesOf(flags, io), { type: "text", text: prompt }]
  } catch (cause) {
    if (cause instanceof UsageError) throw new SkeinError("op.invalid", cause.message, { cause })
    throw cause
  }
}

/** Programs that start others often leave a pipe open on stdin and never write to it. */
const SILENCE_MS = 3_000

async function piece(io: Io, note: string | undefined, patience?: Patience): Promise<string | undefined> {
  const text = await io.readInput(patience)
  if (text === undefined) return undefined
  if (note !== undefined) io.err(note)
  return text.trim() === "" ? undefined : text
}
