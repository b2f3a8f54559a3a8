import type { Io } from "../io.ts"

/** How one command of git ended. */
export interface Acted {
  readonly code: number
  /** Both streams, as they came. */
  readonly said: string
}

/** Runs git as the person themselves would, hooks and signing included: only for what they were shown and said yes to. */
export async function gitAct(
  argv: readonly string[],
  { io, cwd, stdin }: { readonly io: Io; readonly cwd: string; readonly stdin?: string | undefined },
): Promise<Acted> {
  const child = Bun.spawn(["git", ...argv], {
    ...{ cwd, env: { ...io.env, GIT_PAGER: "cat", GIT_TERMINAL_PROMPT: io.isInputTerminal ? "1" : "0" } },
    // An editor that nobody sees would be waited for without end.
    ...(io.isInputTerminal
      ? {}
      : { env: { ...io.env, GIT_PAGER: "cat", GIT_TERMINAL_PROMPT: "0", GIT_EDITOR: "true" } }),
    stdin: stdin === undefined ? "inherit" : Buffer.from(stdin),
    ...{ stdout: "pipe", stderr: "pipe" },
  })
  const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited])
  return { code, said: `${out}${err}`.trimEnd() }
}
