import type { Op } from "@skein/protocol"

/** What a line that begins with `!` asks for. */
export type ShellLine = Pick<Op<"shell.run">, "command" | "isPrivate">

/**
 * `!command` runs it, `!!command` without telling the model. Only what is typed: text that is piped in may begin with
 * anything, and was written by whoever.
 */
export function shellLine(text: string): ShellLine | undefined {
  const [, mark = "", command = ""] = /^(!!?)\s*(\S[\s\S]*)$/.exec(text.trimStart()) ?? []
  return command === "" ? undefined : { command, isPrivate: mark === "!!" }
}
