import { findRipgrep, localFiles, tools } from "../../adapters/tools/src/index.ts"
import { noSessions } from "../../adapters/tools/test/session.ts"
import type { RunContext } from "../../packages/core/src/ports/index.ts"
import { fakeExec, fakeShell } from "../../packages/testkit/src/index.ts"

/** One search, by a tool and as a person would type it. */
export interface Search {
  readonly tool: string
  readonly input: object
  readonly args: readonly string[]
  readonly folder: string
}

export const ripgrep = findRipgrep("/nowhere/skein") ?? "rg"

const toolbox = tools({ files: localFiles(), exec: fakeExec({}), shell: fakeShell(), ripgrep: async () => ripgrep })

/** The least of each: what others of the machine do falls on no one. */
export async function fastest(rounds: number, search: Search) {
  const { mine, plain } = await times(rounds, search)
  return { ours: Math.min(...mine), theirs: Math.min(...plain) }
}

/** In turns, in an order of chance, after one of each that does not count. */
async function times(rounds: number, { tool, input, args, folder }: Search) {
  const ours = () => called(tool, input, folder)
  const theirs = () => typed(args, folder)
  const [mine, plain]: [number[], number[]] = [[], []]
  await ours()
  await theirs()
  for (let round = 0; round < rounds; round++) {
    const isFirst = Math.random() < 0.5
    if (isFirst) mine.push(await timed(ours))
    plain.push(await timed(theirs))
    if (!isFirst) mine.push(await timed(ours))
  }
  return { mine, plain }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await work()
  return performance.now() - begun
}

async function typed(args: readonly string[], cwd: string): Promise<void> {
  const child = Bun.spawn([ripgrep, "--no-config", ...args, "."], { cwd, stdio: ["ignore", "pipe", "ignore"] })
  await new Response(child.stdout).bytes()
  await child.exited
}

async function called(name: string, input: object, cwd: string): Promise<string> {
  const context: RunContext = {
    ...{ sessionId: "ses_a", callId: "cal_a", cwd, roots: [cwd], sandbox: "workspace-write", sessions: noSessions },
    askClient: () => Promise.reject(new Error("Nobody is asked")),
    ...{ observed: () => undefined, signal: new AbortController().signal, progress: () => undefined },
  }
  const { forModel } = await toolbox.run(await toolbox.plan(name, input, context), context)
  return forModel.map((block) => ("text" in block ? block.text : "")).join("")
}
