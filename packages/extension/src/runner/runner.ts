import { defineExtension, defineTool } from "../index.ts"
import { CANCEL, type ProgramPlan, READY } from "../wire.ts"
import { declarationsOf, extensionIn } from "./declared.ts"
import { peer } from "./peer.ts"
import { answers } from "./serve.ts"

interface Streams {
  /** Without their ends. */
  readonly lines: AsyncIterable<string>
  write(line: string): void
}

/**
 * The process of one extension: loads its module, says what that declares, and answers until its input ends. It runs confined;
 * what this code does holds nothing back, it only speaks for the module. Resolves with the exit code.
 */
export async function runExtension(plan: ProgramPlan, streams: Streams): Promise<number> {
  // What a module prints is no message.
  for (const name of ["log", "info", "debug", "table", "dir"] as const) console[name] = console.error
  provideApi()
  const line = peer(streams.write)
  try {
    const extension = extensionIn(await import(plan.file))
    line.tell(READY, { declarations: declarationsOf(extension) })
    const answer = answers(extension, plan, line)
    for await (const text of streams.lines) line.take(text, answer, CANCEL)
    return 0
  } catch (error) {
    line.tell(READY, { error: whyOf(error) })
    return 1
  }
}

/** With the place in the module, where it is known. */
function whyOf(error: unknown): string {
  const [first = error] = error instanceof AggregateError ? error.errors : []
  if (!(first instanceof Error)) return String(first)
  const position =
    "position" in first ? (first.position as { readonly file: string; readonly line: number } | null) : null
  const place =
    position === null ? /\(?(\/[^()\s]+:\d+):\d+/.exec(first.stack ?? "")?.[1] : `${position.file}:${position.line}`
  return place === undefined ? first.message : `${first.message} (${place})`
}

/** `import … from "@skein/extension"` finds the API wherever the module lies. */
function provideApi(): void {
  Bun.plugin({
    name: "skein",
    setup(build) {
      build.module("@skein/extension", () => ({ exports: { defineExtension, defineTool }, loader: "object" }))
    },
  })
}
